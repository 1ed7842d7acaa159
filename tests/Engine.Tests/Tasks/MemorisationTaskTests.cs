using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class MemorisationTaskTests
{
    [Test]
    public void A_sequence_is_pattern_blanks_cue_blanks_and_its_answer_starts_with_the_cue()
    {
        // Pattern 13 = 1·1 + 0·2 + 1·4 + 1·8 + 0·16; blank 2, cue 3; T = 3.
        Batch<float> batch =
            Generated.Sequence(MemorisationTask.Original(3, 1), Fold.Training, 13);
        Assert.That(
            batch.InputIndices,
            Is.EqualTo(new[] { 1, 0, 1, 1, 0, 2, 2, 2, 3, 2, 2, 2, 2 }));
        Assert.That(
            batch.Classes, Is.EqualTo(new[] { 2, 2, 2, 2, 2, 2, 2, 2, 1, 0, 1, 1, 0 }));
    }

    [TestCase(5, 2, true, 50)]
    [TestCase(10, 5, false, 200)]
    [TestCase(1, 3, true, 1)]
    [TestCase(3, 9, false, 7)]
    public void Targets_follow_from_the_inputs_alone(
        int positions, int values, bool allPatterns, int length)
    {
        MemorisationTask task = new(length, 3, positions, values, allPatterns);
        Assert.That(task.Steps, Is.EqualTo(length + (2 * positions)));
        for (long i = 0; i < 100; i++)
        {
            Batch<float> batch = Generated.Sequence(task, Fold.Test, i);
            int[] inputs = batch.InputIndices;
            int cue = length + positions;
            Assert.That(Array.IndexOf(inputs, values + 1), Is.EqualTo(cue));
            Assert.That(inputs[..positions], Is.All.LessThan(values));
            Assert.That(inputs[positions..cue], Is.All.EqualTo(values));
            Assert.That(inputs[(cue + 1)..], Is.All.EqualTo(values));
            Assert.That(batch.Classes[..cue], Is.All.EqualTo(values));
            Assert.That(batch.Classes[cue..], Is.EqualTo(inputs[..positions]));
        }
    }

    [Test]
    public void A_batch_of_the_original_task_is_all_32_patterns_wherever_it_starts(
        [Values] Fold fold)
    {
        MemorisationTask task = MemorisationTask.Original(10, 1);
        foreach (long first in (long[])[0, 32, 320_000])
        {
            HashSet<string> patterns = [.. Enumerable.Range(0, 32).Select(i => string.Concat(
                Generated.Sequence(task, fold, first + i).InputIndices.Take(5)))];
            Assert.That(patterns, Has.Count.EqualTo(32));
        }
        Assert.That((task.TestCount, task.EvaluationBatch), Is.EqualTo((32, 32)));
    }

    [Test]
    public void Random_patterns_have_every_value_at_every_position_equally_often()
    {
        const int n = 6_000;
        MemorisationTask task = MemorisationTask.Extended(1, 5);
        int[,] counts = new int[10, 5];
        int equal = 0;
        for (long i = 0; i < n; i++)
        {
            int[] inputs = Generated.Sequence(task, Fold.Training, i).InputIndices;
            for (int k = 0; k < 10; k++)
            {
                counts[k, inputs[k]]++;
                equal += k > 0 && inputs[k] == inputs[k - 1] ? 1 : 0;
            }
        }
        Assert.That(
            counts.Cast<int>().Select(c => (double)c),
            Is.All.EqualTo(n / 5.0).Within(Generated.Spread(n, 0.2)));
        Assert.That(equal, Is.EqualTo(9 * n / 5.0).Within(Generated.Spread(9 * n, 0.2)));
    }

    [Test]
    public void One_wrong_step_or_one_NaN_makes_its_sequence_wrong_and_no_other()
    {
        MemorisationTask task = new(2, 1, 2, 2, allPatterns: true);
        Batch<float> batch = Generated.Room(task, 4);
        for (int b = 0; b < 4; b++)
        {
            task.Fill(Fold.Test, b, batch, b);
        }
        float[] ideal = Generated.IdealOutputs(task, batch);
        for (int at = 0; at < ideal.Length; at++)
        {
            foreach (float value in (float[])[float.NaN, 2])
            {
                float[] outputs = [.. ideal];
                outputs[at] = value;
                bool staysRight = value == 2 && ideal[at] == 1;
                Assert.That(
                    Generated.Correct(task, batch, outputs), Is.EqualTo(staysRight ? 1 : 0.75),
                    $"output {at} is {value}");
            }
        }
    }

    [Test]
    public void Cross_entropy_is_added_over_the_steps()
    {
        MemorisationTask task = new(2, 1, 2, 2, allPatterns: true);
        Batch<float> batch = Generated.Room(task, 4);
        for (int b = 0; b < 4; b++)
        {
            task.Fill(Fold.Test, b, batch, b);
        }
        SortedDictionary<string, double> sums = [];
        task.Score(batch, new float[6 * 4 * 3], sums);
        Assert.That(
            sums[MetricNames.CrossEntropy] / 4, Is.EqualTo(6 * Math.Log(3)).Within(1e-12));
    }

    [Test]
    public void The_sizes_are_those_of_the_paper()
    {
        MemorisationTask original = MemorisationTask.Original(50, 1);
        MemorisationTask extended = MemorisationTask.Extended(200, 1);
        Assert.That(
            (original.Name, original.Steps, original.InputSize, original.OutputSize,
                original.Readout, original.LossAt),
            Is.EqualTo(("memorisation", 60, 4, 3, Readout.Softmax, LossPlacement.EveryStep)));
        Assert.That(
            (extended.Steps, extended.InputSize, extended.OutputSize, extended.TestCount,
                extended.EvaluationBatch),
            Is.EqualTo((220, 7, 6, 10_000, 20)));
    }

    [TestCase(0, 2, true, null, "patterns of 0 positions; 1 or more")]
    [TestCase(0, 2, false, null, "patterns of 0 positions; 1 or more")]
    [TestCase(3, 1, true, null, "made of 1 different values; 2 or more")]
    [TestCase(3, 0, true, null, "made of 0 different values; 2 or more")]
    [TestCase(3, 1, false, null, "made of 1 different values; 2 or more")]
    [TestCase(11, 2, true, null, "more than 1024 patterns; use random ones")]
    [TestCase(40, 1_000, true, null, "more than 1024 patterns; use random ones")]
    [TestCase(5, 2, true, 10_000, "10000 test sequences do not hold each of 32 patterns")]
    [TestCase(5, 2, false, 0, "a test fold of 0 sequences")]
    public void Sizes_out_of_range_are_refused(
        int positions, int values, bool allPatterns, int? testCount, string message) =>
        Assert.That(
            () => new MemorisationTask(5, 1, positions, values, allPatterns, testCount),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(message));
}
