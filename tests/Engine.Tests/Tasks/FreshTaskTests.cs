using System.Security.Cryptography;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Tasks;

/// <summary>What every generated task of Pascanu, Mikolov and Bengio promises.</summary>
public class FreshTaskTests
{
    private static readonly SequenceLength Lengths = new(16, 60);

    private static IEnumerable<string> Forms => Generated.Forms.Keys;

    [TestCaseSource(nameof(Forms))]
    public void Equal_seeds_give_equal_bytes_and_other_seeds_folds_and_indices_others(string form)
    {
        double[] Of(ulong seed, Fold fold, long first)
        {
            FreshTask task = Generated.Forms[form](30, seed);
            // Patterns of the original memorisation task depend on the index alone.
            return [.. Enumerable.Range(0, 3).SelectMany(i => Generated.Numbers(
                task, Generated.Sequence(task, fold, first + i), 0))];
        }
        double[] one = Of(7, Fold.Training, 0);
        Assert.That(Of(7, Fold.Training, 0), Is.EqualTo(one));
        Assert.That(Of(7, Fold.Training, 1), Is.Not.EqualTo(one));
        Assert.That(Of(7, Fold.Training, uint.MaxValue - 3), Is.Not.EqualTo(one));
        if (form == "memorisation")
        {
            Assert.That(Of(8, Fold.Test, 32), Is.EqualTo(one));
            return;
        }
        double[][] others =
            [Of(8, Fold.Training, 0), Of(7, Fold.Validation, 0), Of(7, Fold.Test, 0)];
        Assert.That(others, Has.None.EqualTo(one));
        Assert.That(others[1], Is.Not.EqualTo(others[2]));
    }

