using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

/// <summary>Sequential MNIST on images made here: image i is a function of its pixels.</summary>
public class SequentialMnistTests
{
    // Seven training images and three test images. 0: the column; 1: the row; others: noise.
    internal static readonly MnistImages Training = Images(7, 0, "train");
    internal static readonly MnistImages Test = Images(3, 100, "test");

    [Test]
    public void Pixels_come_in_scan_line_order_scaled_to_the_unit_interval()
    {
        SequentialMnist task = new(Training, Test);
        Assert.That(
            (task.Steps, task.InputSize, task.OutputSize, task.Readout, task.LossAt),
            Is.EqualTo((784, 1, 10, Readout.Softmax, LossPlacement.LastStep)));
        float[] columns = Sequence(task, Fold.Training, 0).Inputs;
        float[] rows = Sequence(task, Fold.Training, 1).Inputs;
        for (int t = 0; t < 784; t++)
        {
            Assert.That(columns[t], Is.EqualTo((t % 28) / 255f).Within(1e-7));
            Assert.That(rows[t], Is.EqualTo((t / 28) / 255f).Within(1e-7));
        }
    }

    [Test]
    public void Black_is_zero_and_white_is_one_at_every_pool([Values(1, 2, 4, 7, 14)] int pool)
    {
        byte[] pixels = new byte[2 * 784];
        pixels.AsSpan(784).Fill(255);
        MnistImages images = new(pixels, [0, 1], "flat");
        SequentialMnist task = new(images, images, pool: pool);
        Assert.That(task.Steps, Is.EqualTo(784 / (pool * pool)));
        Assert.That(Sequence(task, Fold.Training, 0).Inputs, Is.All.Zero);
        Assert.That(Sequence(task, Fold.Training, 1).Inputs, Is.All.EqualTo(1f).Within(1e-6));
    }

    [Test]
    public void Pooling_averages_squares_of_pixels()
    {
        SequentialMnist task = new(Training, Test, pool: 2);
        float[] x = Sequence(task, Fold.Training, 3).Inputs;
        ReadOnlySpan<byte> image = Training.Image(3);
        for (int t = 0; t < 196; t++)
        {
            int corner = (t / 14 * 2 * 28) + (t % 14 * 2);
            double mean = (image[corner] + image[corner + 1] + image[corner + 28]
                + image[corner + 29]) / 4.0;
            Assert.That(x[t], Is.EqualTo(mean / 255).Within(1e-6), $"step {t}");
        }
    }

    [Test]
    public void Pixels_as_bytes_are_those_of_the_file_or_the_means_of_squares_of_them(
        [Values(1, 2, 14)] int pool)
    {
        SequentialMnist task = new(Training, Test, 2, 5, pool, PixelScale.Bytes);
        SequentialMnist unit = new(Training, Test, 2, 5, pool);
        float[] bytes = Sequence(task, Fold.Training, 3).Inputs;
        Assert.That(
            bytes, Is.EqualTo(Sequence(unit, Fold.Training, 3).Inputs.Select(x => 255 * x))
                .Within(1e-4));
        if (pool == 1)
        {
            Assert.That(
                bytes.Select(x => (double)x).Order(),
                Is.EqualTo(Training.Image(3).ToArray().Select(b => (double)b).Order()));
        }
        Assert.That(task.Settings["pixels"], Is.EqualTo("bytes"));
        Assert.That(unit.Settings.Keys, Has.None.EqualTo("pixels"));
        Assert.That(
            (task.Parts.Count(p => p.Part == "pixel-scale"),
                unit.Parts.Count(p => p.Part == "pixel-scale")), Is.EqualTo((1, 0)));
    }

    [Test]
    public void A_setting_of_the_task_is_read_as_it_was_written()
    {
        SequentialMnist task = MnistTask.Load(
            Data.RealData.Store(), 5_000, 7, 4, PixelScale.Bytes);
        SequenceTask read = SequenceTasks.Read(
            new SettingsNode(
                "task", JsonNode.Parse(CanonicalJson.Write(task.Describe()))),
            new TaskSources(Data.RealData.Store()), 1);
        Assert.That(
            CanonicalJson.Write(read.Describe()),
            Is.EqualTo(CanonicalJson.Write(task.Describe())));
        Assert.That(
            Sequence((SequentialMnist)read, Fold.Validation, 3).Inputs,
            Is.EqualTo(Sequence(task, Fold.Validation, 3).Inputs));
    }

    [Test]
    public void A_permutation_is_a_bijection_fixed_by_its_seed_for_every_image_and_fold()
    {
        SequentialMnist plain = new(Training, Test);
        SequentialMnist task = new(Training, Test, permutationSeed: 5);
        SequentialMnist same = new(Training, Test, permutationSeed: 5);
        SequentialMnist other = new(Training, Test, permutationSeed: 6);
        int[] order = Order(task);
        Assert.That(order.Order(), Is.EqualTo(Enumerable.Range(0, 784)));
        Assert.That(order, Is.Not.Ordered);
        Assert.That(Order(same), Is.EqualTo(order));
        Assert.That(Order(other), Is.Not.EqualTo(order));
        // About one pixel stays where it was.
        Assert.That(order.Where((cell, t) => cell == t).Count(), Is.LessThan(10));
        foreach ((Fold fold, long index) in new[] { (Fold.Training, 4L), (Fold.Test, 2L) })
        {
            float[] scan = Sequence(plain, fold, index).Inputs;
            Assert.That(
                Sequence(task, fold, index).Inputs, Is.EqualTo(order.Select(cell => scan[cell])));
        }
    }

