using System.Globalization;

namespace Repro.Engine.Data;

/// <summary>A video clip of UCF-101.</summary>
/// <param name="Name">Official name: "ApplyLipstick/v_ApplyLipstick_g01_c01.avi".</param>
/// <param name="Class">Official number of its class, from 1.</param>
/// <param name="Group">Group of clips from one source, 1–25; a group lies in one part of a split.
/// </param>
/// <param name="Number">Number within its group, from 1.</param>
public sealed record Ucf101Clip(string Name, int Class, int Group, int Number)
{
    /// <summary>The class's name: "ApplyLipstick".</summary>
    public string ClassName => Name[..Name.IndexOf('/')];

    /// <summary>The name without class folder and extension: "v_ApplyLipstick_g01_c01".
    /// </summary>
    public string Stem => Name[(Name.IndexOf('/') + 1)..^4];

    /// <summary>Takes an official name apart; null when it is none.</summary>
    internal static Ucf101Clip? Parse(string name, int type)
    {
        // The class is spelled by the folder: HandstandPushups has clips v_HandStandPushups_….
        int slash = name.IndexOf('/');
        bool framed = slash > 0 && name.IndexOf('/', slash + 1) < 0
            && name.AsSpan(slash + 1).StartsWith("v_", StringComparison.Ordinal)
            && name.Length >= slash + 3 + "_g01_c01.avi".Length;
        if (!framed || name[^12..^10] != "_g" || name[^8..^6] != "_c" || name[^4..] != ".avi")
        {
            return null;
        }

        return int.TryParse(
                name[^10..^8], NumberStyles.None, CultureInfo.InvariantCulture, out int group)
            && int.TryParse(
                name[^6..^4], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && group > 0 && number > 0
            ? new Ucf101Clip(name, type, group, number)
            : null;
    }
}
