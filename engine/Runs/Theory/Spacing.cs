using System.Text.Json.Nodes;
using Repro.Engine.Statistics;

namespace Repro.Engine.Runs.Theory;

/// <summary>Evenly spaced places of one parameter.</summary>
/// <param name="Low">First.</param>
/// <param name="High">Last.</param>
/// <param name="Parts">Intervals, 1 or more.</param>
public readonly record struct Spacing(double Low, double High, int Parts)
{
    /// <summary>The places.</summary>
    public IEnumerable<double> Places()
    {
        for (int i = 0; i <= Parts; i++)
        {
            yield return Low + ((High - Low) * i / Parts);
        }
    }

    internal JsonArray Json() => [Low, High, Parts];
}
