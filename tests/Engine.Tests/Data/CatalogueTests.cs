using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class CatalogueTests
{
    [Test]
    public void Every_key_is_found_and_lies_in_the_folder_of_its_set()
    {
        foreach (DataSet set in Catalogue.DataSets)
        {
            Assert.That(Catalogue.FindDataSet(set.Name), Is.SameAs(set));
            foreach (DataFile file in set.Files)
            {
                Assert.That(Catalogue.Find(file.Key), Is.SameAs(file));
                Assert.That(file.Key, Does.StartWith(set.Name + "/"));
                Assert.That(file.Urls.Select(u => Path.GetFileName(u.AbsolutePath)),
                    Is.All.EqualTo(Path.GetFileName(file.Key)));
            }
        }

        Assert.That(Catalogue.Files.Select(f => f.Sha256), Is.Unique);
        Assert.That(Catalogue.Files, Has.Count.EqualTo(20));
    }

    [Test]
    public void An_unknown_key_is_answered_with_the_known_ones()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Catalogue.Find("mnist/train"))!;

        Assert.That(error.Message,
            Does.Contain("'mnist/train'").And.Contain("mnist/train-images-idx3-ubyte.gz"));
        Assert.That(() => Catalogue.FindDataSet("mnst"),
            Throws.ArgumentException.With.Message.Contain("polymusic"));
    }

    [Test]
    public void Every_file_of_the_data_folder_is_the_one_described()
    {
        DataStore store = RealData.Store();
        foreach (DataSet set in Catalogue.DataSets)
        {
            Assert.That(store.TryLocate(set), Is.TypeOf<Availability.Available>());
        }
    }

    [Test]
    public void The_content_hash_depends_on_the_files_and_not_on_their_order()
    {
        DataFile a = Catalogue.PtbTrain;
        DataFile b = Catalogue.PtbTest;

        Assert.That(DataSet.ContentHashOf([a, b]), Is.EqualTo(DataSet.ContentHashOf([b, a])));
        Assert.That(DataSet.ContentHashOf([a]), Is.Not.EqualTo(DataSet.ContentHashOf([a, b])));
        Assert.That(Catalogue.Mnist.ContentHash, Is.EqualTo(
            "81f39532735571d6c1ca1ecf33e067260076ed54d7212e9e6a8d3177795545a3"));
    }

    [Test]
    public void A_file_has_either_a_source_or_a_word_on_where_it_comes_from()
    {
        DataFile Make(string[] urls, string origin) => new(
            "a/b", urls, new string('0', 64), HashOf.Raw, 1, "none", origin);

        Assert.That(Make([], "Make it.").Urls, Is.Empty);
        Assert.That(() => Make([], ""), Throws.ArgumentException);
        Assert.That(() => Make(["http://h.invalid/b"], "Make it."), Throws.ArgumentException);
    }

    [TestCase("/etc/passwd")]
    [TestCase("../up")]
    [TestCase("a//b")]
    [TestCase("a\\b")]
    [TestCase("")]
    public void A_key_that_leaves_the_data_folder_is_refused(string key)
    {
        Assert.That(
            () => new DataFile(key, ["http://h.invalid/"], new string('0', 64), HashOf.Raw, 1, ""),
            Throws.ArgumentException);
    }
}

/// <summary>The real data, for tests that need it.</summary>
internal static class RealData
{
    /// <summary>A store that never downloads; ignores the test when REPRO_DATA is unset.</summary>
    public static DataStore Store()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DataFolder.Variable)))
        {
            Assert.Ignore($"{DataFolder.Variable} is not set: no real data to read.");
        }

        return new DataStore(DataFolder.Resolve(), offline: true);
    }
}
