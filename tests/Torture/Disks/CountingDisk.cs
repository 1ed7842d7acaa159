using Repro.Engine.Records;

namespace Repro.Torture.Disks;

/// <summary>A disk that counts what it is asked for, and lets its heirs refuse.</summary>
internal abstract class CountingDisk : Disk
{
    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    public override void MakeFolder(string path)
    {
        Next("make a folder");
        base.MakeFolder(path);
    }

    public override FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share)
    {
        Next("open");
        return base.Open(path, mode, access, share);
    }

    public override void Write(FileStream file, byte[] bytes)
    {
        try
        {
            Next("write");
        }
        catch (IOException)
        {
            // A full disk takes what it can.
            base.Write(file, bytes[..(bytes.Length / 2)]);
            throw;
        }
        base.Write(file, bytes);
    }

    public override void Flush(FileStream file)
    {
        Next("flush");
        base.Flush(file);
    }

    public override void Rename(string from, string to)
    {
        Next("rename");
        base.Rename(from, to);
    }

    public override void FlushFolder(string path)
    {
        Next("flush a folder");
        base.FlushFolder(path);
    }

    public override void Delete(string path)
    {
        Next("delete");
        base.Delete(path);
    }

    /// <summary>Whether operation <paramref name="n"/>, from 1 on, fails.</summary>
    protected abstract bool Fails(int n);

    private void Next(string what)
    {
        Operations++;
        if (Fails(Operations))
        {
            throw new IOException($"operation {Operations}, {what}, was made to fail.");
        }
    }
}

/// <summary>A disk that only counts.</summary>
internal sealed class SoundDisk : CountingDisk
{
    protected override bool Fails(int n) => false;
}

/// <summary>A disk whose n-th operation fails, and all after it where it is full or gone.
/// </summary>
internal sealed class FailingDisk(int from, bool forGood) : CountingDisk
{
    protected override bool Fails(int n) => n == from || (forGood && n > from);
}