    [TestCaseSource(nameof(Forms))]
    public void A_sequence_depends_on_neither_slot_nor_batch_nor_what_was_filled_before(
        string form)
    {
        FreshTask task = Generated.Forms[form](Lengths, 11);
        Batch<float> batch = Generated.Room(task, 9);
        Generated.Soil(batch);
        // The longest first, so that each next one lies on the remains of a longer one.
        int shortest = Enumerable.Range(0, 1_000).Min(g => task.StepsOf(Fold.Training, g));
        foreach (int steps in (int[])[task.Steps, task.Steps - 9, shortest, shortest + 1])
        {
            batch.Steps = steps;
            foreach (int size in (int[])[9, 4])
            {
                batch.Size = size;
                for (int b = size - 1; b >= 0; b--)
                {
                    task.Fill(Fold.Validation, 100 + (b * 7), batch, b);
                }
                for (int b = 0; b < size; b++)
                {
                    FreshTask fresh = Generated.Forms[form](Lengths, 11);
                    Batch<float> alone =
                        Generated.Sequence(fresh, Fold.Validation, 100 + (b * 7), steps);
                    Assert.That(
                        Generated.Numbers(task, batch, b),
                        Is.EqualTo(Generated.Numbers(fresh, alone, 0)), $"T = {steps}, b = {b}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Forms))]
    public void Filling_touches_no_other_sequence(string form)
    {
        FreshTask task = Generated.Forms[form](Lengths, 11);
        Batch<float> batch = Generated.Room(task, 3);
        Generated.Soil(batch);
        Batch<float> soiled = Generated.Room(task, 3);
        Generated.Soil(soiled);
        task.Fill(Fold.Training, 5, batch, 1);
        Assert.That(
            Generated.Numbers(task, batch, 0), Is.EqualTo(Generated.Numbers(task, soiled, 0)));
        Assert.That(
            Generated.Numbers(task, batch, 2), Is.EqualTo(Generated.Numbers(task, soiled, 2)));
        Assert.That(
            Generated.Numbers(task, batch, 1),
            Has.None.EqualTo(-7.0).And.None.NaN);
    }

    [TestCaseSource(nameof(Forms))]
    public void Symbols_and_classes_are_in_range(string form)
    {
        FreshTask task = Generated.Forms[form](40, 3);
        bool everyStep = task.LossAt == LossPlacement.EveryStep;
        HashSet<int> seen = [];
        for (long i = 0; i < 300; i++)
        {
            Batch<float> batch = Generated.Sequence(task, Fold.Training, i);
            if (task.Readout == Readout.Softmax)
            {
                Assert.That(batch.Classes, Has.Length.EqualTo(everyStep ? task.Steps : 1));
                Assert.That(batch.Classes, Is.All.InRange(0, task.OutputSize - 1));
            }
            if (task.IsOneHot)
            {
                Assert.That(batch.InputIndices, Is.All.InRange(0, task.InputSize - 1));
                seen.UnionWith(batch.InputIndices);
            }
        }
        Assert.That(seen, Has.Count.EqualTo(task.IsOneHot ? task.InputSize : 0));
    }

    [TestCaseSource(nameof(Forms))]
    public void Every_length_of_a_group_can_be_filled_and_the_longest_is_the_tasks(string form)
    {
        FreshTask task = Generated.Forms[form](Lengths, 5);
        Batch<float> batch = Generated.Room(task, 1);
        int longest = 0;
        for (long group = 0; group < 4_000; group++)
        {
            batch.Steps = task.StepsOf(Fold.Training, group);
            longest = Math.Max(longest, batch.Steps);
            task.Fill(Fold.Training, group, batch, 0);
        }
        Assert.That(longest, Is.EqualTo(task.Steps));
        Assert.That(task.StepsOf(Fold.Test, 4), Is.EqualTo(
            Generated.Forms[form](Lengths, 5).StepsOf(Fold.Test, 4)));
    }

    [TestCaseSource(nameof(Forms))]
    public void At_another_length_the_task_is_the_one_made_with_that_length(string form)
    {
        FreshTask other = (FreshTask)Generated.Forms[form](Lengths, 5).AtLength(300);
        FreshTask wanted = Generated.Forms[form](300, 5);
        Assert.That(other.Settings, Is.EqualTo(wanted.Settings));
        Assert.That(
            (other.Name, other.Steps, other.LossAt, other.InputSize, other.TestCount),
            Is.EqualTo(
                (wanted.Name, wanted.Steps, wanted.LossAt, wanted.InputSize, wanted.TestCount)));
        Assert.That(
            Generated.Numbers(other, Generated.Sequence(other, Fold.Test, 9), 0),
            Is.EqualTo(
                Generated.Numbers(wanted, Generated.Sequence(wanted, Fold.Test, 9), 0)));
    }

    [TestCaseSource(nameof(Forms))]
    public void Filling_allocates_nothing(string form)
    {
        FreshTask task = Generated.Forms[form](Lengths, 5);
        Batch<float> batch = Generated.Room(task, 2);
        task.Fill(Fold.Training, 0, batch, 0);
        task.StepsOf(Fold.Training, 0);
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (long i = 0; i < 100; i++)
                {
                    batch.Steps = task.StepsOf(Fold.Training, i);
                    task.Fill(Fold.Training, i, batch, 1);
                }
            }),
            Is.Zero);
    }

    [TestCaseSource(nameof(Forms))]
    public void Right_answers_score_one_and_wrong_ones_or_a_NaN_score_nothing(string form)
    {
        FreshTask task = Generated.Forms[form](20, 5);
        Batch<float> batch = Generated.Room(task, 6);
        for (int b = 0; b < 6; b++)
        {
            task.Fill(Fold.Test, b, batch, b);
        }
        float[] outputs = Generated.IdealOutputs(task, batch);
        Assert.That(Generated.Correct(task, batch, outputs), Is.EqualTo(1));
        bool linear = task.Readout == Readout.Linear;
        float[] wrong = [.. outputs.Select(o => linear ? o + 0.21f : -o)];
        Assert.That(Generated.Correct(task, batch, wrong), Is.Zero);
        int lastRows = outputs.Length - (6 * task.OutputSize);
        for (int at = lastRows; at < outputs.Length; at++)
        {
            float[] broken = [.. outputs];
            broken[at] = float.NaN;
            Assert.That(
                Generated.Correct(task, batch, broken), Is.EqualTo(5 / 6.0), $"output {at}");
        }
        Array.Fill(outputs, float.NaN);
        Assert.That(Generated.Correct(task, batch, outputs), Is.Zero);
    }

    [TestCaseSource(nameof(Forms))]
    public void A_batch_of_another_length_or_of_other_inputs_is_refused_with_the_way_out(
        string form)
    {
        FreshTask task = Generated.Forms[form](20, 5);
        Batch<float> batch = new(
            task.Network(1, Activation.Tanh), task.Steps + 1, 1, task.IsOneHot);
        foreach (int steps in (int[])[task.Steps + 1, 9])
        {
            batch.Steps = steps;
            Assert.That(
                () => task.Fill(Fold.Training, 0, batch, 0),
                Throws.ArgumentException.With.Message.Contains($"a batch of {steps} steps")
                    .And.Message.Contains($"to {task.Steps}; set batch.Steps to the task's"));
        }
        Batch<float> otherInputs = new(
            task.Network(1, Activation.Tanh), task.Steps, 1, !task.IsOneHot);
        Assert.That(
            () => task.Fill(Fold.Training, 0, otherInputs, 0),
            Throws.ArgumentException.With.Message.Contains($"'{task.Name}'")
                .And.Message.Contains(task.IsOneHot ? "oneHot: true" : "oneHot: false"));
    }

    [TestCaseSource(nameof(Forms))]
    public void A_sequence_beyond_the_counter_is_an_error_and_no_repetition(string form)
    {
        FreshTask task = Generated.Forms[form](20, 5);
        foreach (long index in (long[])[1L << 32, -1])
        {
            Assert.That(
                () => Generated.Sequence(task, Fold.Training, index),
                Throws.TypeOf<OverflowException>());
        }
    }

    [Test]
    public void No_two_settings_that_change_the_sequences_look_alike()
    {
        SequenceTask[] tasks =
        [
            .. Generated.Forms.Values.Select(f => f(20, 1)),
            .. Generated.Forms.Values.Select(f => f(new SequenceLength(20, 21), 1)),
            new RandomPermutationTask(20, 1, 9),
            new TemporalOrderTask(20, 1, testCount: 9),
            new MemorisationTask(20, 1, 4, 2, true),
            new MemorisationTask(20, 1, 5, 2, false, 32),
            new MemorisationTask(20, 1, 10, 4, false),
        ];
        string[] described = [.. tasks.Select(task => task.Name + ": " + string.Join(
            ", ", task.Settings.Select(s => $"{s.Key} {s.Value}")))];
        Assert.That(described, Is.Unique);
        Assert.That(
            tasks.SelectMany(t => t.Settings.Keys),
            Has.None.EqualTo("name").And.None.EqualTo("steps"), "the run's spec has these");
        Assert.That(
            described.Select(d => d.ToLowerInvariant()), Is.EqualTo(described));
    }

    [Test]
    public void Only_the_test_fold_has_a_size_and_an_empty_one_is_refused()
    {
        TemporalOrderTask task = new(20, 1);
        Assert.That(
            (task.Count(Fold.Training), task.Count(Fold.Validation), task.Count(Fold.Test)),
            Is.EqualTo(((long?)null, (long?)null, (long?)10_000)));
        Assert.That(task.TestCount / task.EvaluationBatch, Is.EqualTo(500));
        Assert.That(
            () => new TemporalOrderTask(20, 1, testCount: 0),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("a test fold of 0 sequences; 1 or more"));
    }

    // A change here is a change of recorded runs: raise the task's BehaviourVersion with it.
    [TestCase("order", "42733e9093bee410")]
    [TestCase("order, text", "05f8ef63a7dde2ce")]
    [TestCase("order, 3 bits", "e61f6abc87564210")]
    [TestCase("addition", "d039f9be8e14cfed")]
    [TestCase("multiplication, text", "a3c6d0edf2b437d1")]
    [TestCase("permutation", "775974cbe5e17763")]
    [TestCase("permutation, next", "b7c682318cebd08b")]
    [TestCase("memorisation", "7cce1b3bbecd88b9")]
    [TestCase("memorisation, extended", "ee1ea1d9cde90d71")]
    public void Sequences_are_those_of_version_1(string form, string hash)
    {
        FreshTask task = Generated.Forms[form](new SequenceLength(50, 200), 52);
        Batch<float> batch = Generated.Room(task, 1);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        foreach (Fold fold in Enum.GetValues<Fold>())
        {
            for (long i = 0; i < 40; i++)
            {
                batch.Steps = task.StepsOf(fold, i);
                writer.Write(batch.Steps);
                task.Fill(fold, i, batch, 0);
                foreach (double number in Generated.Numbers(task, batch, 0))
                {
                    writer.Write(number);
                }
            }
        }
        writer.Flush();
        string found = Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()))[..16];
        Assert.That(task.BehaviourVersion, Is.EqualTo(1));
        Assert.That(found, Is.EqualTo(hash));
    }
}
