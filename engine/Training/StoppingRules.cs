namespace Repro.Engine.Training;

/// <summary>
/// A run has learnt its task when at most so many of so many fresh sequences are wrong. Each
/// check reads validation sequences that no check read before, and ends at the first sequence
/// that is one too many.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: fewer than 100 of 10,000 for Fig. 7, none
/// for training on random lengths.
/// </summary>
/// <param name="MaximumWrong">Wrong sequences allowed, 0 or more.</param>
/// <param name="Sequences">Sequences of a check, more than may be wrong.</param>
/// <param name="CheckEvery">Updates between two checks, 1 or more.</param>
public sealed record SuccessRule(int MaximumWrong, int Sequences, long CheckEvery)
{
    internal void Validate()
    {
        if (MaximumWrong < 0 || Sequences <= MaximumWrong || CheckEvery < 1)
        {
            throw new ArgumentException(
                $"the success rule allows {MaximumWrong} wrong of {Sequences} sequences every "
                + $"{CheckEvery} updates; 0 or more, a larger number and 1 or more are needed");
        }
    }
}

/// <summary>
/// A run is given up at a stated update when no point of its curve up to there had a mean
/// training loss below a bound: it has not left the plateau of a guess.
/// </summary>
/// <param name="AtUpdate">When it is looked at, once; 1 or more.</param>
/// <param name="LossAbove">The bound, positive; in the loss's unit.</param>
public sealed record FutilityRule(long AtUpdate, double LossAbove)
{
    internal void Validate()
    {
        if (AtUpdate < 1 || !double.IsFinite(LossAbove) || LossAbove <= 0)
        {
            throw new ArgumentException(
                $"the futility rule looks at update {AtUpdate} for a loss above {LossAbove}; "
                + "1 or more and a finite number above 0 are needed");
        }
    }
}

/// <summary>Updates whose gradient norms are kept one by one.</summary>
/// <param name="From">The first, counted from 0.</param>
/// <param name="To">The first that is no longer kept; at most 20,000 later.</param>
public sealed record TraceWindow(long From, long To)
{
    internal void Validate()
    {
        if (From < 0 || To <= From || To - From > 20_000)
        {
            throw new ArgumentException(
                $"the trace is of updates {From} to {To}; 1 to 20,000 updates are needed");
        }
    }
}
