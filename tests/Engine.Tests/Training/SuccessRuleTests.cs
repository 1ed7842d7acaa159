using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>When a run counts as having learnt its task, on a task whose scores are scripted.
/// </summary>
public sealed class SuccessRuleTests
{
    private const int Sequences = 40;

    [Test]
    public void As_many_wrong_sequences_as_are_allowed_are_a_success()
    {
        using Rig rig = new(_ => 3, allowed: 3);
        rig.Advance(10);
        Assert.That(rig.Trainer.Ended, Is.EqualTo(Outcomes.Succeeded));
        Assert.That(rig.Trainer.Updates, Is.EqualTo(10));
    }

    [Test]
    public void One_wrong_sequence_more_is_none()
    {
        using Rig rig = new(_ => 4, allowed: 3);
        rig.Advance(30);
        Assert.That(rig.Trainer.Ended, Is.Null);
    }

    [Test]
    public void A_check_ends_with_the_batch_that_has_one_wrong_sequence_too_many()
    {
        using Rig rig = new(_ => 4, allowed: 3);
        rig.Advance(10);
        // Wrong ones come first, so the second batch of 20 is not read.
        Assert.That(rig.Read, Is.EqualTo(Enumerable.Range(40, 20).Select(i => (long)i)));
    }

    [Test]
    public void A_check_that_succeeds_has_read_each_of_its_sequences_once_and_no_other()
    {
        using Rig rig = new(_ => 3, allowed: 3);
        rig.Advance(10);
        Assert.That(
            rig.Read, Is.EqualTo(Enumerable.Range(40, Sequences).Select(i => (long)i)));
    }

    [Test]
    public void No_two_checks_read_the_same_sequence_and_none_reads_those_of_the_curve()
    {
        using Rig rig = new(check => check < 4 ? 1 : 0, allowed: 0, validation: 40);
        rig.Advance(50);
        Assert.That(rig.Trainer.Ended, Is.EqualTo(Outcomes.Succeeded));
        Assert.That(rig.Trainer.Updates, Is.EqualTo(40));
        long[] ofTheCurve = [.. rig.Read.Where(i => i < 40)];
        long[] ofChecks = [.. rig.Read.Where(i => i >= 40)];
        Assert.That(ofTheCurve, Is.Not.Empty);
        Assert.That(ofChecks, Is.Unique);
        Assert.That(
            ofChecks.Select(i => i / Sequences).Distinct(), Is.EqualTo(new long[] { 1, 2, 3, 4 }));
    }

    /// <summary>A trainer and the validation sequences it read.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly RecurrentNetwork<float> network;
        private readonly ScriptedTask task;

        public Rig(Func<long, int> wrong, int allowed, int validation = 0)
        {
            task = new ScriptedTask(wrong);
            network = new RecurrentNetwork<float>(task.Network(2, Activation.Relu));
            Trainer = new Trainer(
                network, task,
                new TrainingSpec
                {
                    BatchSize = 1,
                    Updates = 1_000,
                    LearningRate = 0.01,
                    EvaluateEvery = 5,
                    ValidationSequences = validation,
                    Rules = [new SuccessRule(allowed, Sequences, 10)],
                },
                1);
        }

        public Trainer Trainer { get; }

        public IReadOnlyList<long> Read => task.Read;

        public void Advance(int updates)
        {
            for (int i = 0; i < updates && Trainer.Advance(); i++)
            {
            }
        }

        public void Dispose()
        {
            Trainer.Dispose();
            network.Dispose();
        }
    }

    /// <summary>Of each check of 40 sequences the first so many are wrong.</summary>
    private sealed class ScriptedTask(Func<long, int> wrong) : SequenceTask
    {
        private readonly List<long> slots = [];

        public List<long> Read { get; } = [];

        public override string Name => "scripted";

        public override int BehaviourVersion => 1;

        public override int Steps => 1;

        public override int InputSize => 1;

        public override int OutputSize => 1;

        public override Readout Readout => Readout.Linear;

        public override int EvaluationBatch => 20;

        public override IReadOnlyDictionary<string, object> Settings { get; } =
            new Dictionary<string, object>();

        public override long? Count(Fold fold) => null;

        public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
        {
            batch.Inputs[slot] = 1;
            batch.Targets[slot] = 1;
            if (slot == 0)
            {
                slots.Clear();
            }
            slots.Add(index);
            if (fold == Fold.Validation)
            {
                Read.Add(index);
            }
        }

        public override void Score(
            Batch<float> batch, ReadOnlySpan<float> outputs,
            SortedDictionary<string, double> sums)
        {
            int right = slots.Count(
                index => index % Sequences >= wrong(index / Sequences));
            sums[MetricNames.Correct] = sums.GetValueOrDefault(MetricNames.Correct) + right;
        }
    }
}