    [Test]
    public void Validation_images_are_the_last_of_the_training_file()
    {
        SequentialMnist task = new(Training, Test, validationCount: 2);
        Assert.That(
            (task.Count(Fold.Training), task.Count(Fold.Validation), task.Count(Fold.Test)),
            Is.EqualTo((5L, 2L, 3L)));
        SequentialMnist whole = new(Training, Test);
        Assert.That(
            (whole.Count(Fold.Training), whole.Count(Fold.Validation)), Is.EqualTo((7L, 0L)));
        for (long i = 0; i < 2; i++)
        {
            Batch<float> kept = Sequence(task, Fold.Validation, i);
            Batch<float> last = Sequence(whole, Fold.Training, 5 + i);
            Assert.That(kept.Inputs, Is.EqualTo(last.Inputs));
            Assert.That(kept.Classes, Is.EqualTo(last.Classes));
        }
        Assert.That(Sequence(task, Fold.Test, 2).Classes[0], Is.EqualTo(Test.Label(2)));
    }

    [TestCase(Fold.Training, 5)]
    [TestCase(Fold.Training, -1)]
    [TestCase(Fold.Validation, 2)]
    [TestCase(Fold.Test, 3)]
    public void An_index_beyond_its_fold_is_refused_and_never_reads_another_fold(
        Fold fold, long index) =>
        Assert.That(
            () => Sequence(new SequentialMnist(Training, Test, validationCount: 2), fold, index),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"the {fold} fold has"));

    [Test]
    public void An_image_does_not_depend_on_its_place_in_the_batch()
    {
        SequentialMnist task = new(Training, Test, permutationSeed: 5, pool: 4);
        Batch<float> batch = new(task.Network(2, Activation.Relu), task.Steps, 3);
        for (int slot = 0; slot < 3; slot++)
        {
            task.Fill(Fold.Training, 6 - slot, batch, slot);
        }
        for (int slot = 0; slot < 3; slot++)
        {
            Batch<float> alone = Sequence(task, Fold.Training, 6 - slot);
            Assert.That(
                Enumerable.Range(0, task.Steps).Select(t => batch.Inputs[(t * 3) + slot]),
                Is.EqualTo(alone.Inputs));
            Assert.That(batch.Classes[slot], Is.EqualTo(alone.Classes[0]));
        }
    }

    [Test]
    public void Settings_and_data_hashes_name_everything_that_changes_a_run()
    {
        SequentialMnist plain = new(Training, Test);
        SequentialMnist other = new(Training, Test, 2, 5, 2);
        Assert.That(plain.Settings.Keys, Is.EqualTo(new[] { "pool", "validation" }));
        Assert.That(
            (other.Settings["pool"], other.Settings["validation"], other.Settings["permutation"]),
            Is.EqualTo((2, 2, 5UL)));
        Assert.That(
            plain.DataHashes,
            Is.EquivalentTo(new Dictionary<string, string>
            {
                ["mnist/train"] = "train",
                ["mnist/t10k"] = "test",
            }));
    }

    [TestCase(-1)]
    [TestCase(7)]
    public void Keeping_every_training_image_for_validation_is_refused(int count) =>
        Assert.That(
            () => new SequentialMnist(Training, Test, count),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 … 6"));

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(28)]
    public void A_pool_that_leaves_no_sequence_is_refused(int pool) =>
        Assert.That(
            () => new SequentialMnist(Training, Test, pool: pool),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("1, 2, 4, 7 or 14"));

    private static MnistImages Images(int count, int salt, string hash)
    {
        byte[] pixels = new byte[count * 784];
        for (int i = 0; i < pixels.Length; i++)
        {
            int p = i % 784;
            pixels[i] = (byte)((i / 784) switch
            {
                0 => p % 28,
                1 => p / 28,
                _ => ((i * 31) + salt + (p * p)) % 256,
            });
        }
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)((i + salt) % 10))];
        return new MnistImages(pixels, labels, hash);
    }

    private static int[] Order(SequentialMnist task)
    {
        float[] columns = Sequence(task, Fold.Training, 0).Inputs;
        float[] rows = Sequence(task, Fold.Training, 1).Inputs;
        return
        [
            .. rows.Zip(columns, (r, c) =>
                ((int)MathF.Round(r * 255) * 28) + (int)MathF.Round(c * 255)),
        ];
    }

    private static Batch<float> Sequence(SequentialMnist task, Fold fold, long index)
    {
        Batch<float> batch = new(task.Network(1, Activation.Relu), task.Steps, 1);
        batch.Inputs.AsSpan().Fill(float.NaN);
        task.Fill(fold, index, batch, 0);
        return batch;
    }
}
