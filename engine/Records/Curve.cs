namespace Repro.Engine.Records;

/// <summary>Points of a measure over the course of a run, in the order they were taken.</summary>
public sealed record Curve
{
    /// <summary>A curve of as many ordinates as abscissae.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Curve(double[] x, double[] y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException(
                $"a curve needs as many y as x, but was given {x.Length} x and {y.Length} y");
        }
        (X, Y) = (x, y);
    }

    /// <summary>Abscissae [P], updates or epochs.</summary>
    public double[] X { get; }

    /// <summary>Ordinates [P].</summary>
    public double[] Y { get; }

    /// <summary>At most <paramref name="maxPoints"/> of the points, evenly spaced by position;
    /// the first and the last are always among them.</summary>
    /// <param name="maxPoints">2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPoints"/> is below 2.
    /// </exception>
    public Curve Thin(int maxPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 2);
        if (X.Length <= maxPoints)
        {
            return this;
        }
        double[] x = new double[maxPoints];
        double[] y = new double[maxPoints];
        for (int i = 0; i < maxPoints; i++)
        {
            int from = (int)((long)i * (X.Length - 1) / (maxPoints - 1));
            (x[i], y[i]) = (X[from], Y[from]);
        }
        return new Curve(x, y);
    }
}
