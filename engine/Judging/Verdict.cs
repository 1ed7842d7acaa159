using Repro.Engine.Numerics;

namespace Repro.Engine.Judging;

/// <summary>What comparing a published result with ours came to.</summary>
public enum Verdict
{
    /// <summary>Ours agrees under the rule stated beforehand.</summary>
    Reproduced,

    /// <summary>Agrees in part, or the runs at hand cannot decide.</summary>
    Partly,

    /// <summary>Ours disagrees under the rule stated beforehand.</summary>
    NotReproduced,

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
        Verdict.Partly => "partly",
        Verdict.NotReproduced => "not reproduced",
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

    /// <summary>
    /// The verdict of an item over the verdicts of the paper's rows. Rows not run count only in
    /// that they keep the item from being reproduced; with none run it is not run (no data, when
    /// that is why). Any row on substitute data makes the item substitute data. Of the rest: all
    /// reproduced is reproduced, all not reproduced is not reproduced, else partly.
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
        if (run.TrueForAll(cell => cell == Verdict.NotReproduced))
        {
            return Verdict.NotReproduced;
        }
        return run.Count == all.Count && run.TrueForAll(cell => cell == Verdict.Reproduced)
            ? Verdict.Reproduced
            : Verdict.Partly;
    }
}
