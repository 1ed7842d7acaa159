using System.Globalization;
using System.Text;

namespace Repro.Engine.Data;

/// <summary>A row of the pack's index.</summary>
/// <param name="VideoId">The source's number of the clip, from 1: its place among all clips by
/// class and name; "v_000146" is 146.</param>
/// <param name="Clip">The clip.</param>
/// <param name="IsTraining">Whether it is in split 1's training part.</param>
internal sealed record Ucf101Row(int VideoId, Ucf101Clip Clip, bool IsTraining)
{
    private const string Heading = "row\tvideo_id\tclass\tsplit01(1=train,2=test)\tofficial_name";

    /// <summary>The source's name of the clip: "v_000146".</summary>
    public string VideoName => $"v_{VideoId.ToString("D6", CultureInfo.InvariantCulture)}";

    /// <summary>The rows of some classes.</summary>
    /// <param name="lists">The official lists.</param>
    /// <param name="first">First class.</param>
    /// <param name="last">Last class.</param>
    public static IReadOnlyList<Ucf101Row> Of(Ucf101Lists lists, int first, int last)
    {
        HashSet<string> training = [.. lists.Train(1).Select(c => c.Name)];
        return [.. lists.Clips()
            .Select((clip, i) => new Ucf101Row(i + 1, clip, training.Contains(clip.Name)))
            .Where(row => row.Clip.Class >= first && row.Clip.Class <= last)];
    }

    /// <summary>The bytes of an index.</summary>
    public static byte[] ToBytes(IReadOnlyList<Ucf101Row> rows)
    {
        StringBuilder text = new(Heading + "\n");
        for (int i = 0; i < rows.Count; i++)
        {
            text.Append(Line(i, rows[i])).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads an index.</summary>
    /// <exception cref="DataException">Missing, or Malformed naming the line.</exception>
    public static IReadOnlyList<Ucf101Row> ReadAll(string path)
    {
        TextLines lines = new(path, "UCF-101 index");
        if (lines.All.Count == 0 || lines.All[0] != Heading)
        {
            throw lines.Malformed(0, "the heading \"row, video_id, class, split01, …\"");
        }

        List<Ucf101Row> rows = [];
        for (int i = 1; i < lines.All.Count; i++)
        {
            string[] parts = lines.All[i].Split('\t');
            int video = 0;
            int type = 0;
            if (parts.Length != 5 || !parts[1].StartsWith("v_", StringComparison.Ordinal)
                || !Parse(parts[1][2..], out video) || !Parse(parts[2], out type)
                || parts[3] is not ("1" or "2")
                || Ucf101Clip.Parse(parts[4], type) is not { } clip
                || Line(i - 1, new Ucf101Row(video, clip, parts[3] == "1")) != lines.All[i])
            {
                throw lines.Malformed(i, $"row {i - 1}: five columns with row, video, class, "
                    + "1 or 2, and the official name");
            }

            rows.Add(new Ucf101Row(video, clip, parts[3] == "1"));
        }

        return rows;
    }

    private static string Line(int row, Ucf101Row of) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row}\t{of.VideoName}\t{of.Clip.Class}\t{(of.IsTraining ? 1 : 2)}\t{of.Clip.Name}");

    private static bool Parse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
