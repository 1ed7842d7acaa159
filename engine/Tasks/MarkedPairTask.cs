using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>Where the two marks of an addition or multiplication sequence may lie.</summary>
public enum MarkPlacement
{
    /// <summary>One mark in each half of the sequence.</summary>
    Halves,

    /// <summary>Two different steps anywhere.</summary>
    Anywhere,

    /// <summary>The first in the first ten steps, the second in the first half.</summary>
    FirstTenThenHalf,
}

/// <summary>The placements' words in specs.</summary>
public static class MarkPlacements
{
    /// <summary>The word in run ids; its capitals are part of them.</summary>
    public static string Word(this MarkPlacement placement) => placement switch
    {
        MarkPlacement.Halves => "Halves",
        MarkPlacement.Anywhere => "Anywhere",
        MarkPlacement.FirstTenThenHalf => "FirstTenThenHalf",
        _ => throw Unknown.Member(placement),
    };
}

/// <summary>What the network has to give at the last step.</summary>
public enum PairTarget
{
    /// <summary>x₁ + x₂ of the two marked numbers.</summary>
    Sum,

    /// <summary>x₁ · x₂ of the two marked numbers.</summary>
    Product,
}

/// <summary>The targets' words in specs.</summary>
public static class PairTargets
{
    /// <summary>The task's name; part of run ids.</summary>
    public static string Word(this PairTarget target) => target switch
    {
        PairTarget.Sum => "addition",
        PairTarget.Product => "multiplication",
        _ => throw Unknown.Member(target),
    };
}

/// <summary>
/// Addition and multiplication in Talathi and Vartak's form: two channels, numbers uniform in
/// [0, 1) and a mask with two ones; the target at the last step is the sum or the product of the
/// marked numbers; a sequence is right when |error| at the last step is below 0.04. By settings
/// there are targets at every step too; their losses are added, so that a loss of T steps is
/// about T times as large.
/// Source: Talathi and Vartak 2016, §4.1 and §4.2, after Le, Jaitly, Hinton 2015.
/// </summary>
public sealed class MarkedPairTask : SequenceTask
{
    // Instead of a number of training sequences.
    private const string Fresh = "fresh";

    /// <summary>|error| below which a sequence counts as right.</summary>
    public const float Tolerance = 0.04f;

    private const string TargetsMember = "targets";

    private readonly ulong seed;
    private readonly float[] numbers;

