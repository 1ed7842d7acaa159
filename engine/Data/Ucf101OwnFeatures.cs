using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Repro.Engine.Data;

/// <summary>
/// Reads features of one's own for UCF-101, up to all 101 classes, in one of two layouts:
/// <list type="bullet">
/// <item><c>features.npy</c>, [N, T, F], and <c>clips.txt</c> with the official name of each of
/// the N clips on a line of its own ("ApplyLipstick/v_ApplyLipstick_g01_c01.avi");</item>
/// <item>a file for each clip, <c>CLASS/v_NAME_gGG_cCC.npy</c>, [T, F].</item>
/// </list>
/// Values are '|u1', '&lt;f4', '&lt;f8', '&lt;i4' or '&lt;i8' and are used as they are, in single
/// precision. T and F are the same for all clips. A class may be left out, but of a class that is
/// there every clip is needed.
/// </summary>
public static class Ucf101OwnFeatures
{
    /// <summary>Where they lie in the data folder unless a path is given.</summary>
    public const string DefaultKey = "ucf101/own";

    private const string ArrayName = "features.npy";
    private const string NamesName = "clips.txt";

    private const string Remedy =
        "The layouts are described under Data, UCF-101, in README.md.";

    private static readonly ConcurrentDictionary<(string, string, int), Lazy<Ucf101Features>>
        Loaded = new();

    /// <summary>
    /// Loads the features with one of the official splits. The first call reads and hashes them;
    /// later ones, from any thread, return the same instance. A failed load is not remembered.
    /// </summary>
    /// <param name="store">Has the official lists.</param>
    /// <param name="folder">Where the features lie; null for ucf101/own in the data folder.
    /// </param>
    /// <param name="split">1, 2 or 3.</param>
    /// <exception cref="DataException">Lists or features are absent or break their form.
    /// </exception>
    public static Ucf101Features Load(DataStore store, string? folder = null, int split = 1)
    {
        folder = Path.GetFullPath(
            folder ?? Path.Combine([store.Folder.Path, .. DefaultKey.Split('/')]));
        return LoadOnce.From(Loaded, (store.Folder.Path, folder, split), () =>
            Read(Ucf101Lists.Load(store), folder, split));
    }

    internal static Ucf101Features Read(Ucf101Lists lists, string folder, int split)
    {
        Dictionary<string, Ucf101Clip> official = lists.Train(split).Concat(lists.Test(split))
            .ToDictionary(c => c.Name);
        HashSet<string> training = [.. lists.Train(split).Select(c => c.Name)];
        if (!Directory.Exists(folder))
        {
            throw new DataException(
                DataErrorKind.Missing, folder, "There is no such folder of features.", Remedy);
        }

        Found found = File.Exists(Path.Combine(folder, ArrayName))
            ? ReadArray(folder, official)
            : ReadFiles(folder, official);
        CheckComplete(folder, official.Values, found);
        Ucf101Clip[] clips = [.. found.Frames.Keys.OrderBy(c => c.Class)
            .ThenBy(c => c.Name, StringComparer.Ordinal)];
        float[][] frames = [.. clips.Select(c => found.Frames[c])];
        return new Ucf101Features(
            found.Steps, found.Size, clips, c => training.Contains(c.Name),
            HashOf(found, split, clips, training),
            (clip, into) => frames[clip].CopyTo(into));
    }

    private static Found ReadArray(string folder, Dictionary<string, Ucf101Clip> official)
    {
        TextLines names = new(Path.Combine(folder, NamesName), "list of clips");
        string path = Path.Combine(folder, ArrayName);
        using NpyStream array = new(path, [names.All.Count, -1, -1]);
        Found found = FoundIn(path, array.Header.Shape[1], array.Header.Shape[2]);
        for (int i = 0; i < names.All.Count; i++)
        {
            if (!official.TryGetValue(names.All[i], out Ucf101Clip? clip)
                || found.Frames.ContainsKey(clip))
            {
                throw names.Malformed(i, "the official name of a clip of the split, once, such as "
                    + "\"ApplyLipstick/v_ApplyLipstick_g01_c01.avi\"");
            }

            found.Frames.Add(clip, ReadClip(array, found, path, clip));
        }

        array.ExpectEnd();
        return found;
    }

    private static Found ReadFiles(string folder, Dictionary<string, Ucf101Clip> official)
    {
        Found? found = null;
        foreach (Ucf101Clip clip in official.Values.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            string path = Path.Combine(folder, clip.ClassName, clip.Stem + ".npy");
            if (!File.Exists(path))
            {
                continue;
            }

            using NpyStream array = new(
                path, found is null ? [-1, -1] : [found.Steps, found.Size]);
            found ??= FoundIn(path, array.Header.Shape[0], array.Header.Shape[1]);
            found.Frames.Add(clip, ReadClip(array, found, path, clip));
            array.ExpectEnd();
        }

        return found ?? throw new DataException(
            DataErrorKind.Missing, folder,
            $"The folder has neither {ArrayName} nor any CLASS/v_NAME_gGG_cCC.npy of a clip of "
            + "the split.", Remedy);
    }

    private static Found FoundIn(string path, int steps, int size)
    {
        if (steps == 0 || size == 0 || (long)steps * size * sizeof(double) > Array.MaxLength)
        {
            throw new DataException(
                DataErrorKind.Malformed, path, $"A clip has {steps}×{size} values, expected at "
                + $"least one and at most {Array.MaxLength / sizeof(double)}.", Remedy);
        }

        return new Found(steps, size, []);
    }

    private static float[] ReadClip(NpyStream array, Found found, string path, Ucf101Clip clip)
    {
        float[] values = new float[found.Steps * found.Size];
        array.Read(values);
        int wrong = Array.FindIndex(values, v => !float.IsFinite(v));
        return wrong < 0
            ? values
            : throw new DataException(
                DataErrorKind.Malformed, path,
                $"Feature {wrong % found.Size} of frame {wrong / found.Size} of {clip.Name} is "
                + $"{values[wrong].ToString("R", CultureInfo.InvariantCulture)}, expected a "
                + "finite number.", "Compute the features of this clip anew.");
    }

    private static void CheckComplete(
        string folder, IEnumerable<Ucf101Clip> official, Found found)
    {
        if (found.Frames.Count == 0)
        {
            throw new DataException(
                DataErrorKind.Malformed, folder, $"{NamesName} names no clip.", Remedy);
        }

        HashSet<int> classes = [.. found.Frames.Keys.Select(c => c.Class)];
        Ucf101Clip[] absent = [.. official.Where(
            c => classes.Contains(c.Class) && !found.Frames.ContainsKey(c))];
        if (absent.Length > 0)
        {
            throw new DataException(
                DataErrorKind.Malformed, folder,
                $"{absent.Length} clips of classes that are there are absent, {absent[0].Name} "
                + "first.",
                "Add them, or leave the whole class out.");
        }
    }

    // Independent of the layout: names, split and values in official order.
    private static string HashOf(
        Found found, int split, Ucf101Clip[] clips, HashSet<string> training)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Put(FormattableString text) => hash.AppendData(
            Encoding.UTF8.GetBytes(FormattableString.Invariant(text)));

        Put($"ucf101 split {split} {clips.Length}x{found.Steps}x{found.Size}\n");
        foreach (Ucf101Clip clip in clips)
        {
            Put($"{(training.Contains(clip.Name) ? 1 : 2)}  {clip.Name}\n");
            hash.AppendData(MemoryMarshal.AsBytes<float>(found.Frames[clip]));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Found(int Steps, int Size, Dictionary<Ucf101Clip, float[]> Frames);
}
