using System.Security.Cryptography;
using System.Text;

namespace Repro.Engine.Data;

/// <summary>The files that are needed together, under one name. Immutable.</summary>
public sealed class DataSet
{
    /// <summary>Creates a set.</summary>
    /// <param name="name">Short name: "mnist".</param>
    /// <param name="title">One line for people.</param>
    /// <param name="files">Its files; at least one.</param>
    /// <exception cref="ArgumentException">There are no files.</exception>
    public DataSet(string name, string title, params DataFile[] files)
    {
        if (files.Length == 0)
        {
            throw new ArgumentException($"the data set '{name}' has no files", nameof(files));
        }

        Name = name;
        Title = title;
        Files = [.. files];
    }

    /// <summary>Short name: "mnist".</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Title { get; }

    /// <summary>The files, in catalogue order.</summary>
    public IReadOnlyList<DataFile> Files { get; }

    /// <summary>One hash of the contents of all files, for run ids; needs no file on disk.
    /// </summary>
    public string ContentHash => ContentHashOf(Files);

    /// <summary>
    /// One hash of the contents of some files: the SHA-256 of the lines
    /// "<c>sha256  key</c>", each ended by LF, in ordinal order of the keys.
    /// </summary>
    /// <param name="files">The files; their order does not matter.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string ContentHashOf(IEnumerable<DataFile> files)
    {
        StringBuilder lines = new();
        foreach (DataFile file in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            lines.Append(file.Sha256).Append("  ").Append(file.Key).Append('\n');
        }

        byte[] bytes = Encoding.UTF8.GetBytes(lines.ToString());
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
