using System.IO.Compression;

namespace Repro.Engine.Data;

/// <summary>
/// Where the pack of UCF-101 features comes from: 1,865 raw clips (about 760 MB) and the official
/// lists. Nothing here is downloaded unless it is asked for by DownloadAsync.
/// </summary>
public static class Ucf101Source
{
    /// <summary>The official lists, zipped.</summary>
    public const string ListsUrl =
        "https://www.crcv.ucf.edu/data/UCF101/UCF101TrainTestSplits-RecognitionTask.zip";

    private const string ClipsFolder =
        "https://raw.githubusercontent.com/tyagi-iiitv/UCF101_release/"
        + "08e3b1d7d40d75c3e88ad03608ef28e742103d4f/vgg16_relu6/";

    private const int AtOnce = 4;
    private const int MaxZipBytes = 1 << 24;

    private static readonly Lazy<IReadOnlyList<DataFile>> ClipFiles = new(ReadChecksums);

    /// <summary>The raw clips of classes 2–15, in the order of the pack's rows.</summary>
    public static IReadOnlyList<DataFile> Clips => ClipFiles.Value;

    /// <summary>
    /// Gets the lists and every raw clip that is absent, each verified before it gets its name.
    /// An interrupted call goes on where it stopped.
    /// </summary>
    /// <param name="store">The folder; it must not be offline.</param>
    /// <param name="progress">Told the number of clips that are there.</param>
    /// <param name="cancel">Stops, keeping what is there.</param>
    /// <exception cref="DataException">Something cannot be had, or is not the right one.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task DownloadAsync(
        DataStore store, IProgress<int>? progress = null, CancellationToken cancel = default) =>
        DownloadAsync(store, new Uri(ListsUrl), Clips, progress, cancel);

    internal static string KeyOf(string videoName) => $"ucf101/vgg16_relu6/{videoName}.mat";

    internal static async Task DownloadAsync(
        DataStore store, Uri lists, IReadOnlyList<DataFile> clips, IProgress<int>? progress,
        CancellationToken cancel)
    {
        await DownloadListsAsync(store, lists, Catalogue.Ucf101ListFiles, cancel)
            .ConfigureAwait(false);
        int there = 0;
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = AtOnce,
            CancellationToken = cancel,
        };
        await Parallel.ForEachAsync(clips, parallel, async (clip, token) =>
        {
            await store.RequireAsync(clip, null, token).ConfigureAwait(false);
            progress?.Report(Interlocked.Increment(ref there));
        }).ConfigureAwait(false);
    }

    internal static async Task DownloadListsAsync(
        DataStore store, Uri url, IReadOnlyList<DataFile> files, CancellationToken cancel)
    {
        if (files.All(f => File.Exists(f.PathIn(store.Folder))))
        {
            return;
        }

        byte[] zip = await FetchAsync(store, url, cancel).ConfigureAwait(false);
        foreach (DataFile file in files)
        {
            string path = file.PathIn(store.Folder);
            if (!File.Exists(path))
            {
                Ucf101Converter.WriteWhole(path, Unzip(zip, file, url), file);
            }
        }
    }

    private static async Task<byte[]> FetchAsync(
        DataStore store, Uri url, CancellationToken cancel)
    {
        string folder = store.Folder.Path;
        if (store.Offline)
        {
            throw new DataException(
                DataErrorKind.Missing, folder, "Downloads are forbidden.",
                $"Allow them (unset {DataStore.OfflineVariable}), or put the files there "
                + "yourself.");
        }

        try
        {
            using HttpClient http = new()
            {
                Timeout = TimeSpan.FromMinutes(5),
                MaxResponseContentBufferSize = MaxZipBytes,
            };
            http.DefaultRequestHeaders.UserAgent.ParseAdd("Repro");
            return await http.GetByteArrayAsync(url, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new DataException(
                DataErrorKind.Unavailable, folder, $"{url} could not be downloaded: {e.Message}",
                "Check the network and the proxy settings; or unpack the archive yourself and "
                + $"put its text files into {Path.Combine(folder, "ucf101", "splits")}.", e);
        }
    }

    private static byte[] Unzip(byte[] zip, DataFile file, Uri url)
    {
        string name = file.Key[(file.Key.LastIndexOf('/') + 1)..];
        try
        {
            using ZipArchive archive = new(new MemoryStream(zip, writable: false));
            ZipArchiveEntry? entry = archive.Entries.FirstOrDefault(e => e.Name == name);
            if (entry is null)
            {
                throw new InvalidDataException($"it has no file {name}");
            }

            // One byte more than there should be is enough to know.
            byte[] content = new byte[file.Size + 1];
            using Stream stream = entry.Open();
            int count = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return content[..count];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DataException(
                DataErrorKind.Malformed, url.ToString(),
                $"The archive cannot be read: {e.Message.TrimEnd('.')}.",
                "A proxy or login page may have answered in its place: check it in a browser.", e);
        }
    }

    private static IReadOnlyList<DataFile> ReadChecksums()
    {
        using Stream stream = typeof(Ucf101Source).Assembly
            .GetManifestResourceStream("ucf101-vgg16-relu6.sha256")!;
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split("  "))
            .Select(parts => new DataFile(
                KeyOf(parts[1][..^4]), [ClipsFolder + parts[1]], parts[0], HashOf.Raw,
                Ucf101Converter.ClipBytes, "None stated: research use."))];
    }
}
