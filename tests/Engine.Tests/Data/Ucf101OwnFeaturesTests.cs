using System.Text;
using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class Ucf101OwnFeaturesTests
{
    // In an order that is not the official one.
    private static readonly string[] Names =
    [
        "HandstandPushups/v_HandStandPushups_g01_c01.avi", "Archery/v_Archery_g02_c02.avi",
        "Archery/v_Archery_g01_c01.avi", "HandstandPushups/v_HandStandPushups_g02_c01.avi",
        "Archery/v_Archery_g02_c01.avi",
    ];

    private Scratch scratch = null!;
    private Ucf101Lists lists = null!;

    [SetUp]
    public void CreateFolder()
    {
        scratch = new Scratch();
        lists = Ucf101Lists.Read(Ucf101Samples.PutLists(scratch));
    }

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    private static float[] Frames(int name) =>
        [.. Enumerable.Range(0, 6).Select(i => name + (i / 8f))];

    private static byte[] Array(string shape, IEnumerable<float> values) => NpyReaderTests.Npy(
        $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}",
        [.. values.SelectMany(BitConverter.GetBytes)]);

    private string PutArray(IReadOnlyList<string>? names = null, string? shape = null)
    {
        names ??= Names;
        scratch.Put("array/features.npy", Array(shape ?? $"({names.Count}, 3, 2)",
            Enumerable.Range(0, names.Count).SelectMany(Frames)));
        scratch.Put("array/clips.txt", Encoding.ASCII.GetBytes(
            string.Concat(names.Select(n => n + "\n"))));
        return Path.Combine(scratch.Path, "array");
    }

    private string PutFiles(IEnumerable<string>? leftOut = null)
    {
        foreach (string name in Names.Except(leftOut ?? []))
        {
            scratch.Put("files/" + name[..^4] + ".npy",
                Array("(3, 2)", Frames(System.Array.IndexOf(Names, name))));
        }

        return Path.Combine(scratch.Path, "files");
    }

    private void Refused(string folder, string said, int split = 1) => Assert.That(
        () => Ucf101OwnFeatures.Read(lists, folder, split),
        Throws.TypeOf<DataException>().With.Message.Contain(said)
            .And.Message.StartsWith(scratch.Path));

    [Test]
    public void Both_layouts_give_the_same_clips_labels_values_and_hash()
    {
        Ucf101Features[] both =
        [
            Ucf101OwnFeatures.Read(lists, PutArray(), 1),
            Ucf101OwnFeatures.Read(lists, PutFiles(), 1),
        ];

        foreach (Ucf101Features own in both)
        {
            Assert.That((own.Count, own.Steps, own.Size), Is.EqualTo((5, 3, 2)));
            Assert.That(own.Classes, Is.EqualTo(new[] { "Archery", "HandstandPushups" }));
            Assert.That(own.Labels, Is.EqualTo(new[] { 0, 0, 0, 1, 1 }));
            Assert.That(own.TrainRows, Is.EqualTo(new[] { 1, 2, 4 }));
            Assert.That(own.TestRows, Is.EqualTo(new[] { 0, 3 }));
            for (int clip = 0; clip < 5; clip++)
            {
                float[] frames = new float[6];
                own.CopyTo(clip, frames);
                int name = System.Array.IndexOf(Names, own.Clips[clip].Name);
                Assert.That(frames, Is.EqualTo(Frames(name)), own.Clips[clip].Name);
            }
        }

        Assert.That(both[0].ContentHash, Is.EqualTo(both[1].ContentHash).And.Length.EqualTo(64));
    }

    [Test]
    public void The_hash_depends_on_the_values_and_on_the_split()
    {
        string first = Ucf101OwnFeatures.Read(lists, PutFiles(), 1).ContentHash;
        string split = Ucf101OwnFeatures.Read(lists, PutFiles(), 2).ContentHash;
        scratch.Put("files/" + Names[3][..^4] + ".npy", Array("(3, 2)", Frames(7)));
        string value = Ucf101OwnFeatures.Read(
            lists, Path.Combine(scratch.Path, "files"), 1).ContentHash;

        Assert.That(new[] { first, split, value }, Is.Unique);
    }

    [Test]
    public void A_class_may_be_left_out_but_not_a_clip_of_one_that_is_there()
    {
        Ucf101Features own = Ucf101OwnFeatures.Read(lists, PutFiles(Names.Where(
            n => n.StartsWith("Archery", StringComparison.Ordinal))), 1);
        Assert.That(own.Classes, Is.EqualTo(new[] { "HandstandPushups" }));
        Assert.That(own.Labels, Is.EqualTo(new[] { 0, 0 }));

        Refused(PutArray(Names[..4]), "1 clips of classes that are there are absent, "
            + "Archery/v_Archery_g02_c01.avi first");
    }

    [Test]
    public void Names_that_are_unknown_or_come_twice_are_refused()
    {
        Refused(PutArray([.. Names[..4], "Archery/v_Archery_g07_c01.avi"]), "line 5 is");
        Refused(PutArray([.. Names, Names[2]]), "line 6 is \"" + Names[2]);
        Refused(PutArray([.. Names, ""]), "line 6 is \"\"");
        Refused(PutArray([]), "names no clip");
    }

    [Test]
    public void Arrays_of_another_shape_are_refused()
    {
        Refused(PutArray(shape: "(6, 3, 2)"), "the array is 6×3×2, expected 5×any×any");
        Refused(PutArray(shape: "(5, 6)"), "the array is 5×6, expected 5×any×any");
        Refused(PutArray(shape: "(5, 0, 2)"), "A clip has 0×2 values");
        Refused(PutArray(shape: "(5, 70000, 70000)"), "cut short");
        Refused(PutArray(shape: "(5, 3, 1)"), "there are bytes left");
        string files = PutFiles();
        scratch.Put("files/" + Names[0][..^4] + ".npy", Array("(2, 3)", Frames(0)));
        Refused(files, "the array is 2×3, expected 3×2");
    }

    [Test]
    public void A_value_that_is_not_finite_is_named_with_its_place()
    {
        string files = PutFiles();
        float[] frames = Frames(1);
        frames[3] = float.NaN;
        scratch.Put("files/" + Names[1][..^4] + ".npy", Array("(3, 2)", frames));

        Refused(files, $"Feature 1 of frame 1 of {Names[1]} is NaN");
    }

    [Test]
    public void A_folder_that_is_absent_or_has_neither_layout_is_missing()
    {
        Refused(Path.Combine(scratch.Path, "none"), "no such folder");
        Refused(Path.Combine(scratch.Path, "lists"), "neither features.npy nor any CLASS");
    }

    [Test]
    public void The_buffer_for_a_clip_must_have_its_size()
    {
        Ucf101Features own = Ucf101OwnFeatures.Read(lists, PutArray(), 1);

        Assert.That(() => own.CopyTo(0, new float[5]),
            Throws.ArgumentException.With.Message.Contain("3×2"));
        Assert.That(() => own.CopyTo(5, new float[6]),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_official_lists_serve_features_of_one_class_in_the_default_folder()
    {
        DataStore real = RealData.Store();
        foreach (DataFile file in Catalogue.Ucf101ListFiles)
        {
            scratch.Put(file.Key, File.ReadAllBytes(file.PathIn(real.Folder)));
        }

        Ucf101Lists lists = Ucf101Lists.Load(real);
        foreach (Ucf101Clip clip in lists.Clips().Where(c => c.Class == 37))
        {
            scratch.Put($"{Ucf101OwnFeatures.DefaultKey}/{clip.Name[..^4]}.npy",
                Array("(1, 1)", [clip.Group]));
        }

        Ucf101Features own = Ucf101OwnFeatures.Load(DataSamples.Store(scratch, offline: true));

        Assert.That(own.Classes, Is.EqualTo(new[] { "HandstandPushups" }));
        Assert.That((own.TrainRows.Count, own.TestRows.Count), Is.EqualTo((100, 28)));
    }
}
