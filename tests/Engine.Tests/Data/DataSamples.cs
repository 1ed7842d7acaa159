using System.IO.Compression;
using System.Security.Cryptography;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

/// <summary>Small files and a scratch folder for the tests of this folder.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("repro-data-").FullName;

    public DataFolder Folder => DataFolder.Resolve(Path);

    public string[] FileNames => [.. Directory
        .GetFiles(Path, "*", SearchOption.AllDirectories)
        .Select(f => System.IO.Path.GetRelativePath(Path, f).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    public string Put(string key, byte[] bytes)
    {
        string path = System.IO.Path.Combine([Path, .. key.Split('/')]);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal static class DataSamples
{
    public const string Key = "set/file.bin";

    public static readonly Downloader Impatient = new(new DownloaderOptions
    {
        AttemptsPerSource = 2,
        RetryDelay = TimeSpan.Zero,
        StallTimeout = TimeSpan.FromSeconds(30),
        LeastBytes = 1,
    });

    /// <summary>Bytes without a pattern that a shifted copy would repeat.</summary>
    public static byte[] Bytes(int count, byte salt = 0)
    {
        byte[] bytes = new byte[count];
        uint state = 12345u + salt;
        for (int i = 0; i < count; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            bytes[i] = (byte)(state >> 24);
        }

        return bytes;
    }

    public static DataFile Raw(byte[] content, params string[] urls) => new(
        Key, urls, Sha(content), HashOf.Raw, content.Length, "none");

    public static DataFile Unpacked(byte[] content, params string[] urls) => new(
        Key, urls, Sha(content), HashOf.Uncompressed, content.Length, "none");

    public static string Sha(byte[] content) =>
        Convert.ToHexStringLower(SHA256.HashData(content));

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public static DataStore Store(Scratch scratch, bool offline = false) =>
        new(scratch.Folder, offline, Impatient);
}

/// <summary>Collects reports at once, unlike Progress&lt;T&gt;.</summary>
internal sealed class ProgressLog : IProgress<DownloadProgress>
{
    public List<DownloadProgress> Reports { get; } = [];

    public void Report(DownloadProgress value) => Reports.Add(value);
}
