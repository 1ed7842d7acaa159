using System.Collections.Concurrent;
using Repro.Engine.Numerics;

namespace Repro.Engine.Data;

/// <summary>The polyphonic music sets of Boulanger-Lewandowski, Bengio and Vincent (2012).
/// </summary>
public enum MusicCollection
{
    /// <summary>Bach chorales: 229/76/77 pieces.</summary>
    JsbChorales,

    /// <summary>Folk tunes: 694/173/170 pieces.</summary>
    Nottingham,

    /// <summary>Classical piano: 87/12/25 pieces.</summary>
    PianoMidi,

    /// <summary>Classical orchestral and piano music: 524/135/124 pieces.</summary>
    MuseData,
}

/// <summary>The sets' words in specs.</summary>
public static class MusicCollections
{
    /// <summary>The word in run ids and names of data hashes; its capitals are part of them.
    /// </summary>
    public static string Word(this MusicCollection collection) => collection switch
    {
        MusicCollection.JsbChorales => "JsbChorales",
        MusicCollection.Nottingham => "Nottingham",
        MusicCollection.PianoMidi => "PianoMidi",
        MusicCollection.MuseData => "MuseData",
        _ => throw Unknown.Member(collection),
    };
}

/// <summary>A piece as a piano roll.</summary>
/// <param name="Notes">1 where a key sounds, 0 elsewhere, [T, 88] row-major; key k is the MIDI
/// pitch 21 + k. Shared: read only.</param>
public sealed record MusicPiece(byte[] Notes)
{
    /// <summary>Number of frames, T; at least 1.</summary>
    public int Steps => Notes.Length / MusicSet.Keys;

    /// <summary>The keys of one frame, [88].</summary>
    /// <param name="step">0 to Steps − 1.</param>
    public ReadOnlySpan<byte> Frame(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
        return Notes.AsSpan(step * MusicSet.Keys, MusicSet.Keys);
    }
}

/// <summary>
/// One music set in memory, in its original three folds. Instances are shared by all runs of a
/// process, so nobody may write to the arrays.
/// </summary>
public sealed class MusicSet
{
    /// <summary>Keys of a piano, from A0 (MIDI pitch 21) to C8 (108).</summary>
    public const int Keys = 88;

    private static readonly ConcurrentDictionary<(MusicCollection, string), Lazy<MusicSet>>
        Loaded = new();

    private MusicSet(
        MusicCollection collection, IReadOnlyList<MusicPiece> train,
        IReadOnlyList<MusicPiece> valid, IReadOnlyList<MusicPiece> test)
    {
        Collection = collection;
        Train = train;
        Valid = valid;
        Test = test;
    }

    /// <summary>Which set this is.</summary>
    public MusicCollection Collection { get; }

    /// <summary>The training pieces.</summary>
    public IReadOnlyList<MusicPiece> Train { get; }

    /// <summary>The validation pieces.</summary>
    public IReadOnlyList<MusicPiece> Valid { get; }

    /// <summary>The test pieces.</summary>
    public IReadOnlyList<MusicPiece> Test { get; }

    /// <summary>The hash of the set's content, for run ids.</summary>
    public string ContentHash => ContentHashOf(Collection);

    /// <summary>The catalogue entry of a set.</summary>
    public static DataFile FileOf(MusicCollection collection) => FactsOf(collection).File;

    /// <summary>The hash of a set's content; needs no file on disk.</summary>
    public static string ContentHashOf(MusicCollection collection) =>
        DataSet.ContentHashOf([FileOf(collection)]);

    /// <summary>
    /// Loads a set, downloading its file if the store lacks it. The first call reads and
    /// verifies; later ones, from any thread, return the same instance. A failed load is not
    /// remembered.
    /// </summary>
    /// <exception cref="DataException">The file cannot be had or is damaged.</exception>
    public static MusicSet Load(DataStore store, MusicCollection collection) => LoadOnce.From(
        Loaded, (collection, store.Folder.Path), () =>
        {
            (DataFile file, Fold[] folds) = FactsOf(collection);
            return Read(store.Require(file), collection, folds);
        });

    /// <summary>Reads a file of this form with any number of pieces.</summary>
    internal static MusicSet Read(
        string path, MusicCollection collection, IReadOnlyList<Fold>? expected = null)
    {
        MatFile file = MatReader.Read(path);
        string[] names = ["traindata", "validdata", "testdata"];
        MusicPiece[][] folds = [.. names.Select(name => ReadFold(file.Cell(name), path))];
        for (int i = 0; i < folds.Length && expected is not null; i++)
        {
            Fold found = new(folds[i].Length, folds[i].Sum(p => p.Steps));
            if (found != expected[i])
            {
                throw Malformed(path,
                    $"'{names[i]}' has {found.Pieces} pieces of {found.Frames} frames together, "
                    + $"expected {expected[i].Pieces} and {expected[i].Frames}");
            }
        }

        return new MusicSet(collection, folds[0], folds[1], folds[2]);
    }

    private static MusicPiece[] ReadFold(MatCell fold, string path)
    {
        MusicPiece[] pieces = new MusicPiece[fold.Cells.Count];
        for (int i = 0; i < pieces.Length; i++)
        {
            string piece = $"piece {i} of '{fold.Name}'";
            if (fold.Cells[i] is not MatNumeric { Dimensions: [> 0, Keys] } roll)
            {
                throw Malformed(path, $"{piece} is a {fold.Cells[i].Shape} "
                    + $"{(fold.Cells[i] is MatCell ? "cell " : "")}array, expected T×{Keys} with "
                    + "T > 0");
            }

            byte[] notes = roll.ToBytes();
            int wrong = notes.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)1);
            if (wrong >= 0)
            {
                throw Malformed(path, $"{piece} has {notes[wrong]} at frame {wrong / Keys}, key "
                    + $"{wrong % Keys}, expected 0 or 1");
            }

            pieces[i] = new MusicPiece(notes);
        }

        return pieces;
    }

    private static (DataFile File, Fold[] Folds) FactsOf(MusicCollection collection) =>
        collection switch
        {
            MusicCollection.JsbChorales => (Catalogue.JsbChorales,
                [new(229, 13_807), new(76, 4_602), new(77, 4_725)]),
            MusicCollection.Nottingham => (Catalogue.Nottingham,
                [new(694, 176_561), new(173, 45_513), new(170, 44_463)]),
            MusicCollection.PianoMidi => (Catalogue.PianoMidi,
                [new(87, 75_911), new(12, 8_540), new(25, 19_036)]),
            MusicCollection.MuseData => (Catalogue.MuseData,
                [new(524, 245_202), new(135, 82_755), new(124, 64_339)]),
            _ => throw new ArgumentOutOfRangeException(
                nameof(collection), collection, "use one of the four sets"),
        };

    private static DataException Malformed(string path, string what) => new(
        DataErrorKind.Malformed, path, $"Not the music set it should be: {what}.",
        MatReader.Remedy);

    /// <summary>What a fold must hold.</summary>
    /// <param name="Pieces">Number of pieces.</param>
    /// <param name="Frames">Frames of all pieces together.</param>
    internal readonly record struct Fold(int Pieces, int Frames);
}
