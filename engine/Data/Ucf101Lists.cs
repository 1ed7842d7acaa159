using System.Globalization;

namespace Repro.Engine.Data;

/// <summary>UCF-101's official list of classes and its three splits into training and test
/// clips.</summary>
public sealed class Ucf101Lists
{
    private const int Splits = 3;

    private readonly IReadOnlyList<Ucf101Clip>[] train;
    private readonly IReadOnlyList<Ucf101Clip>[] test;

    private Ucf101Lists(
        IReadOnlyList<string> classes, IReadOnlyList<Ucf101Clip>[] train,
        IReadOnlyList<Ucf101Clip>[] test)
    {
        Classes = classes;
        this.train = train;
        this.test = test;
    }

    /// <summary>The names of the classes; class c is at index c − 1.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The training clips of a split, in the list's order.</summary>
    /// <param name="split">1, 2 or 3.</param>
    public IReadOnlyList<Ucf101Clip> Train(int split) => train[Checked(split) - 1];

    /// <summary>The test clips of a split, in the list's order.</summary>
    /// <param name="split">1, 2 or 3.</param>
    public IReadOnlyList<Ucf101Clip> Test(int split) => test[Checked(split) - 1];

    /// <summary>All clips, by class and then by name.</summary>
    public IReadOnlyList<Ucf101Clip> Clips() =>
        [.. Train(1).Concat(Test(1)).OrderBy(c => c.Class)
            .ThenBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>Reads the lists, verified, from a store's folder.</summary>
    /// <exception cref="DataException">They are absent or not the right ones.</exception>
    public static Ucf101Lists Load(DataStore store)
    {
        IReadOnlyList<string> paths = store.Require(Catalogue.Ucf101Lists);
        return Read(Path.GetDirectoryName(paths[0])!);
    }

    /// <summary>Reads classInd.txt, trainlist01.txt, testlist01.txt, … of a folder.</summary>
    /// <param name="folder">The folder; the lists' lines end with LF or CRLF.</param>
    /// <exception cref="DataException">A list is absent (Missing) or breaks its form: a class
    /// that is not numbered in order, a clip without a known class or named twice in a split
    /// (Malformed). The message names the file and the line.</exception>
    public static Ucf101Lists Read(string folder)
    {
        List<string> classes = ReadClasses(Path.Combine(folder, "classInd.txt"));
        Dictionary<string, int> numbers = [];
        for (int i = 0; i < classes.Count; i++)
        {
            numbers.Add(classes[i], i + 1);
        }

        var train = new IReadOnlyList<Ucf101Clip>[Splits];
        var test = new IReadOnlyList<Ucf101Clip>[Splits];
        for (int split = 1; split <= Splits; split++)
        {
            HashSet<string> seen = [];
            train[split - 1] = ReadClips(
                Path.Combine(folder, $"trainlist0{split}.txt"), numbers, seen, true);
            test[split - 1] = ReadClips(
                Path.Combine(folder, $"testlist0{split}.txt"), numbers, seen, false);
        }

        return new Ucf101Lists(classes, train, test);
    }

    private static List<string> ReadClasses(string path)
    {
        TextLines lines = new(path, "UCF-101 class list");
        List<string> classes = [];
        for (int i = 0; i < lines.All.Count; i++)
        {
            string[] parts = lines.All[i].Split(' ');
            if (parts.Length != 2 || parts[0] != Text(i + 1) || parts[1].Length == 0
                || classes.Contains(parts[1]))
            {
                throw lines.Malformed(i, $"\"{i + 1} NAME\" with a new name");
            }

            classes.Add(parts[1]);
        }

        return classes;
    }

    private static List<Ucf101Clip> ReadClips(
        string path, Dictionary<string, int> numbers, HashSet<string> seen, bool numbered)
    {
        TextLines lines = new(path, "UCF-101 split list");
        List<Ucf101Clip> clips = [];
        for (int i = 0; i < lines.All.Count; i++)
        {
            string[] parts = lines.All[i].Split(' ');
            string folder = parts[0].Split('/')[0];
            if (parts.Length != (numbered ? 2 : 1) || !numbers.TryGetValue(folder, out int type)
                || (numbered && parts[1] != Text(type))
                || Ucf101Clip.Parse(parts[0], type) is not { } clip)
            {
                throw lines.Malformed(i, "\"CLASS/v_NAME_gGG_cCC.avi"
                    + $"{(numbered ? " NUMBER" : "")}\" with a class of the class list"
                    + (numbered ? " and its number" : ""));
            }

            if (!seen.Add(clip.Name))
            {
                throw lines.Malformed(i, "a clip that this split has not named before");
            }

            clips.Add(clip);
        }

        return clips;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Checked(int split) => split is >= 1 and <= Splits
        ? split
        : throw new ArgumentOutOfRangeException(nameof(split), split, "use 1, 2 or 3");
}
