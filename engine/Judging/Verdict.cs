using Repro.Engine.Numerics;

namespace Repro.Engine.Judging;

/// <summary>What comparing a published result with ours came to.</summary>
public enum Verdict
{
    /// <summary>An empirical result: our runs agree under the rule stated beforehand.</summary>
    Reproduced,

    /// <summary>Theory or a schematic: what is computed here agrees with it.</summary>
    Consistent,

    /// <summary>Some parts agree and others disagree.</summary>
    Mixed,

    /// <summary>The runs at hand cannot decide: too few of them, or too wide a spread.</summary>
    Undecided,

    /// <summary>An empirical result: our runs disagree under the rule stated beforehand.</summary>
    NotReproduced,

    /// <summary>Theory or a schematic: what is computed here contradicts it.</summary>
    Inconsistent,

    /// <summary>Made on other data than the paper's, so that the numbers do not compare.</summary>
    SubstituteData,

    /// <summary>The paper's data cannot be had.</summary>
    NoData,

    /// <summary>Not made at the paper's own scale.</summary>
    NotRun,
}

/// <summary>The verdicts' printed words and how they combine.</summary>
public static class Verdicts
{
    /// <summary>The words used in files and on pages.</summary>
    public static string Text(this Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.Consistent => "consistent",
        Verdict.Mixed => "mixed",
        Verdict.Undecided => "undecided",
        Verdict.NotReproduced => "not reproduced",
        Verdict.Inconsistent => "inconsistent",
        Verdict.SubstituteData => "substitute data",
        Verdict.NoData => "no data",
        Verdict.NotRun => "not run",
        _ => throw Unknown.Member(verdict),
    };

    /// <summary>The verdict of these words.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Verdict Parse(string text)
    {
        foreach (Verdict verdict in Enum.GetValues<Verdict>())
        {
            if (verdict.Text() == text)
            {
                return verdict;
            }
        }
        throw new FormatException(
            $"'{text}' is not a verdict; expected one of "
            + $"{string.Join(", ", Enum.GetValues<Verdict>().Select(v => v.Text()))}");
    }

    /// <summary>Whether ours agrees with what was published.</summary>
    public static bool Agrees(this Verdict verdict) =>
        verdict is Verdict.Reproduced or Verdict.Consistent;

    /// <summary>Whether ours disagrees with what was published.</summary>
    public static bool Disagrees(this Verdict verdict) =>
        verdict is Verdict.NotReproduced or Verdict.Inconsistent;

    /// <summary>The same verdict in the words of theory, where there is no run to repeat:
    /// consistent for reproduced, inconsistent for not reproduced.</summary>
    public static Verdict OfTheory(this Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => Verdict.Consistent,
        Verdict.NotReproduced => Verdict.Inconsistent,
        _ => verdict,
    };

    /// <summary>
    /// The verdict of an item over the verdicts of the paper's rows. Rows not run count only in
    /// that they keep the item from being reproduced; with none run it is not run (no data, when
    /// that is why). Any row on substitute data makes the item substitute data. Of the rest: some
    /// that agree beside some that disagree is mixed, and so is any mixed row. All agreeing is
    /// reproduced, or consistent where all are theory; all disagreeing is not reproduced, or
    /// inconsistent. Anything else leaves rows open and is undecided.
    /// </summary>
    public static Verdict OfItem(IEnumerable<Verdict> cells)
    {
        List<Verdict> all = [.. cells];
        List<Verdict> run =
            [.. all.Where(cell => cell is not (Verdict.NotRun or Verdict.NoData))];
        if (run.Count == 0)
        {
            bool isWithoutData = all.Count > 0 && all.TrueForAll(c => c == Verdict.NoData);
            return isWithoutData ? Verdict.NoData : Verdict.NotRun;
        }
        if (run.Contains(Verdict.SubstituteData))
        {
            return Verdict.SubstituteData;
        }
        if (run.Contains(Verdict.Mixed) || (run.Exists(Agrees) && run.Exists(Disagrees)))
        {
            return Verdict.Mixed;
        }
        if (run.TrueForAll(Disagrees))
        {
            return run.Contains(Verdict.NotReproduced)
                ? Verdict.NotReproduced
                : Verdict.Inconsistent;
        }
        if (run.Count < all.Count || !run.TrueForAll(Agrees))
        {
            return Verdict.Undecided;
        }
        return run.Contains(Verdict.Reproduced) ? Verdict.Reproduced : Verdict.Consistent;
    }
}
