namespace Repro.Engine.Judging;

/// <summary>What a comparison of two series makes of runs that diverged: each counts as the worst
/// finite value of either series. Left out, a series would gain by losing its bad runs.</summary>
public static class LostRuns
{
    /// <summary>The worst finite value of two series; null when neither has one.</summary>
    /// <param name="first">Values of one series, one a seed.</param>
    /// <param name="second">Values of the other, one a seed.</param>
    /// <param name="higherIsBetter">Direction of the metric.</param>
    public static double? Worst(
        IReadOnlyList<double> first, IReadOnlyList<double> second, bool higherIsBetter)
    {
        double[] finite = [.. first.Concat(second).Where(double.IsFinite)];
        return finite.Length == 0 ? null : higherIsBetter ? finite.Min() : finite.Max();
    }

    /// <summary>A series with a finite value for every run, in the same order of seeds.</summary>
    /// <param name="worst">What a run without a finite value counts as.</param>
    /// <param name="values">Values, one a seed.</param>
    public static double[] CountAs(double worst, IReadOnlyList<double> values) =>
        [.. values.Select(value => double.IsFinite(value) ? value : worst)];
}
