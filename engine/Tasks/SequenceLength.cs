using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>
/// T of generated sequences: one number, or drawn for each group of sequences filled together,
/// uniformly from minimum … maximum, both included.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: T in [50, 200], one a minibatch; the
/// authors' code draws 50 … 199.
/// </summary>
public sealed record SequenceLength
{
    /// <summary>Lengths from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    /// <param name="minimum">The smallest T, 1 or more.</param>
    /// <param name="maximum">The largest T, <paramref name="minimum"/> or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, starts below 1 or ends
    /// beyond what an array can hold.</exception>
    public SequenceLength(int minimum, int maximum)
    {
        if (minimum < 1 || maximum < minimum)
        {
            throw new ArgumentOutOfRangeException(
                nameof(minimum), minimum,
                $"lengths from {minimum} to {maximum}; the first must be 1 or more and the "
                + "second no smaller than the first");
        }
        if (maximum > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximum), maximum,
                $"lengths up to {maximum}; {Array.MaxLength} or fewer steps are needed");
        }
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The smallest T.</summary>
    public int Minimum { get; }

    /// <summary>The largest T.</summary>
    public int Maximum { get; }

    /// <summary>Sequences that are all equally long.</summary>
    public static implicit operator SequenceLength(int steps) => new(steps, steps);

    /// <summary>T of a group: a pure function of the arguments.</summary>
    /// <param name="seed">The task's seed.</param>
    /// <param name="fold">Which sequences.</param>
    /// <param name="group">As in <see cref="SequenceTask.StepsOf"/>, 0 … 2³² − 1.</param>
    public int Of(ulong seed, Fold fold, long group) => Minimum == Maximum
        ? Minimum
        : Minimum + (int)Numbers(seed, fold, group).Below(0, (uint)(Maximum - Minimum) + 1);

    /// <summary>The numbers that decide a group's length; number 0 is T's.</summary>
    internal static Philox Numbers(ulong seed, Fold fold, long group)
    {
        uint purpose = fold switch
        {
            Fold.Training => RandomPurpose.TrainingLengths,
            Fold.Validation => RandomPurpose.ValidationLengths,
            Fold.Test => RandomPurpose.TestLengths,
            _ => throw Unknown.Member(fold),
        };
        return new Philox(seed, purpose, checked((uint)group));
    }
}
