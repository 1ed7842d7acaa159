namespace Repro.Engine.Records;

/// <summary>
/// What <see cref="AtomicFile"/>, <see cref="RunLock"/> and <see cref="RunClaim"/> ask of the disk,
/// one call an operation that can fail. Tests put a disk in its place that fails at the n-th call,
/// or that loses at a power cut what was not flushed; it then serves the thread that put it there
/// and all that this one starts.
/// </summary>
internal class Disk
{
    private static readonly Disk System = new();
    private static readonly AsyncLocal<Disk?> Other = new();

    /// <summary>The disk that serves here.</summary>
    public static Disk Current
    {
        get => Other.Value ?? System;
        set => Other.Value = value;
    }

    /// <summary>Makes one folder, whose parent is there.</summary>
    public virtual void MakeFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Opens a file.</summary>
    public virtual FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share) =>
        new(path, mode, access, share);

    /// <summary>Adds bytes to an open file.</summary>
    public virtual void Write(FileStream file, byte[] bytes) => file.Write(bytes);

    /// <summary>Has an open file's bytes on the disk, not only in the system's memory.</summary>
    public virtual void Flush(FileStream file) => file.Flush(flushToDisk: true);

    /// <summary>Gives a file another name of its folder, replacing what has it.</summary>
    public virtual void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Has a folder's names on the disk: without it a power cut can take back a rename
    /// that a program has already built on.</summary>
    public virtual void FlushFolder(string path) => FolderFlush.Of(path);

    /// <summary>Removes a file if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);
}
