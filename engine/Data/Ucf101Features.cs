using System.Collections.Concurrent;

namespace Repro.Engine.Data;

/// <summary>
/// Features of UCF-101 clips in memory, [Count, T, F], with their labels and one split. Two
/// origins: the ready pack of 14 classes (<see cref="Load"/>), and features of one's own, up to
/// all 101 classes (<see cref="Ucf101OwnFeatures"/>). Clips are in the order of the classes and,
/// within a class, of the names. Instances may be shared by all runs of a process.
/// </summary>
public sealed class Ucf101Features
{
    private static readonly ConcurrentDictionary<string, Lazy<Ucf101Features>> Loaded = new();

    private readonly IReadOnlyList<Ucf101Clip> clips;
    private readonly int[] labels;
    private readonly Action<int, Span<float>> copy;

    internal Ucf101Features(
        int steps, int size, IReadOnlyList<Ucf101Clip> clips, Func<Ucf101Clip, bool> isTraining,
        string contentHash, Action<int, Span<float>> copy)
    {
        Steps = steps;
        Size = size;
        ContentHash = contentHash;
        this.clips = clips;
        this.copy = copy;
        int[] numbers = [.. clips.Select(c => c.Class).Distinct().Order()];
        labels = [.. clips.Select(c => Array.BinarySearch(numbers, c.Class))];
        Classes = [.. numbers.Select(n => clips.First(c => c.Class == n).ClassName)];
        TrainRows = [.. Enumerable.Range(0, clips.Count).Where(i => isTraining(clips[i]))];
        TestRows = [.. Enumerable.Range(0, clips.Count).Where(i => !isTraining(clips[i]))];
    }

    /// <summary>Number of clips.</summary>
    public int Count => clips.Count;

    /// <summary>Frames of a clip, T.</summary>
    public int Steps { get; }

    /// <summary>Features of a frame, F.</summary>
    public int Size { get; }

    /// <summary>The clips, [Count].</summary>
    public IReadOnlyList<Ucf101Clip> Clips => clips;

    /// <summary>The names of the classes that are present, in official order: label c is at
    /// index c.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Labels 0 to Classes.Count − 1, [Count].</summary>
    public IReadOnlyList<int> Labels => labels;

    /// <summary>Which clips are the split's training part, ascending.</summary>
    public IReadOnlyList<int> TrainRows { get; }

    /// <summary>Which clips are the split's test part, ascending.</summary>
    public IReadOnlyList<int> TestRows { get; }

    /// <summary>The hash of features, names and split, for run ids: 64 lower-case hexadecimal
    /// digits.</summary>
    public string ContentHash { get; }

    /// <summary>Writes the features of one clip, [T, F] row-major.</summary>
    /// <param name="clip">0 to Count − 1.</param>
    /// <param name="frames">T·F values; overwritten.</param>
    /// <exception cref="ArgumentException">An argument breaks these ranges.</exception>
    public void CopyTo(int clip, Span<float> frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(clip);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(clip, Count);
        if (frames.Length != Steps * Size)
        {
            throw new ArgumentException(
                $"there is room for {frames.Length} values; a clip has {Steps}×{Size}",
                nameof(frames));
        }

        copy(clip, frames);
    }

    /// <summary>
    /// Loads the pack of classes 2–15 with official split 1: 1,341 training and 524 test clips,
    /// T = 25, F = 4096. Never downloads. The first call reads and verifies; later ones, from
    /// any thread, return the same instance (182 MiB). A failed load is not remembered.
    /// </summary>
    /// <exception cref="DataException">The pack is absent (the message says how to make it) or
    /// damaged.</exception>
    public static Ucf101Features Load(DataStore store) => LoadOnce.From(
        Loaded, store.Folder.Path, () =>
        {
            string pack = store.Require(Catalogue.Ucf101Pack);
            string index = store.Require(Catalogue.Ucf101Index);
            return Read(pack, index, Catalogue.Ucf101.ContentHash);
        });

    /// <summary>The hash of the pack's content; needs no file on disk.</summary>
    public static string PackContentHash => Catalogue.Ucf101.ContentHash;

    /// <summary>Reads a pack and its index.</summary>
    internal static Ucf101Features Read(string pack, string index, string contentHash)
    {
        IReadOnlyList<Ucf101Row> rows = Ucf101Row.ReadAll(index);
        int steps = Ucf101Converter.Steps;
        int size = Ucf101Converter.Size;
        NpyArray array = NpyReader.Read(pack, rows.Count, steps, size);
        if (array.Type != NpyType.UInt8)
        {
            throw new DataException(
                DataErrorKind.Malformed, pack, $"The values are {array.Type}, expected UInt8.",
                "Delete the file and make it anew with scripts/convert-ucf101.fsx.");
        }

        HashSet<string> training = [.. rows.Where(r => r.IsTraining).Select(r => r.Clip.Name)];
        return new Ucf101Features(
            steps, size, [.. rows.Select(r => r.Clip)], c => training.Contains(c.Name),
            contentHash, (clip, frames) =>
            {
                ReadOnlySpan<float> levels = Ucf101Converter.Levels;
                ReadOnlySpan<byte> codes = array.Data.AsSpan(
                    clip * frames.Length, frames.Length);
                for (int i = 0; i < frames.Length; i++)
                {
                    frames[i] = levels[codes[i]];
                }
            });
    }
}
