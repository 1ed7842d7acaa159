using System.Globalization;
using System.Text;

namespace Repro.Engine.Records;

/// <summary>
/// One process's word that it makes a run, seen by all machines that share the folder. A claim is
/// a file made new, which one process alone can do, and its holder renews it. One that has not
/// been renewed for long is taken over by making the file of the next number. Claims save work and
/// guard no result: two processes that made the same run would write the same bytes.
/// </summary>
/// <remarks>Locks (<see cref="RunLock"/>) are better on one machine, for they end with their
/// process; many shared file systems have none.</remarks>
internal sealed class RunClaim : IDisposable
{
    private const string Ending = ".claim.";
    private const int Tries = 3;
    private readonly string folder;
    private readonly string id;
    private readonly int number;
    private readonly byte[] content;
    private readonly Timer renewal;
    private readonly CancellationTokenSource lost = new();
    private readonly Lock gate = new();
    private bool isDisposed;

    private RunClaim(string folder, string id, int number, byte[] content, TimeSpan between)
    {
        (this.folder, this.id, this.number, this.content) = (folder, id, number, content);
        renewal = new Timer(_ => Renew(), null, between, between);
    }

    /// <summary>Ends when another process has taken the claim over, as it may from one that was
    /// frozen for long: the run is its to make.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Null while another process holds a claim that is not old.</summary>
    /// <param name="folder">The folder of claims, the same for all machines.</param>
    /// <param name="id">Of the run.</param>
    /// <param name="owner">Who claims. The same owner takes its own claim over at once, as a job
    /// does that was started again.</param>
    /// <param name="age">A claim not renewed for this long is old; it is renewed ten times as
    /// often. Above 0.</param>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public static RunClaim? TryTake(string folder, string id, string owner, TimeSpan age)
    {
        try
        {
            AtomicFile.MakeFolder(Path.GetFullPath(folder));
            byte[] content = Encoding.UTF8.GetBytes(owner + "\n");
            for (int left = Tries; ; left--)
            {
                int last = Last(folder, id);
                if (last > 0 && !IsFree(folder, PathOf(folder, id, last), owner, age))
                {
                    return null;
                }
                string path = PathOf(folder, id, last + 1);
                try
                {
                    Write(path, FileMode.CreateNew, FileShare.Read, content);
                    return new RunClaim(folder, id, last + 1, content, age / 10);
                }
                catch (IOException) when (File.Exists(path))
                {
                    // Another process made it first.
                    return null;
                }
                catch (IOException error) when (left > 1 && error is not DirectoryNotFoundException)
                {
                    // Its holder removed it between the two looks.
                    continue;
                }
            }
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            throw AtomicFile.CannotWrite(PathOf(folder, id, 1), error);
        }
    }

    /// <summary>Removes the claims of owners that have ended, as a cluster knows of its jobs, so
    /// that nobody waits for them to grow old.</summary>
    /// <exception cref="StoreException">The folder cannot be read.</exception>
    public static void Forget(string folder, Func<string, bool> hasEnded)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }
        try
        {
            foreach (string path in Directory.GetFiles(folder, $"*{Ending}*"))
            {
                if (Owner(path) is { } owner && hasEnded(owner))
                {
                    AtomicFile.Remove(path);
                }
            }
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            throw new StoreException(
                $"cannot read the claims in '{folder}': {error.Message}", error);
        }
    }

    /// <summary>Gives the run free, whether or not it is made.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }
            isDisposed = true;
        }
        renewal.Dispose();
        // A claim taken over is its new holder's, and the older ones below it.
        if (!lost.IsCancellationRequested && Last(folder, id) == number)
        {
            for (int n = number; n >= 1; n--)
            {
                AtomicFile.Remove(PathOf(folder, id, n));
            }
        }
        lost.Dispose();
    }

    /// <summary>Path of the claim of a number, which begin at 1.</summary>
    internal static string PathOf(string folder, string id, int number) => Path.Combine(
        folder, id + Ending + number.ToString(CultureInfo.InvariantCulture));

    private static int Last(string folder, string id)
    {
        int number = 0;
        while (File.Exists(PathOf(folder, id, number + 1)))
        {
            number++;
        }
        return number;
    }

    private static bool IsFree(string folder, string path, string owner, TimeSpan age) =>
        Owner(path) is not { } holder || holder == owner
        || Now(folder) - File.GetLastWriteTimeUtc(path) > age;

    // Null where its holder has just removed it.
    private static string? Owner(string path)
    {
        try
        {
            using FileStream stream = new(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream);
            return reader.ReadToEnd().TrimEnd();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // The clock of the file system, which the machines have in common: theirs may differ.
    private static DateTime Now(string folder)
    {
        string probe = AtomicFile.TemporaryName(Path.Combine(folder, "clock"));
        File.WriteAllBytes(probe, []);
        try
        {
            return File.GetLastWriteTimeUtc(probe);
        }
        finally
        {
            AtomicFile.Remove(probe);
        }
    }

    private static void Write(string path, FileMode mode, FileShare share, byte[] content)
    {
        Disk disk = Disk.Current;
        using FileStream stream = disk.Open(path, mode, FileAccess.Write, share);
        disk.Write(stream, content);
        disk.Flush(stream);
    }

    private void Renew()
    {
        lock (gate)
        {
            if (isDisposed || lost.IsCancellationRequested)
            {
                return;
            }
            string path = PathOf(folder, id, number);
            if (!File.Exists(path) || File.Exists(PathOf(folder, id, number + 1)))
            {
                lost.Cancel();
                return;
            }
            try
            {
                Write(path, FileMode.Open, FileShare.ReadWrite, content);
            }
            catch (Exception error) when (AtomicFile.IsFileTrouble(error))
            {
                // A full or absent disk: the claim grows old, and the next renewal tries again.
            }
        }
    }
}
