using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class RandomPermutationTaskTests
{
    [Test]
    public void The_last_symbol_is_the_first_input_one_of_two_that_come_nowhere_else(
        [Values(2, 6, 50, 1_001)] int steps, [Values(4, 100)] int alphabet)
    {
        RandomPermutationTask task = new(steps, 3, alphabet);
        for (long i = 0; i < 50; i++)
        {
            Batch<float> batch = Generated.Sequence(task, Fold.Training, i);
            Assert.That(batch.Classes, Is.EqualTo(new[] { batch.InputIndices[0] }));
            Assert.That(batch.InputIndices[0], Is.LessThan(2));
            Assert.That(batch.InputIndices[1..], Is.All.InRange(2, alphabet - 1));
        }
    }

    [Test]
    public void The_first_symbol_is_a_fair_coin_and_the_others_are_uniform(
        [Values(4, 7, 100)] int alphabet)
    {
        const int n = 4_000;
        const int steps = 13;
        RandomPermutationTask task = new(steps, 17, alphabet);
        int zeros = 0;
        int[] counts = new int[alphabet];
        int pairs = 0;
        for (long i = 0; i < n; i++)
        {
            int[] symbols = Generated.Sequence(task, Fold.Validation, i).InputIndices;
            zeros += symbols[0] == 0 ? 1 : 0;
            foreach (int symbol in symbols.AsSpan(1))
            {
                counts[symbol]++;
            }
            for (int t = 2; t < steps; t++)
            {
                pairs += symbols[t] == symbols[t - 1] ? 1 : 0;
            }
        }
        double p = 1.0 / (alphabet - 2);
        int drawn = n * (steps - 1);
        Assert.That(zeros, Is.EqualTo(n / 2.0).Within(Generated.Spread(n, 0.5)));
        Assert.That(
            counts[2..].Select(c => (double)c),
            Is.All.EqualTo(drawn * p).Within(Generated.Spread(drawn, p)));
        // Neighbours are made of the same random word, and yet independent.
        int neighbours = n * (steps - 2);
        Assert.That(
            pairs, Is.EqualTo(neighbours * p).Within(Generated.Spread(neighbours, p)));
    }

    [Test]
    public void Predicting_every_symbol_has_the_next_input_for_its_class_and_the_same_sequences()
    {
        RandomPermutationTask last = new(30, 5);
        RandomPermutationTask next = new(30, 5, lossAt: LossPlacement.EveryStep);
        for (long i = 0; i < 20; i++)
        {
            Batch<float> batch = Generated.Sequence(next, Fold.Test, i);
            int[] symbols = batch.InputIndices;
            Assert.That(
                symbols, Is.EqualTo(Generated.Sequence(last, Fold.Test, i).InputIndices));
            Assert.That(batch.Classes, Is.EqualTo(symbols[1..].Append(symbols[0])));
        }
    }

    [Test]
    public void Only_the_last_symbol_counts_for_the_score_of_every_step()
    {
        RandomPermutationTask task = new(5, 5, 4, LossPlacement.EveryStep);
        Batch<float> batch = Generated.Room(task, 2);
        task.Fill(Fold.Test, 0, batch, 0);
        task.Fill(Fold.Test, 1, batch, 1);
        float[] outputs = Generated.IdealOutputs(task, batch);
        outputs.AsSpan(0, 4 * 2 * 4).Fill(float.NaN);
        SortedDictionary<string, double> sums = [];
        task.Score(batch, outputs, sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(2));
        Assert.That(
            sums[MetricNames.CrossEntropy],
            Is.EqualTo(2 * (Math.Log(Math.E + 3) - 1)).Within(1e-12));
    }

    [Test]
    public void The_sizes_are_those_of_the_paper()
    {
        RandomPermutationTask task = new(50, 1);
        Assert.That(
            (task.Name, task.Steps, task.InputSize, task.OutputSize, task.Readout, task.LossAt),
            Is.EqualTo((
                "random-permutation", 50, 100, 100, Readout.Softmax, LossPlacement.LastStep)));
    }

    [TestCase(3)]
    [TestCase(1025)]
    public void An_alphabet_out_of_range_is_refused(int alphabet) =>
        Assert.That(
            () => new RandomPermutationTask(5, 1, alphabet),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"alphabet of {alphabet}").And.Message.Contains("4 to"));

    [Test]
    public void A_sequence_with_nothing_between_first_and_last_is_refused() =>
        Assert.That(
            () => new RandomPermutationTask(1, 1),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("sequences of 1 steps").And.Message.Contains("2 steps"));
}
