using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class Ucf101ListsTests
{
    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    [Test]
    public void Classes_and_clips_are_read_with_either_kind_of_line_end()
    {
        foreach (string end in new[] { "\n", "\r\n" })
        {
            Ucf101Lists lists = Ucf101Lists.Read(Ucf101Samples.PutLists(scratch, end));

            Assert.That(lists.Classes, Is.EqualTo(new[] { "Archery", "HandstandPushups" }));
            Assert.That(lists.Train(1).Select(c => c.Stem), Is.EqualTo(new[]
            {
                "v_HandStandPushups_g02_c01", "v_Archery_g02_c02", "v_Archery_g02_c01",
            }));
            Ucf101Clip first = lists.Train(1)[0];
            Assert.That((first.Class, first.ClassName, first.Group, first.Number),
                Is.EqualTo((2, "HandstandPushups", 2, 1)));
            Assert.That(lists.Test(1).Select(c => c.Class), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(lists.Clips().Select(c => $"{c.Class}/{c.Group}/{c.Number}"),
                Is.EqualTo(new[] { "1/1/1", "1/2/1", "1/2/2", "2/1/1", "2/2/1" }));
        }
    }

    [TestCase("classInd.txt", "1 Archery\n3 Diving\n", "line 2 is \"3 Diving\"")]
    [TestCase("classInd.txt", "1 Archery\n2 Archery\n", "expected \"2 NAME\" with a new name")]
    [TestCase("classInd.txt", "1 Archery\n\n", "line 2 is \"\"")]
    [TestCase("trainlist02.txt", "Archery/v_Archery_g01_c01.avi", "line 1 is")]
    [TestCase("trainlist01.txt", "Archery/v_Archery_g01_c01.avi 2", "and its number")]
    [TestCase("trainlist01.txt", "Diving/v_Diving_g01_c01.avi 1", "a class of the class list")]
    [TestCase("trainlist01.txt", "Archery/v_Archery_g1_c01.avi 1", "v_NAME_gGG_cCC.avi")]
    [TestCase("trainlist01.txt", "Archery/v_Archery_g00_c01.avi 1", "v_NAME_gGG_cCC.avi")]
    [TestCase("trainlist01.txt", "Archery/g01_c01.avi 1", "v_NAME_gGG_cCC.avi")]
    [TestCase("testlist03.txt", "Archery/x/v_Archery_g01_c01.avi", "v_NAME_gGG_cCC.avi")]
    [TestCase("testlist01.txt", "Archery/v_Archery_g01_c01.avi\nArchery/v_Archery_g02_c01.avi",
        "line 2 is \"Archery/v_Archery_g02_c01.avi\", expected a clip that this split has not")]
    [TestCase("testlist01.txt", "<html>", "line 1 is \"<html>\"")]
    public void A_wrong_line_is_named_with_its_file_and_number(
        string name, string text, string said)
    {
        string folder = Ucf101Samples.PutLists(scratch);
        string path = scratch.Put("lists/" + name, System.Text.Encoding.ASCII.GetBytes(text));

        Assert.That(() => Ucf101Lists.Read(folder), Throws.TypeOf<DataException>()
            .With.Property("Kind").EqualTo(DataErrorKind.Malformed)
            .And.Message.StartsWith(path).And.Message.Contain(said));
    }

    [Test]
    public void An_absent_list_is_missing_and_the_store_says_where_to_get_it()
    {
        string folder = Ucf101Samples.PutLists(scratch);
        File.Delete(Path.Combine(folder, "testlist02.txt"));

        Assert.That(() => Ucf101Lists.Read(folder), Throws.TypeOf<DataException>()
            .With.Property("Kind").EqualTo(DataErrorKind.Missing)
            .And.Message.Contain("testlist02.txt"));
        Assert.That(() => Ucf101Lists.Load(DataSamples.Store(scratch)),
            Throws.TypeOf<DataException>().With.Property("Kind").EqualTo(DataErrorKind.Missing)
            .And.Message.Contain("RecognitionTask.zip").And.Message.Contain("unasked"));
    }

    [Test]
    public void A_split_that_does_not_exist_is_refused()
    {
        Ucf101Lists lists = Ucf101Lists.Read(Ucf101Samples.PutLists(scratch));

        Assert.That(() => lists.Train(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => lists.Test(4), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_official_lists_have_their_published_counts_and_no_group_in_both_parts()
    {
        Ucf101Lists lists = Ucf101Lists.Load(RealData.Store());

        Assert.That(lists.Classes, Has.Count.EqualTo(101));
        (int, int)[] counts = [(9_537, 3_783), (9_586, 3_734), (9_624, 3_696)];
        for (int split = 1; split <= 3; split++)
        {
            IReadOnlyList<Ucf101Clip> train = lists.Train(split);
            IReadOnlyList<Ucf101Clip> test = lists.Test(split);
            Assert.That((train.Count, test.Count), Is.EqualTo(counts[split - 1]));
            Assert.That(train.Select(c => (c.Class, c.Group))
                .Intersect(test.Select(c => (c.Class, c.Group))), Is.Empty);
        }

        Assert.That(lists.Train(1).Select(c => c.Group).Distinct().Order(),
            Is.EqualTo(Enumerable.Range(8, 18)));
        Assert.That(lists.Clips(), Has.Count.EqualTo(13_320));
    }
}

internal static class Ucf101Samples
{
    /// <summary>Lists of two classes and five clips, split 1 with three for training.</summary>
    public static string PutLists(Scratch scratch, string end = "\n")
    {
        void Put(string name, params string[] lines) => scratch.Put(
            "lists/" + name, System.Text.Encoding.ASCII.GetBytes(
                string.Concat(lines.Select(l => l + end))));

        Put("classInd.txt", "1 Archery", "2 HandstandPushups");
        string[] train =
        [
            "HandstandPushups/v_HandStandPushups_g02_c01.avi 2",
            "Archery/v_Archery_g02_c02.avi 1", "Archery/v_Archery_g02_c01.avi 1",
        ];
        string[] test =
        [
            "Archery/v_Archery_g01_c01.avi", "HandstandPushups/v_HandStandPushups_g01_c01.avi",
        ];
        for (int split = 1; split <= 3; split++)
        {
            Put($"trainlist0{split}.txt", train);
            Put($"testlist0{split}.txt", test);
        }

        return Path.Combine(scratch.Path, "lists");
    }
}
