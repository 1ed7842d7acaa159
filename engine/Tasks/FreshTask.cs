using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>
/// Generated sequences that never end: training and validation sequences are always new, the
/// test fold has a size, and the sequences filled together share a length.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement (minibatches of 20, new each time; the
/// 10,000 test sequences are 500 minibatches, each of its own length).
/// </summary>
public abstract class FreshTask : SequenceTask
{
    private readonly int shortest;

    /// <summary>The common part of a task.</summary>
    /// <param name="length">T.</param>
    /// <param name="seed">The seed of sequences and lengths.</param>
    /// <param name="testCount">Test sequences, 1 or more.</param>
    /// <param name="shortest">Steps of the shortest sequence of the smallest T.</param>
    /// <param name="longest">Steps of the longest sequence of the largest T.</param>
    /// <exception cref="ArgumentOutOfRangeException">The test fold is empty.</exception>
    protected FreshTask(
        SequenceLength length, ulong seed, int testCount, int shortest, int longest)
    {
        if (testCount < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(testCount), testCount,
                $"a test fold of {testCount} sequences; 1 or more are needed");
        }
        Length = length;
        Seed = seed;
        TestCount = testCount;
        this.shortest = shortest;
        Steps = longest;
    }

    /// <summary>T, as the task counts it.</summary>
    public SequenceLength Length { get; }

    /// <summary>Test sequences.</summary>
    public int TestCount { get; }

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int EvaluationBatch => 20;

    /// <summary>The seed of sequences and lengths.</summary>
    protected ulong Seed { get; }

    /// <inheritdoc/>
    public override int StepsOf(Fold fold, long group) => Length.Of(Seed, fold, group);

    /// <inheritdoc/>
    public override long? Count(Fold fold) => fold switch
    {
        Fold.Training or Fold.Validation => null,
        Fold.Test => TestCount,
        _ => throw Unknown.Member(fold),
    };

    /// <summary>Refuses lengths below what the task's parts need.</summary>
    /// <returns><paramref name="length"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The smallest T is below it.</exception>
    protected static SequenceLength AtLeast(SequenceLength length, int least, string parts)
    {
        ArgumentNullException.ThrowIfNull(length);
        return length.Minimum >= least ? length : throw new ArgumentOutOfRangeException(
            nameof(length), length.Minimum,
            $"sequences of {length.Minimum} steps have no room for {parts}; {least} steps or more "
            + "are needed");
    }

    /// <summary>The settings every such task has.</summary>
    protected SortedDictionary<string, object> CommonSettings() => new(StringComparer.Ordinal)
    {
        ["longest"] = Length.Maximum,
        ["shortest"] = Length.Minimum,
        ["test"] = TestCount,
    };

    /// <summary>A number in 0 … <paramref name="n"/> − 1 of 32 random bits, by multiply-shift.
    /// </summary>
    /// <param name="word">The bits.</param>
    /// <param name="n">Number of values, 1 or more.</param>
    protected static int Scaled(uint word, int n) => (int)(((ulong)word * (uint)n) >> 32);

    /// <summary>Refuses a batch of other lengths or inputs than the task's.</summary>
    /// <returns>T of the batch.</returns>
    /// <exception cref="ArgumentException">The batch does not fit.</exception>
    protected int StepsIn(Batch<float> batch)
    {
        if (batch.Steps < shortest || batch.Steps > Steps)
        {
            throw new ArgumentException(
                $"a batch of {batch.Steps} steps, but sequences of task '{Name}' have {shortest} "
                + $"to {Steps}; set batch.Steps to the task's StepsOf the group", nameof(batch));
        }
        if (batch.IsOneHot != IsOneHot)
        {
            throw new ArgumentException(
                $"task '{Name}' has {(IsOneHot ? "symbols" : "vectors")} for inputs; make the "
                + $"batch with oneHot: {(IsOneHot ? "true" : "false")}", nameof(batch));
        }
        return batch.Steps;
    }
}
