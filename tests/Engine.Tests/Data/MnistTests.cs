using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class MnistTests
{
    [Test]
    public void The_training_split_has_its_published_counts_and_first_digits()
    {
        Mnist mnist = Mnist.Load(RealData.Store(), MnistSplit.Train);

        Assert.That(mnist.Count, Is.EqualTo(60_000));
        Assert.That(mnist.Images, Has.Length.EqualTo(60_000 * 784));
        Assert.That(mnist.Labels[..10], Is.EqualTo(new byte[] { 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 }));
        Assert.That(mnist.Image(0).ToArray().Sum(p => p), Is.EqualTo(27_525));
        Assert.That(ClassCounts(mnist), Is.EqualTo(
            new[] { 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949 }));
    }

    [Test]
    public void The_test_split_has_its_published_counts_and_first_digits()
    {
        Mnist mnist = Mnist.Load(RealData.Store(), MnistSplit.Test);

        Assert.That(mnist.Count, Is.EqualTo(10_000));
        Assert.That(mnist.Images, Has.Length.EqualTo(10_000 * 784));
        Assert.That(mnist.Labels[..5], Is.EqualTo(new byte[] { 7, 2, 1, 0, 4 }));
        Assert.That(ClassCounts(mnist), Is.EqualTo(
            new[] { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 }));
    }

    [Test]
    public void The_mean_pixel_of_the_training_split_is_the_well_known_one()
    {
        Mnist mnist = Mnist.Load(RealData.Store(), MnistSplit.Train);
        long sum = 0;
        foreach (byte pixel in mnist.Images)
        {
            sum += pixel;
        }

        Assert.That(sum / (255.0 * mnist.Images.Length), Is.EqualTo(0.1307).Within(0.00005));
    }

    [Test]
    public void An_image_is_one_row_of_the_array_and_bounds_are_checked()
    {
        Mnist mnist = Mnist.Load(RealData.Store(), MnistSplit.Test);

        Assert.That(mnist.Image(9_999).ToArray(), Is.EqualTo(mnist.Images[^784..]));
        Assert.That(() => mnist.Image(10_000).Length,
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Concurrent_loads_share_one_instance()
    {
        DataStore store = RealData.Store();

        Mnist[] loaded = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Run(() => Mnist.Load(store, MnistSplit.Test))));

        Assert.That(loaded, Is.All.SameAs(loaded[0]));
    }

    [Test]
    public void The_splits_have_different_content_hashes_without_reading_a_file()
    {
        Assert.That(Mnist.ContentHashOf(MnistSplit.Train),
            Is.Not.EqualTo(Mnist.ContentHashOf(MnistSplit.Test)));
    }

    [Test]
    public void A_failed_load_is_tried_again()
    {
        using Scratch scratch = new();
        DataStore store = DataSamples.Store(scratch, offline: true);
        string path = Catalogue.MnistTestImages.PathIn(scratch.Folder);

        Assert.That(() => Mnist.Load(store, MnistSplit.Test), Throws.TypeOf<DataException>()
            .With.Property("Kind").EqualTo(DataErrorKind.Missing));
        scratch.Put(Catalogue.MnistTestImages.Key, [1, 2, 3]);

        Assert.That(() => Mnist.Load(store, MnistSplit.Test), Throws.TypeOf<DataException>()
            .With.Property("Kind").EqualTo(DataErrorKind.Truncated)
            .And.Message.Contains(path));
    }

    private static int[] ClassCounts(Mnist mnist)
    {
        int[] counts = new int[Mnist.Classes];
        foreach (byte label in mnist.Labels)
        {
            counts[label]++;
        }

        return counts;
    }
}
