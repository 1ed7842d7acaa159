using System.Globalization;
using Repro.Engine.Statistics;

namespace Repro.Engine.Judging;

/// <summary>What the units of published values allow.</summary>
public static class Units
{
    /// <summary>The unit of counts.</summary>
    public const string Count = "count";

    /// <summary>The unit of shares of one hundred.</summary>
    public const string Percent = "percent";

    /// <summary>The unit of shares of one.</summary>
    public const string Fraction = "fraction";

    /// <summary>The unit of numbers of updates.</summary>
    public const string Updates = "updates";

    private static readonly string[] NeverNegative =
        [Updates, "nats", "nll/step (nats)", "bits/char", "squared error", "norm"];

    /// <summary>The smallest and the largest value that a measure can have; infinite where there
    /// is no limit. A count whose metric ends in <c>of N</c> lies between 0 and N.</summary>
    /// <param name="unit">As in the targets.</param>
    /// <param name="metric">As in the targets.</param>
    public static (double Low, double High) Possible(string unit, string metric)
    {
        switch (unit)
        {
            case Percent:
                return (0, 100);
            case Fraction:
                return (0, 1);
            case Count:
                string last = metric[(metric.LastIndexOf(' ') + 1)..];
                bool isOf = metric.EndsWith(" of " + last, StringComparison.Ordinal);
                return isOf && int.TryParse(
                    last, NumberStyles.None, CultureInfo.InvariantCulture, out int most)
                    ? (0, most)
                    : (0, double.PositiveInfinity);
            default:
                return NeverNegative.Contains(unit)
                    ? (0, double.PositiveInfinity)
                    : (double.NegativeInfinity, double.PositiveInfinity);
        }
    }

    /// <summary>An interval with its ends within what is possible: an interval of few seeds would
    /// otherwise reach below zero percent or above one hundred.</summary>
    public static Interval Within(this Interval interval, string unit, string metric)
    {
        (double low, double high) = Possible(unit, metric);
        return interval with
        {
            Low = Math.Clamp(interval.Low, low, high),
            High = Math.Clamp(interval.High, low, high),
        };
    }
}