    /// <summary>A task of sequences of a given length.</summary>
    /// <param name="target">Sum or product.</param>
    /// <param name="steps">T; 2 or more, 12 or more for marks in the first ten steps.</param>
    /// <param name="seed">The seed of the sequences.</param>
    /// <param name="placement">Where the marks may lie.</param>
    /// <param name="trainingCount">Sequences in the fixed training set; null for fresh ones.
    /// </param>
    /// <param name="validationCount">Validation sequences.</param>
    /// <param name="testCount">Test sequences.</param>
    /// <param name="targets">At which steps there is a target.</param>
    /// <exception cref="ArgumentOutOfRangeException">T leaves no room for the marks, or a count
    /// is below 1.</exception>
    public MarkedPairTask(
        PairTarget target, int steps, ulong seed, MarkPlacement placement = MarkPlacement.Halves,
        long? trainingCount = 100_000, int validationCount = 2_000, int testCount = 10_000,
        PairSchedule targets = PairSchedule.Last)
    {
        int least = placement switch
        {
            MarkPlacement.Halves or MarkPlacement.Anywhere => 2,
            MarkPlacement.FirstTenThenHalf => 12,
            _ => throw Unknown.Member(placement),
        };
        if (steps > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps,
                $"sequences of {steps} steps; {Array.MaxLength} or fewer are needed");
        }
        if (steps < least)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps,
                $"sequences of {steps} steps have no room for two marks placed "
                + $"'{placement.Word()}'; {least} steps or more are needed");
        }
        if (trainingCount is < 1 || validationCount < 1 || testCount < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(trainingCount),
                $"{trainingCount} training, {validationCount} validation and {testCount} test "
                + "sequences; each fold needs 1 or more");
        }
        _ = target.Word();
        _ = targets.Word();
        Target = target;
        Targets = targets;
        Steps = steps;
        this.seed = seed;
        Placement = placement;
        TrainingCount = trainingCount;
        ValidationCount = validationCount;
        TestCount = testCount;
        numbers = new float[steps];
    }

    /// <summary>Sum or product.</summary>
    public PairTarget Target { get; }

    /// <summary>At which steps there is a target.</summary>
    public PairSchedule Targets { get; }

    /// <summary>Where the marks may lie.</summary>
    public MarkPlacement Placement { get; }

    /// <summary>Sequences in the fixed training set; null for fresh ones.</summary>
    public long? TrainingCount { get; }

    /// <summary>Validation sequences.</summary>
    public int ValidationCount { get; }

    /// <summary>Test sequences.</summary>
    public int TestCount { get; }

    /// <inheritdoc/>
    public override string Name => Target.Word();

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize => 2;

    /// <inheritdoc/>
    public override int OutputSize => 1;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Linear;

    /// <inheritdoc/>
    public override LossPlacement LossAt => Targets == PairSchedule.Last
        ? LossPlacement.LastStep
        : LossPlacement.EveryStep;

    internal override IEnumerable<PartVersion> Parts => Targets == PairSchedule.Last
        ? base.Parts
        : base.Parts.Append(new PartVersion("pair-targets", 1));

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "marks", "test", "training", "validation", TargetsMember);
        SettingsNode training = node["training"];
        bool isFresh = training.IsText;
        return new MarkedPairTask(
            node["name"].Member<PairTarget>(t => t.Word()),
            node["steps"].Count, seed,
            node["marks"].Member<MarkPlacement>(p => p.Word()),
            isFresh ? training.Choice<long?>((Fresh, () => null)) : training.Whole,
            node["validation"].Count, node["test"].Count,
            node.Has(TargetsMember)
                ? node[TargetsMember].Member<PairSchedule>(t => t.Word())
                : PairSchedule.Last);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings
    {
        get
        {
            SortedDictionary<string, object> settings = new(StringComparer.Ordinal)
            {
                ["marks"] = Placement.Word(),
                ["test"] = TestCount,
                ["training"] = TrainingCount is { } n ? n : Fresh,
                ["validation"] = ValidationCount,
            };
            if (Targets != PairSchedule.Last)
            {
                settings[TargetsMember] = Targets.Word();
            }
            return settings;
        }
    }

    /// <inheritdoc/>
    public override long? Count(Fold fold) => fold switch
    {
        Fold.Training => TrainingCount,
        Fold.Validation => ValidationCount,
        Fold.Test => TestCount,
        _ => throw Unknown.Member(fold),
    };

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        Philox random = new(seed, PurposeOf(fold), checked((uint)index));
        random.Fill(numbers);
        (int first, int second) = Marks(random);
        PairSequence.Fill(numbers, first, second, batch, slot);
        float a = numbers[first];
        float b = numbers[second];
        (float none, float both) = Target switch
        {
            PairTarget.Sum => (0f, a + b),
            PairTarget.Product => (1f, a * b),
            _ => throw Unknown.Member(Target),
        };
        if (Targets == PairSchedule.Last)
        {
            batch.Targets[slot] = both;
            return;
        }
        bool isRunning = Targets == PairSchedule.Running;
        (int earlier, int later) = first < second ? (first, second) : (second, first);
        for (int t = 0; t < Steps; t++)
        {
            batch.Targets[(t * batch.Size) + slot] = !isRunning || t >= later
                ? both
                : t >= earlier ? numbers[earlier] : none;
        }
    }

    /// <summary>Adds right sequences and squared errors of the last step, wherever else there
    /// are targets.</summary>
    /// <param name="batch">The targets.</param>
    /// <param name="outputs">[B], or [T, B] where there is a target at every step.</param>
    /// <param name="sums">Sums by metric.</param>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        PairSequence.Score(
            batch, outputs, sums, static (output, target) => output - target,
            static error => Math.Abs(error) < Tolerance,
            Targets == PairSchedule.Last ? 0 : (batch.Steps - 1) * batch.Size);

    private (int First, int Second) Marks(Philox random)
    {
        // Far beyond the blocks the numbers use.
        const ulong at = 1UL << 40;
        uint steps = (uint)Steps;
        switch (Placement)
        {
            case MarkPlacement.Halves:
                uint half = steps / 2;
                return ((int)random.Below(at, half),
                    (int)(half + random.Below(at + 1, steps - half)));
            case MarkPlacement.FirstTenThenHalf:
                uint first = random.Below(at, 10);
                uint next = random.Below(at + 1, Math.Max(steps / 2, 11) - 1);
                return ((int)first, (int)(next < first ? next : next + 1));
            case MarkPlacement.Anywhere:
                uint one = random.Below(at, steps);
                uint two = random.Below(at + 1, steps - 1);
                return ((int)one, (int)(two < one ? two : two + 1));
            default:
                throw Unknown.Member(Placement);
        }
    }
}
