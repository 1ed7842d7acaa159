namespace Repro.Engine.Statistics;

/// <summary>An estimate and the interval around it.</summary>
/// <param name="Estimate">The point estimate.</param>
/// <param name="Low">Lower end; may be negative infinity.</param>
/// <param name="High">Upper end; may be infinity.</param>
public readonly record struct Interval(double Estimate, double Low, double High)
{
    /// <summary>Half of the width; infinite when either end is.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether the closed interval holds <paramref name="value"/>.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>Whether the closed intervals share a point.</summary>
    public bool Overlaps(Interval other) => Low <= other.High && other.Low <= High;

    /// <summary>Both ends moved outwards by <paramref name="margin"/>, 0 or more.</summary>
    public Interval Widened(double margin) => new(Estimate, Low - margin, High + margin);
}
