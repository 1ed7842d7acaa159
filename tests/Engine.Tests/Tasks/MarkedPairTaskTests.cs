using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class MarkedPairTaskTests
{
    [Test]
    public void Every_sequence_has_two_marks_where_the_placement_allows_them(
        [Values] MarkPlacement placement, [Values(12, 13, 50)] int steps)
    {
        MarkedPairTask task = new(PairTarget.Sum, steps, 3, placement);
        HashSet<int> earliest = [];
        HashSet<int> latest = [];
        for (long i = 0; i < 3_000; i++)
        {
            Batch<float> batch = Sequence(task, Fold.Training, i);
            int[] marks = Marks(batch);
            Assert.That(marks, Has.Length.EqualTo(2));
            int half = steps / 2;
            switch (placement)
            {
                case MarkPlacement.Halves:
                    Assert.That(marks[0], Is.LessThan(half));
                    Assert.That(marks[1], Is.GreaterThanOrEqualTo(half));
                    break;
                case MarkPlacement.FirstTenThenHalf:
                    Assert.That(marks[0], Is.LessThan(10));
                    Assert.That(marks[1], Is.LessThan(Math.Max(half, 11)));
                    break;
            }
            earliest.Add(marks[0]);
            latest.Add(marks[1]);
        }
        // Every step the placement allows is taken, its first and last included.
        int end = placement == MarkPlacement.FirstTenThenHalf ? Math.Max(steps / 2, 11) : steps;
        Assert.That(earliest, Does.Contain(0));
        Assert.That(latest, Does.Contain(end - 1));
        int allowed = earliest.Union(latest).Count();
        Assert.That(allowed, Is.EqualTo(end));
    }

    [Test]
    public void Marks_anywhere_fall_on_every_pair_of_steps_equally_often()
    {
        const int n = 12_000;
        MarkedPairTask task = new(PairTarget.Sum, 4, 5, MarkPlacement.Anywhere);
        Dictionary<string, int> pairs = [];
        for (long i = 0; i < n; i++)
        {
            string pair = string.Join(',', Marks(Sequence(task, Fold.Training, i)));
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }
        double sigma = Math.Sqrt(n * (1 / 6.0) * (5 / 6.0));
        Assert.That(pairs, Has.Count.EqualTo(6));
        Assert.That(pairs.Values.Select(v => (double)v), Is.All.EqualTo(n / 6.0).Within(4 * sigma));
    }

    [Test]
    public void The_target_is_the_sum_or_the_product_of_the_marked_numbers(
        [Values] PairTarget target)
    {
        MarkedPairTask task = new(target, 20, 7);
        for (long i = 0; i < 200; i++)
        {
            Batch<float> batch = Sequence(task, Fold.Test, i);
            int[] marks = Marks(batch);
            float a = batch.Inputs[marks[0] * 2];
            float b = batch.Inputs[marks[1] * 2];
            Assert.That(
                batch.Targets[0], Is.EqualTo(target == PairTarget.Sum ? a + b : a * b));
        }
        string name = target == PairTarget.Sum ? "addition" : "multiplication";
        Assert.That(task.Name, Is.EqualTo(name));
    }

    [Test]
    public void Equal_seeds_give_equal_bytes_and_other_seeds_folds_and_indices_others()
    {
        float[] one = Inputs(new MarkedPairTask(PairTarget.Sum, 20, 7), Fold.Training, 0);
        Assert.That(
            Inputs(new MarkedPairTask(PairTarget.Sum, 20, 7), Fold.Training, 0), Is.EqualTo(one));
        Assert.That(
            Inputs(new MarkedPairTask(PairTarget.Product, 20, 7), Fold.Training, 0),
            Is.EqualTo(one), "the target is no part of the inputs");
        MarkedPairTask task = new(PairTarget.Sum, 20, 7);
        float[][] others =
        [
            Inputs(new MarkedPairTask(PairTarget.Sum, 20, 8), Fold.Training, 0),
            Inputs(task, Fold.Validation, 0), Inputs(task, Fold.Test, 0),
            Inputs(task, Fold.Training, 1), Inputs(task, Fold.Training, 99_999),
        ];
        for (int i = 0; i < others.Length; i++)
        {
            Assert.That(others[i], Is.Not.EqualTo(one));
            Assert.That(others.Take(i), Has.None.EqualTo(others[i]));
        }
    }

    [Test]
    public void A_sequence_does_not_depend_on_its_place_in_the_batch_or_on_its_neighbours(
        [Values] MarkPlacement placement)
    {
        MarkedPairTask task = new(PairTarget.Product, 15, 11, placement);
        Batch<float> batch = new(task.Network(3, Activation.Relu), 15, 9);
        batch.Inputs.AsSpan().Fill(float.NaN);
        long[] indices = [40, 3, 3, 0, 99_999, 7, 8, 1, 2];
        foreach (int slot in (int[])[5, 0, 8, 1, 7, 2, 6, 3, 4])
        {
            task.Fill(Fold.Training, indices[slot], batch, slot);
        }
        for (int slot = 0; slot < 9; slot++)
        {
            Batch<float> alone = Sequence(
                new MarkedPairTask(PairTarget.Product, 15, 11, placement), Fold.Training,
                indices[slot]);
            for (int t = 0; t < 15; t++)
            {
                Assert.That(
                    batch.Inputs.AsSpan(((t * 9) + slot) * 2, 2).ToArray(),
                    Is.EqualTo(alone.Inputs.AsSpan(t * 2, 2).ToArray()));
            }
            Assert.That(batch.Targets[slot], Is.EqualTo(alone.Targets[0]));
        }
    }

    [Test]
    public void Folds_have_the_sizes_asked_for_and_a_fresh_training_set_never_ends()
    {
        MarkedPairTask paper = new(PairTarget.Sum, 150, 1);
        Assert.That(
            (paper.Count(Fold.Training), paper.Count(Fold.Validation), paper.Count(Fold.Test)),
            Is.EqualTo((100_000L, 2_000L, 10_000L)));
        MarkedPairTask fresh = new(PairTarget.Sum, 150, 1, trainingCount: null);
        Assert.That(fresh.Count(Fold.Training), Is.Null);
        Assert.That(fresh.Settings["training"], Is.EqualTo("fresh"));
        Assert.That(paper.Settings["training"], Is.EqualTo(100_000L));
    }

    [Test]
    public void A_sequence_beyond_the_counter_is_an_error_and_no_repetition() =>
        Assert.That(
            () => Sequence(
                new MarkedPairTask(PairTarget.Sum, 5, 1, trainingCount: null), Fold.Training,
                1L << 32),
            Throws.TypeOf<OverflowException>());

    [TestCase(MarkPlacement.Halves, 1, 2)]
    [TestCase(MarkPlacement.Anywhere, 0, 2)]
    [TestCase(MarkPlacement.FirstTenThenHalf, 11, 12)]
    public void A_sequence_too_short_for_its_marks_is_refused_with_the_least_length(
        MarkPlacement placement, int steps, int least)
    {
        Assert.That(
            () => new MarkedPairTask(PairTarget.Sum, steps, 1, placement),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"sequences of {steps} steps")
                .And.Message.Contains($"'{placement}'")
                .And.Message.Contains($"{least} steps or more"));
        Assert.That(() => new MarkedPairTask(PairTarget.Sum, least, 1, placement), Throws.Nothing);
    }

    [TestCase(0L, 1, 1)]
    [TestCase(1L, 0, 1)]
    [TestCase(1L, 1, -1)]
    public void An_empty_fold_is_refused(long training, int validation, int test) =>
        Assert.That(
            () => new MarkedPairTask(
                PairTarget.Sum, 5, 1, MarkPlacement.Halves, training, validation, test),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(
                $"{training} training, {validation} validation and {test} test"));

    [Test]
    public void The_score_counts_errors_strictly_below_the_tolerance_and_never_a_NaN()
    {
        MarkedPairTask task = new(PairTarget.Sum, 2, 1);
        Batch<float> batch = new(task.Network(1, Activation.Relu), 2, 5);
        float[] outputs = [0.03f, -0.03f, MarkedPairTask.Tolerance, 0.05f, float.NaN];
        SortedDictionary<string, double> sums = new() { [MetricNames.Correct] = 10 };
        task.Score(batch, outputs, sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(12));
        Assert.That(sums[MetricNames.SquaredError], Is.NaN);
    }

    [Test]
    public void Targets_at_every_step_are_those_of_all_marks_or_of_the_marks_so_far(
        [Values] PairTarget target, [Values] MarkPlacement placement,
        [Values(PairSchedule.Repeated, PairSchedule.Running)] PairSchedule targets)
    {
        MarkedPairTask task = new(target, 14, 9, placement, targets: targets);
        MarkedPairTask plain = new(target, 14, 9, placement);
        Batch<float> batch = new(task.Network(1, Activation.Relu), 14, 3);
        for (int slot = 0; slot < 3; slot++)
        {
            task.Fill(Fold.Training, slot + 5, batch, slot);
        }
        Assert.That(batch.Targets, Has.Length.EqualTo(14 * 3));
        for (int slot = 0; slot < 3; slot++)
        {
            Batch<float> one = Sequence(plain, Fold.Training, slot + 5);
            double so = target == PairTarget.Sum ? 0 : 1;
            for (int t = 0; t < 14; t++)
            {
                Assert.That(
                    batch.Inputs.AsSpan(((t * 3) + slot) * 2, 2).ToArray(),
                    Is.EqualTo(one.Inputs.AsSpan(t * 2, 2).ToArray()), "the same sequences");
                double number = one.Inputs[t * 2];
                bool isMarked = one.Inputs[(t * 2) + 1] == 1;
                so = !isMarked ? so : target == PairTarget.Sum ? so + number : so * number;
                double wanted = targets == PairSchedule.Running ? so : one.Targets[0];
                Assert.That(
                    batch.Targets[(t * 3) + slot], Is.EqualTo(wanted).Within(1e-7), $"step {t}");
            }
            Assert.That(batch.Targets[(13 * 3) + slot], Is.EqualTo(one.Targets[0]));
        }
    }

    [Test]
    public void With_targets_at_every_step_the_last_one_alone_is_scored()
    {
        MarkedPairTask task = new(PairTarget.Sum, 3, 1, targets: PairSchedule.Running);
        Batch<float> batch = new(task.Network(1, Activation.Relu), 3, 2);
        batch.Targets.AsSpan().Fill(1);
        SortedDictionary<string, double> sums = [];
        task.Score(batch, [9, 9, 9, 9, 1.03f, 1.5f], sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(1));
        Assert.That(
            sums[MetricNames.SquaredError], Is.EqualTo((.03 * .03) + .25).Within(1e-6));
    }

    [Test]
    public void Only_a_schedule_of_targets_that_is_not_the_paper_s_is_a_setting()
    {
        MarkedPairTask plain = new(PairTarget.Sum, 12, 1);
        MarkedPairTask every = new(PairTarget.Sum, 12, 1, targets: PairSchedule.Repeated);
        Assert.That((plain.LossAt, every.LossAt), Is.EqualTo(
            (LossPlacement.LastStep, LossPlacement.EveryStep)));
        Assert.That(plain.Settings.Keys, Has.None.EqualTo("targets"));
        Assert.That(every.Settings["targets"], Is.EqualTo("repeated"));
        Assert.That(plain.Parts, Has.None.Property("Part").EqualTo("pair-targets"));
        Assert.That(
            () => new MarkedPairTask(PairTarget.Sum, 12, 1, targets: (PairSchedule)9),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("9"));
    }

    internal static Batch<float> Sequence(MarkedPairTask task, Fold fold, long index)
    {
        Batch<float> batch = new(task.Network(1, Activation.Relu), task.Steps, 1);
        task.Fill(fold, index, batch, 0);
        return batch;
    }

    internal static int[] Marks(Batch<float> batch)
    {
        for (int t = 0; t < batch.Steps; t++)
        {
            Assert.That(batch.Inputs[(t * 2) + 1], Is.EqualTo(0f).Or.EqualTo(1f));
            Assert.That(batch.Inputs[t * 2], Is.InRange(0f, 1f).And.Not.EqualTo(1f));
        }
        return
            [.. Enumerable.Range(0, batch.Steps).Where(t => batch.Inputs[(t * 2) + 1] == 1)];
    }

    private static float[] Inputs(MarkedPairTask task, Fold fold, long index) =>
        Sequence(task, fold, index).Inputs;
}
