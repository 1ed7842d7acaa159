namespace Repro.Torture.Disks;

/// <summary>What a power cut leaves of names that were not flushed; the file system chooses.
/// </summary>
internal enum PowerCut
{
    /// <summary>Unflushed names are taken back, and the bytes of unflushed files are gone.
    /// </summary>
    TakesNamesBack,

    /// <summary>Names are there, the bytes of unflushed files are gone.</summary>
    LosesBytes,

    /// <summary>Names are there, of unflushed files the first half.</summary>
    TearsFiles,
}

/// <summary>What a program forgot, to show that its loss is found.</summary>
internal enum Forgotten
{
    Nothing,

    /// <summary>Files are not flushed.</summary>
    Files,

    /// <summary>Folders are not flushed.</summary>
    Folders,
}

/// <summary>
/// A disk whose power is cut at the n-th operation: from then on all fail, and
/// <see cref="Restart"/> puts the folder into the state in which the next start finds it. What
/// POSIX promises is kept and nothing more: a flushed file has its bytes, a flushed folder its
/// names.
/// </summary>
internal sealed class ForgetfulDisk(
    string root, int at, PowerCut cut, Forgotten forgotten = Forgotten.Nothing) : CountingDisk
{
    // Names as programs see them, and as the disk has them.
    private readonly Dictionary<string, Content> seen = [];
    private readonly Dictionary<string, Content> kept = [];
    private readonly HashSet<string> seenFolders = [root];
    private readonly HashSet<string> keptFolders = [root];

    /// <summary>Whether the power has been cut.</summary>
    public bool IsOff { get; private set; }

    public override void MakeFolder(string path)
    {
        base.MakeFolder(path);
        seenFolders.Add(path);
    }

    public override FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share)
    {
        FileStream file = base.Open(path, mode, access, share);
        seen.TryAdd(path, new Content());
        return file;
    }

    public override void Write(FileStream file, byte[] bytes)
    {
        base.Write(file, bytes);
        seen[file.Name].Written.AddRange(bytes);
    }

    public override void Flush(FileStream file)
    {
        base.Flush(file);
        if (forgotten == Forgotten.Files)
        {
            return;
        }
        Content content = seen[file.Name];
        content.Flushed = content.Written.Count;
    }

    public override void Rename(string from, string to)
    {
        base.Rename(from, to);
        seen[to] = seen[from];
        seen.Remove(from);
    }

    public override void FlushFolder(string path)
    {
        base.FlushFolder(path);
        if (forgotten == Forgotten.Folders)
        {
            return;
        }
        foreach (string name in kept.Keys.Where(name => IsIn(path, name)).ToArray())
        {
            kept.Remove(name);
        }
        foreach ((string name, Content content) in seen.Where(pair => IsIn(path, pair.Key)))
        {
            kept[name] = content;
        }
        keptFolders.UnionWith(seenFolders.Where(folder => IsIn(path, folder)));
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        seen.Remove(path);
    }

    /// <summary>Makes the folder what the cut left of it.</summary>
    public void Restart()
    {
        bool takesBack = cut == PowerCut.TakesNamesBack;
        Directory.Delete(root, recursive: true);
        Directory.CreateDirectory(root);
        foreach (string folder in takesBack ? keptFolders : seenFolders)
        {
            if (!takesBack || IsReachable(folder))
            {
                Directory.CreateDirectory(folder);
            }
        }
        foreach ((string name, Content content) in takesBack ? kept : seen)
        {
            if (!takesBack || IsReachable(Path.GetDirectoryName(name)!))
            {
                File.WriteAllBytes(name, content.AfterCut(cut == PowerCut.TearsFiles));
            }
        }
    }

    protected override bool Fails(int n)
    {
        IsOff |= n >= at;
        return IsOff;
    }

    private static bool IsIn(string folder, string name) => Path.GetDirectoryName(name) == folder;

    private bool IsReachable(string folder) =>
        folder == root
        || (keptFolders.Contains(folder) && IsReachable(Path.GetDirectoryName(folder)!));

    /// <summary>A file's bytes, and how many of them are on the disk.</summary>
    private sealed class Content
    {
        public List<byte> Written { get; } = [];

        public int Flushed { get; set; }

        public byte[] AfterCut(bool tears) => [.. Written.Take(
            tears ? Math.Max(Flushed, Written.Count / 2) : Flushed)];
    }
}
