using System.Collections.Concurrent;

namespace Repro.Engine.Data;

/// <summary>One of the three splits of Mikolov's preparation of the Penn Treebank.</summary>
public enum PtbSplit
{
    /// <summary>Sections 0–20: 5,017,482 characters.</summary>
    Train,

    /// <summary>Sections 21–22: 393,042 characters.</summary>
    Valid,

    /// <summary>Sections 23–24: 442,423 characters.</summary>
    Test,
}

/// <summary>
/// One split of the Penn Treebank as characters. They are derived from the words: each line
/// without the blanks at its ends, a blank inside it as "_", each line ended by LF.
/// Instances are shared by all runs of a process, so nobody may write to the array.
/// Source: Mikolov et al., "Subword language modeling with neural networks", 2012
/// (50 symbols).
/// </summary>
public sealed class PennTreebank
{
    /// <summary>The symbols of all splits in the order of their codes; index 0 is LF.</summary>
    public const string Alphabet = "\n#$&'*-./0123456789<>N\\_abcdefghijklmnopqrstuvwxyz";

    /// <summary>Number of symbols: 50.</summary>
    public const int Symbols = 50;

    private const int MaxBytes = 1 << 28;

    private static readonly ConcurrentDictionary<(PtbSplit, string), Lazy<PennTreebank>>
        Loaded = new();

    private PennTreebank(PtbSplit split, byte[] characters)
    {
        Split = split;
        Characters = characters;
    }

    /// <summary>Which split this is.</summary>
    public PtbSplit Split { get; }

    /// <summary>Number of characters.</summary>
    public int Count => Characters.Length;

    /// <summary>The text as indices into <see cref="Alphabet"/>, 0–49, [Count]. Shared: read
    /// only.</summary>
    public byte[] Characters { get; }

    /// <summary>The hash of the split's content, for run ids.</summary>
    public string ContentHash => ContentHashOf(Split);

    /// <summary>The catalogue entry of a split.</summary>
    public static DataFile FileOf(PtbSplit split) => FactsOf(split).File;

    /// <summary>The hash of a split's content; needs no file on disk.</summary>
    public static string ContentHashOf(PtbSplit split) => DataSet.ContentHashOf([FileOf(split)]);

    /// <summary>The text of some indices.</summary>
    /// <param name="characters">Values 0–49.</param>
    public static string TextOf(ReadOnlySpan<byte> characters)
    {
        char[] text = new char[characters.Length];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = Alphabet[characters[i]];
        }

        return new string(text);
    }

    /// <summary>
    /// Loads a split, downloading its file if the store lacks it. The first call reads and
    /// verifies; later ones, from any thread, return the same instance. A failed load is not
    /// remembered.
    /// </summary>
    /// <exception cref="DataException">The file cannot be had or is damaged.</exception>
    public static PennTreebank Load(DataStore store, PtbSplit split) => LoadOnce.From(
        Loaded, (split, store.Folder.Path), () =>
        {
            (DataFile file, int count) = FactsOf(split);
            string path = store.Require(file);
            byte[] characters = ToCharacters(FormatFile.ReadAll(path, MaxBytes), path);
            return characters.Length == count
                ? new PennTreebank(split, characters)
                : throw new DataException(
                    DataErrorKind.Malformed, path,
                    $"The text has {characters.Length} characters, expected {count}.",
                    "Delete the file and run again to download it anew.");
        });

    /// <summary>Words to indices by the rule above.</summary>
    /// <param name="words">The file's bytes.</param>
    /// <param name="path">Path for messages.</param>
    /// <exception cref="DataException">A byte is none of the alphabet, or is "_", which stands
    /// for the blank; the message has its offset.</exception>
    internal static byte[] ToCharacters(ReadOnlySpan<byte> words, string path)
    {
        byte[] indices = Indices();
        byte[] characters = new byte[words.Length + 1];
        int count = 0;
        for (int at = 0; at < words.Length;)
        {
            int length = words[at..].IndexOf((byte)'\n');
            length = length < 0 ? words.Length - at : length;
            ReadOnlySpan<byte> line = words.Slice(at, length);
            int first = at + (length - line.TrimStart((byte)' ').Length);
            line = line.Trim((byte)' ');
            for (int i = 0; i < line.Length; i++)
            {
                byte index = line[i] == ' ' ? indices['_'] : indices[line[i]];
                if (index == byte.MaxValue || line[i] == '_')
                {
                    throw new DataException(
                        DataErrorKind.Malformed, path,
                        $"Not the text it should be: at offset {first + i}, the byte is "
                        + $"0x{line[i]:x2}, expected one of the 50 symbols, of which a blank "
                        + "stands for \"_\".",
                        "Delete the file and run again to download it anew.");
                }

                characters[count++] = index;
            }

            characters[count++] = indices['\n'];
            at += length + 1;
        }

        return characters[..count];
    }

    private static byte[] Indices()
    {
        byte[] indices = new byte[256];
        Array.Fill(indices, byte.MaxValue);
        for (int i = 0; i < Alphabet.Length; i++)
        {
            indices[Alphabet[i]] = (byte)i;
        }

        return indices;
    }

    private static (DataFile File, int Count) FactsOf(PtbSplit split) => split switch
    {
        PtbSplit.Train => (Catalogue.PtbTrain, 5_017_482),
        PtbSplit.Valid => (Catalogue.PtbValid, 393_042),
        PtbSplit.Test => (Catalogue.PtbTest, 442_423),
        _ => throw new ArgumentOutOfRangeException(
            nameof(split), split, "use Train, Valid or Test"),
    };
}
