using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class MusicSetTests
{
    private static readonly MatWriter Writer = new();

    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    // A roll in which frame t sounds the key t + shift alone.
    private static byte[] Roll(int steps, int shift, byte sound = 1)
    {
        byte[] columns = new byte[steps * 88];
        for (int t = 0; t < steps; t++)
        {
            columns[((t + shift) * steps) + t] = sound;
        }

        return Writer.Bytes("", steps, 88, columns);
    }

    private MusicSet Read(params byte[][] elements) => MusicSet.Read(
        scratch.Put("set.mat", Writer.File(elements)), MusicCollection.Nottingham);

    private static byte[][] Folds(params byte[][] train) =>
    [
        Writer.Compressed(Writer.Cells("traindata", train)),
        Writer.Compressed(Writer.Cells("validdata", Roll(1, 9))),
        Writer.Cells("testdata", Roll(5, 60)),
    ];

    [Test]
    public void Pieces_keep_their_fold_order_length_frames_and_keys()
    {
        MusicSet set = Read(Folds(Roll(3, 40), Roll(2, 86)));

        Assert.That(set.Train.Select(p => p.Steps), Is.EqualTo(new[] { 3, 2 }));
        Assert.That(set.Train[0].Frame(2).ToArray().Index().Where(k => k.Item == 1)
            .Select(k => k.Index), Is.EqualTo(new[] { 42 }));
        Assert.That(set.Train[1].Frame(1)[87], Is.EqualTo(1));
        Assert.That(set.Train[1].Notes.Sum(n => n), Is.EqualTo(2));
        Assert.That(set.Valid.Single().Frame(0)[9], Is.EqualTo(1));
        Assert.That(set.Test.Single().Steps, Is.EqualTo(5));
        Assert.That(() => set.Train[0].Frame(3).Length,
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_piece_of_another_form_is_named_with_its_place()
    {
        void Refused(byte[] piece, string said) => Assert.That(
            () => Read(Folds(Roll(3, 0), piece)),
            Throws.TypeOf<DataException>().With.Message.Contain(said)
                .And.Message.Contain("set.mat").And.Property("Kind")
                .EqualTo(DataErrorKind.Malformed));

        Refused(Roll(3, 7, sound: 2), "piece 1 of 'traindata' has 2 at frame 0, key 7");
        Refused(Writer.Bytes("", 2, 87, new byte[174]), "piece 1 of 'traindata' is a 2×87 array");
        Refused(Writer.Bytes("", 0, 88), "a 0×88 array, expected T×88 with T > 0");
        Refused(Writer.Cells("", Roll(1, 1)), "a 1×1 cell array");
        Refused(Writer.Element(14), "a 0×0 array");
    }

    [Test]
    public void A_missing_fold_is_named_with_the_variables_that_are_there() => Assert.That(
        () => Read(Writer.Cells("traindata", Roll(1, 1)), Writer.Bytes("validdata", 1, 1, 1)),
        Throws.TypeOf<DataException>().With.Message.Contain("no cell array 'validdata'")
            .And.Message.Contain("the cell array 'traindata', the numeric array 'validdata'"));

    [Test]
    public void Other_counts_than_the_published_ones_are_refused()
    {
        string path = scratch.Put("set.mat", Writer.File(Folds(Roll(3, 0), Roll(2, 0))));

        Assert.That(
            () => MusicSet.Read(
                path, MusicCollection.JsbChorales, [new(2, 5), new(1, 2), new(1, 5)]),
            Throws.TypeOf<DataException>().With.Message.Contain(
                "'validdata' has 1 pieces of 1 frames together, expected 1 and 2"));
    }

    // The last two numbers were counted by another program: the notes of all folds, and the sum of
    // (frame + 1)·(key + 1) over them, which a transposed or shifted roll would change.
    [TestCase(MusicCollection.JsbChorales, 229, 76, 77, 13_807, 4_602, 4_725,
        90_002, 167_569_825)]
    [TestCase(MusicCollection.Nottingham, 694, 173, 170, 176_561, 45_513, 44_463,
        1_057_016, 7_514_205_689)]
    [TestCase(MusicCollection.PianoMidi, 87, 12, 25, 75_911, 8_540, 19_036,
        314_779, 9_226_782_703)]
    [TestCase(MusicCollection.MuseData, 524, 135, 124, 245_202, 82_755, 64_339,
        1_356_293, 45_422_803_353)]
    public void The_real_sets_have_their_published_pieces_and_frames(
        MusicCollection collection, int train, int valid, int test, int trainFrames,
        int validFrames, int testFrames, int notes, long places)
    {
        MusicSet set = MusicSet.Load(RealData.Store(), collection);

        Assert.That(new[] { set.Train.Count, set.Valid.Count, set.Test.Count },
            Is.EqualTo(new[] { train, valid, test }));
        Assert.That(
            new[] { set.Train, set.Valid, set.Test }.Select(f => f.Sum(p => p.Steps)),
            Is.EqualTo(new[] { trainFrames, validFrames, testFrames }));
        (int Notes, long Places) counted = (0, 0);
        foreach (MusicPiece piece in set.Train.Concat(set.Valid).Concat(set.Test))
        {
            for (int i = 0; i < piece.Notes.Length; i++)
            {
                counted.Notes += piece.Notes[i];
                counted.Places += piece.Notes[i] * (i / 88 + 1L) * (i % 88 + 1);
            }
        }

        Assert.That(counted, Is.EqualTo((notes, places)));
        Assert.That(MusicSet.Load(RealData.Store(), collection), Is.SameAs(set));
        Assert.That(set.ContentHash, Is.EqualTo(MusicSet.ContentHashOf(collection)));
    }

    [Test]
    public void Each_set_has_its_own_content_hash() => Assert.That(
        Enum.GetValues<MusicCollection>().Select(MusicSet.ContentHashOf), Is.Unique);

    [Test]
    public void A_failed_load_is_tried_again()
    {
        DataStore store = DataSamples.Store(scratch, offline: true);
        Assert.That(() => MusicSet.Load(store, MusicCollection.PianoMidi),
            Throws.TypeOf<DataException>().With.Property("Kind").EqualTo(DataErrorKind.Missing));
        scratch.Put(Catalogue.PianoMidi.Key, [1, 2, 3]);

        Assert.That(() => MusicSet.Load(store, MusicCollection.PianoMidi),
            Throws.TypeOf<DataException>().With.Property("Kind").EqualTo(DataErrorKind.Truncated));
    }
}
