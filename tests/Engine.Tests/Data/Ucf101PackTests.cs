using System.Text;
using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class Ucf101PackTests
{
    private const float Largest = 12.180773735046387f;

    private static readonly MatWriter Writer = new();

    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    // As the published clips: class double, kept as single, first subscript fastest.
    private static byte[] Clip(Func<int, int, float> value, int columns = 4096)
    {
        byte[] data = [.. from f in Enumerable.Range(0, columns)
                          from t in Enumerable.Range(0, 25)
                          from b in BitConverter.GetBytes(value(t, f))
                          select b];
        return Writer.File(Writer.Matrix(
            Writer.Head(6, [25, columns], "Feature"), Writer.Element(7, data)));
    }

    private static string Sha(string name) => DataSamples.Sha(Encoding.ASCII.GetBytes(name));

    [Test]
    public void A_clip_is_converted_frame_by_frame_by_the_square_root_law()
    {
        string path = scratch.Put("v_000001.mat", Clip((t, f) => f switch
        {
            0 => 0,
            1 => Largest,
            2 => Largest / 4,
            3 => t / 2f,
            _ => 1e-6f,
        }));

        byte[] codes = Ucf101Converter.ConvertClip(path);

        Assert.That(codes, Has.Length.EqualTo(25 * 4096));
        Assert.That(codes[..5], Is.EqualTo(new byte[] { 0, 255, 128, 0, 0 }), "127.5 to even");
        for (int t = 0; t < 25; t++)
        {
            Assert.That(codes[(t * 4096) + 3],
                Is.EqualTo(Math.Round(255 * Math.Sqrt(t / 2.0 / Largest))));
        }
    }

    [Test]
    public void Each_code_stands_for_a_value_that_is_converted_back_to_it()
    {
        float[] levels = [.. Ucf101Converter.Levels];
        Assert.That(levels, Has.Length.EqualTo(256).And.Ordered.Ascending);
        Assert.That((levels[0], levels[255]), Is.EqualTo((0f, Largest)));

        byte[] codes = Ucf101Converter.ConvertClip(
            scratch.Put("v.mat", Clip((_, f) => levels[f % 256])));

        Assert.That(codes.Select((q, i) => q == i % 256), Is.All.True);
    }

    [TestCase(-1e-7f)]
    [TestCase(12.2f)]
    [TestCase(float.NaN)]
    public void A_value_that_no_activation_has_is_named_with_its_place(float wrong) => Assert.That(
        () => Ucf101Converter.ConvertClip(scratch.Put(
            "v.mat", Clip((t, f) => t == 3 && f == 5 ? wrong : 1))),
        Throws.TypeOf<DataException>().With.Message.Contain("feature 5 of frame 3 is "));

    [Test]
    public void A_clip_of_another_shape_is_refused() => Assert.That(
        () => Ucf101Converter.ConvertClip(scratch.Put("v.mat", Clip((_, _) => 1, 4095))),
        Throws.TypeOf<DataException>().With.Message.Contain("is 25×4095, expected 25×4096"));

    [Test]
    public void A_pack_of_another_hash_is_thrown_away_and_one_of_the_right_hash_is_read_back()
    {
        IReadOnlyList<Ucf101Row> rows = Ucf101Row.Of(
            Ucf101Lists.Read(Ucf101Samples.PutLists(scratch)), 1, 2);
        foreach (Ucf101Row row in rows)
        {
            scratch.Put(Ucf101Source.KeyOf(row.VideoName),
                Clip((t, f) => row.VideoId + (f == 7 ? t / 8f : 0)));
        }

        string target = Path.Combine(scratch.Path, "pack.npy.gz");
        string PathOf(Ucf101Row row) => Path.Combine(
            [scratch.Path, .. Ucf101Source.KeyOf(row.VideoName).Split('/')]);
        DataException error = Assert.Throws<DataException>(
            () => Ucf101Converter.Write(rows, PathOf, target, Sha("other"), null))!;
        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.ChecksumMismatch));
        Assert.That(scratch.FileNames, Has.None.Contains("pack"));

        string actual = error.Message.Split("has SHA-256 ")[1][..64];
        Ucf101Converter.Write(rows, PathOf, target, actual, null);
        string index = scratch.Put("index.tsv", Ucf101Row.ToBytes(rows));
        Assert.That(scratch.FileNames, Has.None.Contains(".part"));

        Ucf101Features pack = Ucf101Features.Read(target, index, "hash");
        Assert.That(pack.Classes, Is.EqualTo(new[] { "Archery", "HandstandPushups" }));
        Assert.That(pack.Labels, Is.EqualTo(new[] { 0, 0, 0, 1, 1 }));
        Assert.That(pack.TrainRows, Is.EqualTo(new[] { 1, 2, 4 }));
        float[] frames = new float[25 * 4096];
        for (int clip = 0; clip < 5; clip++)
        {
            pack.CopyTo(clip, frames);
            Assert.That(frames[0], Is.EqualTo(clip + 1).Within(0.03));
            Assert.That(frames[(24 * 4096) + 7], Is.EqualTo(clip + 4).Within(0.03));
        }
    }

    [Test]
    public void A_clip_that_fails_in_the_middle_leaves_no_pack_and_keeps_an_older_one()
    {
        IReadOnlyList<Ucf101Row> rows = Ucf101Row.Of(
            Ucf101Lists.Read(Ucf101Samples.PutLists(scratch)), 1, 2);
        string clip = scratch.Put("v.mat", Clip((_, _) => 1));
        string target = scratch.Put("pack.npy.gz", [1, 2, 3]);
        int left = 2;

        Assert.That(
            () => Ucf101Converter.Write(
                rows, _ => left-- > 0 ? clip : clip + ".absent", target, Sha(""), null),
            Throws.TypeOf<DataException>().With.Property("Kind").EqualTo(DataErrorKind.Missing));

        Assert.That(File.ReadAllBytes(target), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(scratch.FileNames, Has.None.Contains(".part"));
    }

    [TestCase("0\tv_000002\t1\t1\tArchery/v_Archery_g02_c01.avi")]
    [TestCase("1\tv_000002\t1\t3\tArchery/v_Archery_g02_c01.avi")]
    [TestCase("1\tv_2\t1\t1\tArchery/v_Archery_g02_c01.avi")]
    [TestCase("1\tv_000002\tx\t1\tArchery/v_Archery_g02_c01.avi")]
    [TestCase("1\tv_000002\t1\t1\tArchery_g02_c01.avi")]
    [TestCase("1\tv_000002\t1\t1")]
    public void A_wrong_row_of_the_index_is_named_with_its_line(string row)
    {
        string index = scratch.Put("index.tsv", Encoding.ASCII.GetBytes(
            "row\tvideo_id\tclass\tsplit01(1=train,2=test)\tofficial_name\n"
            + "0\tv_000001\t1\t2\tArchery/v_Archery_g01_c01.avi\n" + row + "\n"));

        Assert.That(() => Ucf101Row.ReadAll(index), Throws.TypeOf<DataException>()
            .With.Message.StartsWith(index).And.Message.Contain("line 3 is"));
        Assert.That(() => Ucf101Row.ReadAll(scratch.Put("x.tsv", [])),
            Throws.TypeOf<DataException>().With.Message.Contain("line 1"));
    }

    [Test]
    public void Without_the_pack_the_error_says_how_to_make_it_and_asks_no_host()
    {
        // Not offline: only the missing sources keep the store from the network.
        DataStore store = DataSamples.Store(scratch);

        DataException error = Assert.Throws<DataException>(() => Ucf101Features.Load(store))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Missing));
        Assert.That(error.Message, Does.Contain("scripts/convert-ucf101.fsx --download")
            .And.Contain("REPRO_DATA"));
        Availability.Missing missing = (Availability.Missing)store.TryLocate(Catalogue.Ucf101);
        Assert.That(missing.Remedy, Does.Contain("convert-ucf101.fsx"));
        Assert.That(scratch.FileNames, Is.Empty);
    }

    [Test]
    public void A_damaged_pack_is_corrupt_with_the_way_to_make_it_anew()
    {
        scratch.Put(Catalogue.Ucf101Pack.Key, [1, 2, 3]);
        DataStore store = DataSamples.Store(scratch);

        Availability.Corrupt corrupt = (Availability.Corrupt)store.TryLocate(Catalogue.Ucf101);

        Assert.That(corrupt.Remedy,
            Does.StartWith("Delete the file. Make it with").And.Contain("convert-ucf101"));
    }

    [Test]
    public void The_checksums_of_the_raw_clips_are_those_of_the_source()
    {
        Assert.That(Ucf101Source.Clips, Has.Count.EqualTo(1_865));
        Assert.That(Ucf101Source.Clips[0].Key, Is.EqualTo("ucf101/vgg16_relu6/v_000146.mat"));
        Assert.That(Ucf101Source.Clips[^1].Urls.Single().ToString(), Does.EndWith(
            "08e3b1d7d40d75c3e88ad03608ef28e742103d4f/vgg16_relu6/v_002010.mat"));
        string list = Path.Combine(RealData.Store().Folder.Path, "ucf101", "vgg16_relu6.sha256");
        Assert.That(
            Ucf101Source.Clips.Select(f => $"{f.Sha256}  {Path.GetFileName(f.Key)}"),
            Is.EqualTo(File.ReadAllLines(list).Skip(145)));
    }

    [Test]
    public void The_index_made_from_the_official_lists_is_the_published_one()
    {
        DataStore store = RealData.Store();
        IReadOnlyList<Ucf101Row> rows = Ucf101Row.Of(Ucf101Lists.Load(store), 2, 15);

        Assert.That(DataSamples.Sha(Ucf101Row.ToBytes(rows)),
            Is.EqualTo(Catalogue.Ucf101Index.Sha256));
        Assert.That(Ucf101Row.ReadAll(store.Require(Catalogue.Ucf101Index)), Is.EqualTo(rows));
    }

    [Test]
    public void The_sample_clips_are_converted_to_exactly_their_rows_of_the_pack()
    {
        DataStore store = RealData.Store();
        IReadOnlyList<Ucf101Row> rows = Ucf101Row.ReadAll(store.Require(Catalogue.Ucf101Index));
        NpyArray pack = NpyReader.Read(store.Require(Catalogue.Ucf101Pack), 1_865, 25, 4_096);
        DataFile[] samples = [.. Ucf101Source.Clips.Where(
            f => File.Exists(f.PathIn(store.Folder)))];
        Assert.That(samples, Has.Length.AtLeast(14));

        foreach (DataFile sample in samples)
        {
            int row = rows.Index().Single(
                r => Ucf101Source.KeyOf(r.Item.VideoName) == sample.Key).Index;
            byte[] codes = Ucf101Converter.ConvertClip(store.Require(sample));
            Assert.That(codes.AsSpan().SequenceEqual(
                pack.Data.AsSpan(row * codes.Length, codes.Length)), sample.Key);
        }
    }

    [Test]
    public void The_converter_names_the_first_clip_that_is_absent_and_downloads_nothing()
    {
        DataStore real = RealData.Store();
        foreach (DataFile file in Catalogue.Ucf101ListFiles)
        {
            scratch.Put(file.Key, File.ReadAllBytes(file.PathIn(real.Folder)));
        }

        string[] before = scratch.FileNames;
        DataException error = Assert.Throws<DataException>(
            () => Ucf101Converter.Convert(DataSamples.Store(scratch)))!;

        Assert.That(error.Message, Does.Contain("1865 of 1865 raw clips are absent")
            .And.Contain("v_000146.mat").And.Contain("--download").And.Contain("760 MB"));
        Assert.That(scratch.FileNames, Is.EqualTo(before));
    }

    [Test]
    public void The_real_pack_has_its_published_clips_classes_and_values()
    {
        Ucf101Features pack = Ucf101Features.Load(RealData.Store());

        Assert.That((pack.Count, pack.Steps, pack.Size), Is.EqualTo((1_865, 25, 4_096)));
        Assert.That((pack.TrainRows.Count, pack.TestRows.Count), Is.EqualTo((1_341, 524)));
        Assert.That(pack.Classes, Has.Count.EqualTo(14));
        Assert.That((pack.Classes[0], pack.Classes[13]),
            Is.EqualTo(("ApplyLipstick", "BodyWeightSquats")));
        Assert.That(pack.Labels.Distinct(), Is.EqualTo(Enumerable.Range(0, 14)));
        Assert.That(pack.ContentHash, Is.EqualTo(Ucf101Features.PackContentHash));
        Assert.That(Ucf101Features.Load(RealData.Store()), Is.SameAs(pack));

        // The pair of identical clips that crosses the split.
        int Row(string stem) => pack.Clips.Index().Single(c => c.Item.Stem == stem).Index;
        int test = Row("v_Basketball_g03_c01");
        int train = Row("v_Basketball_g23_c01");
        float[] first = new float[25 * 4096];
        float[] second = new float[25 * 4096];
        pack.CopyTo(test, first);
        pack.CopyTo(train, second);
        Assert.That(second, Is.EqualTo(first));
        Assert.That((pack.TestRows.Contains(test), pack.TrainRows.Contains(train)),
            Is.EqualTo((true, true)));
    }
}
