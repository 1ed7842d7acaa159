using System.IO.Compression;
using System.Security.Cryptography;

namespace Repro.Engine.Data;

/// <summary>
/// Makes the pack of UCF-101 features from the published raw clips: MATLAB files with a matrix
/// <c>Feature</c> of 25 frames × 4096 activations of VGG-16's layer relu6. A value x is kept as
/// q = round(255·√(x/12.180773735046387)), in single precision and with ties to even, and stands
/// for (q/255)²·12.180773735046387, the largest activation being 12.180773735046387. Class 1 is
/// left out: its files hold values from before the activation.
/// </summary>
public static class Ucf101Converter
{
    /// <summary>Frames of a clip.</summary>
    public const int Steps = 25;

    /// <summary>Features of a frame.</summary>
    public const int Size = 4096;

    /// <summary>Bytes of a raw clip.</summary>
    public const int ClipBytes = 409_792;

    internal const int FirstClass = 2;
    internal const int LastClass = 15;

    private const float Largest = 12.180773735046387f;

    private static readonly float[] LevelTable =
        [.. Enumerable.Range(0, 256).Select(q => (float)(q / 255.0 * (q / 255.0)
            * 12.180773735046387))];

    /// <summary>The value that each code stands for, [256].</summary>
    public static ReadOnlySpan<float> Levels => LevelTable;

    /// <summary>The codes of a raw clip, [25, 4096].</summary>
    /// <param name="path">The MATLAB file.</param>
    /// <exception cref="DataException">The file is absent, damaged, has another shape, or a value
    /// outside 0 to 12.18….</exception>
    public static byte[] ConvertClip(string path)
    {
        MatNumeric feature = MatReader.Read(path).Numeric("Feature");
        if (feature.Dimensions is not [Steps, Size])
        {
            throw Malformed(path,
                $"'Feature' is {feature.Shape}, expected {Steps}×{Size}");
        }

        float[] values = feature.ToSingles();
        byte[] codes = new byte[values.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            if (values[i] is not (>= 0 and <= Largest))
            {
                throw Malformed(path, $"feature {i % Size} of frame {i / Size} is {values[i]:R}, "
                    + $"expected 0 to {Largest:R}");
            }

            codes[i] = (byte)MathF.Round(
                255f * MathF.Sqrt(values[i] / Largest), MidpointRounding.ToEven);
        }

        return codes;
    }

    /// <summary>
    /// Makes the pack and its index in a store's folder: 1. reads the official lists; 2. checks
    /// that every raw clip is there; 3. verifies and converts them; 4. checks the pack against
    /// its published SHA-256 and gives it its name, after its index. Never downloads; a failure or
    /// a crash leaves no pack.
    /// </summary>
    /// <param name="store">The folder.</param>
    /// <param name="progress">Told the number of converted clips.</param>
    /// <exception cref="DataException">A list or clip is absent or wrong, the folder cannot be
    /// written, or the pack is not the published one.</exception>
    public static void Convert(DataStore store, IProgress<int>? progress = null)
    {
        IReadOnlyList<Ucf101Row> rows = Ucf101Row.Of(
            Ucf101Lists.Load(store), FirstClass, LastClass);
        Dictionary<string, DataFile> files = Ucf101Source.Clips.ToDictionary(f => f.Key);
        DataFile[] clips = [.. rows.Select(r => files[Ucf101Source.KeyOf(r.VideoName)])];
        DataFile[] missing = [.. clips.Where(f => !File.Exists(f.PathIn(store.Folder)))];
        if (missing.Length > 0)
        {
            throw new DataException(
                DataErrorKind.Missing, missing[0].PathIn(store.Folder),
                $"{missing.Length} of {clips.Length} raw clips are absent, this one first.",
                "Run the converter with --download to get them (about 760 MB), or put them "
                + $"there yourself from {missing[0].Urls[0]} and its neighbours.");
        }

        WriteWhole(
            Catalogue.Ucf101Index.PathIn(store.Folder), Ucf101Row.ToBytes(rows),
            Catalogue.Ucf101Index);
        Write(rows, row => store.Require(files[Ucf101Source.KeyOf(row.VideoName)]),
            Catalogue.Ucf101Pack.PathIn(store.Folder), Catalogue.Ucf101Pack.Sha256, progress);
    }

    /// <summary>Writes a pack of any rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="pathOf">Gives the raw clip of a row.</param>
    /// <param name="target">Where the pack goes; gzip.</param>
    /// <param name="sha256">SHA-256 the uncompressed pack must have.</param>
    /// <param name="progress">Told the number of converted clips.</param>
    internal static void Write(
        IReadOnlyList<Ucf101Row> rows, Func<Ucf101Row, string> pathOf, string target,
        string sha256, IProgress<int>? progress)
    {
        using PartFile part = PartFile.OpenAsync(target, CancellationToken.None)
            .GetAwaiter().GetResult();
        part.Clear();
        bool finished = false;
        try
        {
            string actual = WriteGzip(rows, pathOf, part, progress);
            if (actual != sha256)
            {
                throw new DataException(
                    DataErrorKind.ChecksumMismatch, target,
                    $"The pack made has SHA-256 {actual}, expected {sha256}; it is thrown away.",
                    "The raw clips are the right ones, so this is a defect of the converter on "
                    + "this machine: please report it.");
            }

            part.Publish();
            finished = true;
        }
        finally
        {
            if (!finished)
            {
                part.Clear();
            }
        }
    }

    /// <summary>Writes a catalogue file whose bytes are at hand.</summary>
    internal static void WriteWhole(string target, byte[] content, DataFile file)
    {
        using PartFile part = PartFile.OpenAsync(target, CancellationToken.None)
            .GetAwaiter().GetResult();
        part.Clear();
        part.Append(content);
        ContentCheck check = ContentCheck.Of(file, part.Stream, target);
        if (!check.Passed)
        {
            part.Clear();
            throw new DataException(
                check.Kind!.Value, target, check.What,
                "It came from files that are checked, or from the official host; if the host "
                + "has changed them, get a good copy elsewhere.");
        }

        part.Publish();
    }

    private static string WriteGzip(
        IReadOnlyList<Ucf101Row> rows, Func<Ucf101Row, string> pathOf, PartFile part,
        IProgress<int>? progress)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (PartStream raw = new(part))
        using (BufferedStream buffered = new(raw, 1 << 20))
        using (GZipStream gzip = new(buffered, CompressionLevel.Optimal))
        {
            void Put(byte[] bytes)
            {
                hash.AppendData(bytes);
                gzip.Write(bytes);
            }

            Put(new NpyHeader(NpyType.UInt8, [rows.Count, Steps, Size]).ToBytes());
            for (int i = 0; i < rows.Count; i++)
            {
                Put(ConvertClip(pathOf(rows[i])));
                progress?.Report(i + 1);
            }
        }

        return System.Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DataException Malformed(string path, string what) => new(
        DataErrorKind.Malformed, path, $"Not the raw clip it should be: {what}.",
        MatReader.Remedy);
}
