namespace Repro.Engine.Records;

/// <summary>
/// The right to make one run, held through a lock that the system drops when its process ends, so
/// that a killed process never leaves a run locked. The file may only be removed once the run's
/// record is written: whoever then locks a removed or a new file looks into the store first.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const int Tries = 100;
    private const int TriesBetweenRests = 5;
    private readonly FileStream stream;

    private RunLock(FileStream stream) => this.stream = stream;

    /// <summary>Null while someone else holds the lock.</summary>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public static RunLock? TryTake(string path)
    {
        try
        {
            AtomicFile.MakeFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            throw AtomicFile.CannotWrite(path, error);
        }
        for (int left = Tries; ; left--)
        {
            try
            {
                return new RunLock(Disk.Current.Open(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
            catch (IOException error) when (left > 1 && error is not DirectoryNotFoundException)
            {
                // Its holder removed it between the two looks: the run is free, or will be. Two
                // that keep step with one another get out of it by a rest.
                if (left % TriesBetweenRests == 0)
                {
                    Thread.Sleep(1);
                }
                continue;
            }
            catch (Exception error) when (AtomicFile.IsFileTrouble(error))
            {
                throw AtomicFile.CannotWrite(path, error);
            }
        }
    }

    /// <summary>Call after the record is written and before disposing.</summary>
    public void RemoveFile() => AtomicFile.Remove(stream.Name);

    public void Dispose() => stream.Dispose();
}
