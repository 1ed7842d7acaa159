using System.Collections.Concurrent;

namespace Repro.Engine.Data;

/// <summary>
/// Hands out verified data files of one folder, downloading what is absent. A file is verified
/// once per process for as long as its size and time of change stay the same. Thread-safe.
/// </summary>
public sealed class DataStore
{
    /// <summary>Name of the environment variable that forbids downloads. Any value forbids them
    /// but nothing, "0" and "false".</summary>
    public const string OfflineVariable = "REPRO_OFFLINE";

    private static readonly
        ConcurrentDictionary<(string Path, string Sha256), (long Size, DateTime Changed)> Verified
            = new();

    private readonly Downloader downloader;

    /// <summary>Creates a store.</summary>
    /// <param name="folder">Where files live; null for <see cref="DataFolder.Resolve(string?)"/>.
    /// </param>
    /// <param name="offline">True forbids downloads, false allows them, null asks the
    /// environment variable REPRO_OFFLINE.</param>
    /// <param name="downloader">Null for one with default options.</param>
    public DataStore(
        DataFolder? folder = null, bool? offline = null, Downloader? downloader = null)
    {
        Folder = folder ?? DataFolder.Resolve();
        Offline = offline ?? ForbidsDownloads(Environment.GetEnvironmentVariable(OfflineVariable));
        this.downloader = downloader ?? new Downloader();
    }

    /// <summary>The folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>Whether downloads are forbidden.</summary>
    public bool Offline { get; }

    /// <summary>
    /// The path of a file whose content is right: 1. a file that is present is verified;
    /// 2. an absent one is downloaded and verified. A present file with the wrong content is an
    /// error and is left as it is.
    /// </summary>
    /// <param name="file">A catalogue entry.</param>
    /// <param name="progress">Told after every block of a download.</param>
    /// <param name="cancel">Stops a download; the next call goes on from there.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="DataException">The file cannot be had, or is not the right one; the
    /// message says what to do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<string> RequireAsync(
        DataFile file, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancel = default)
    {
        string path = file.PathIn(Folder);
        if (!File.Exists(path))
        {
            if (file.Urls.Count == 0)
            {
                throw new DataException(
                    DataErrorKind.Missing, path,
                    "The file is absent and is not downloaded unasked.", HowToGet([file]));
            }

            if (Offline)
            {
                throw new DataException(
                    DataErrorKind.Missing, path, "The file is absent and downloads are forbidden.",
                    HowToGet([file]));
            }

            await downloader.DownloadAsync(file, path, progress, cancel).ConfigureAwait(false);
        }

        ContentCheck check = Verify(file, path);
        return check.Passed
            ? path
            : throw new DataException(check.Kind!.Value, path, check.What, HowToReplace(file));
    }

    /// <summary>As <see cref="RequireAsync"/>, waiting for the result.</summary>
    /// <inheritdoc cref="RequireAsync"/>
    public string Require(
        DataFile file, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancel = default) =>
        Task.Run(() => RequireAsync(file, progress, cancel), CancellationToken.None)
            .GetAwaiter().GetResult();

    /// <summary>Requires every file of a set, one after the other.</summary>
    /// <returns>The full paths, in the order of the set's files.</returns>
    /// <inheritdoc cref="RequireAsync"/>
    public IReadOnlyList<string> Require(
        DataSet set, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancel = default) =>
        [.. set.Files.Select(f => Require(f, progress, cancel))];

    /// <summary>
    /// Looks for a data set without downloading anything and without throwing for what it finds,
    /// for runs that nobody watches. Verifies the files that are present.
    /// </summary>
    public Availability TryLocate(DataSet set)
    {
        List<DataFile> missing = [];
        List<string> paths = [];
        foreach (DataFile file in set.Files)
        {
            string path = file.PathIn(Folder);
            if (!File.Exists(path))
            {
                missing.Add(file);
                continue;
            }

            ContentCheck check;
            try
            {
                check = Verify(file, path);
            }
            catch (DataException e)
            {
                return new Availability.Corrupt($"{path}: {e.What}", e.Remedy);
            }

            if (!check.Passed)
            {
                return new Availability.Corrupt($"{path}: {check.What}", HowToReplace(file));
            }

            paths.Add(path);
        }

        return missing.Count == 0
            ? new Availability.Available(paths)
            : new Availability.Missing(
                $"{set.Name}: {missing.Count} of {set.Files.Count} files are not in the data "
                + $"folder {Folder}: {string.Join(", ", missing)}.",
                HowToGet(missing));
    }

    internal static bool ForbidsDownloads(string? value) =>
        value?.Trim().ToLowerInvariant() is not (null or "" or "0" or "false");

    private static ContentCheck Verify(DataFile file, string path)
    {
        try
        {
            FileInfo info = new(path);
            (long, DateTime) stamp = (info.Length, info.LastWriteTimeUtc);
            (string, string) key = (path, file.Sha256);
            if (Verified.TryGetValue(key, out (long, DateTime) known) && known == stamp)
            {
                return default;
            }

            using FileStream stream = Open(path);
            ContentCheck check = ContentCheck.Of(file, stream, path);
            if (check.Passed)
            {
                Verified[key] = stamp;
            }

            return check;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                DataErrorKind.Unwritable, path,
                $"The file is present but cannot be read: {e.Message.TrimEnd('.')}.",
                "Check its permissions.", e);
        }
    }

    // A downloader keeps its lock for a moment after the file has got its name.
    private static FileStream Open(string path)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            }
            catch (IOException e) when (FileSharing.IsLocked(e) && tries < 100)
            {
                Thread.Sleep(20);
            }
        }
    }

    private string HowToGet(IReadOnlyList<DataFile> files)
    {
        string elsewhere = $"set {DataFolder.Variable} to a folder that has "
            + $"{(files.Count == 1 ? "it" : "them")}.";
        string[] origins = [.. files.Select(f => f.Origin).Where(o => o.Length > 0).Distinct()];
        if (origins.Length > 0)
        {
            return $"{string.Join(" ", origins)} Or {elsewhere}";
        }

        string way = Offline
            ? $"Allow downloads (unset {OfflineVariable}), or"
            : "It is downloaded when a run first requires it; or";
        return $"{way} put {Example(files)} there yourself, or {elsewhere}";
    }

    private string Example(IReadOnlyList<DataFile> files) => files.Count == 1
        ? $"{files[0].Urls[0]}"
        : $"{files[0].Urls[0]} (as {files[0].PathIn(Folder)}) and the others";

    private string HowToReplace(DataFile file) =>
        file.Urls.Count == 0 ? $"Delete the file. {file.Origin}"
        : Offline ? $"Delete the file and replace it by a good copy of {file.Urls[0]}."
        : $"Delete the file and run again: it is downloaded anew from {file.Urls[0]}.";
}
