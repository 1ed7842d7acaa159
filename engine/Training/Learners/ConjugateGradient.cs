namespace Repro.Engine.Training.Learners;

/// <summary>A·v into a result of the same length.</summary>
internal delegate void VectorProduct(ReadOnlySpan<double> v, Span<double> result);

/// <summary>An iterate that was kept.</summary>
/// <param name="Iteration">Its number, counted from 1.</param>
/// <param name="Value">φ there.</param>
/// <param name="X">The iterate.</param>
internal sealed record CgIterate(int Iteration, double Value, double[] X);

/// <summary>
/// Conjugate gradients for A·x = b, in double: φ(x) = ½xᵀAx − bᵀx falls with each iteration, and
/// the run ends when it hardly falls any more. Iterates 1, 2, 3, 4, 5, 7, 9, 11, 14, 18, … and
/// the last are kept. One iteration a call, so that a run can be saved between any two.
/// Source: Martens 2010, Algorithm 2, §4.4 (the stop) and §4.6 (the iterates).
/// </summary>
internal sealed class ConjugateGradient
{
    /// <summary>The ratio of the numbers of two iterates kept.</summary>
    public const double KeptRatio = 1.3;

    // φ is compared with what it was max(10, i/10) iterations before.
    private const int LeastLookBack = 10;

    // Where only rounding is left, the next iterations would follow it.
    private const double SmallestResidual = 1e-10;

    private readonly double[] b;
    private readonly double[]? preconditioner;
    private readonly int most;
    private readonly double progress;
    private readonly bool dropsWorseStart;
    private readonly double[] r;
    private readonly double[] d;
    private readonly double[] y;
    private readonly double[] product;
    private readonly List<double> values = [];
    private readonly List<CgIterate> kept = [];
    private bool begun;
    private double nextKept = 1;

    /// <param name="b">b; not copied.</param>
    /// <param name="start">x₀; copied.</param>
    /// <param name="most">Most iterations, 1 or more.</param>
    /// <param name="progress">ε: the run ends when φ fell by less than this share of itself an
    /// iteration.</param>
    /// <param name="preconditioner">A diagonal of positive numbers; null for none.</param>
    /// <param name="dropsWorseStart">Whether the run begins at 0 where φ(x₀) is not below φ(0).
    /// </param>
    public ConjugateGradient(
        double[] b, double[] start, int most, double progress, double[]? preconditioner = null,
        bool dropsWorseStart = false)
    {
        (this.b, this.most, this.progress) = (b, most, progress);
        this.dropsWorseStart = dropsWorseStart;
        this.preconditioner = preconditioner;
        X = [.. start];
        r = new double[b.Length];
        d = new double[b.Length];
        y = preconditioner is null ? r : new double[b.Length];
        product = new double[b.Length];
    }

    /// <summary>x, the last iterate.</summary>
    public double[] X { get; }

    /// <summary>Whether the run is over.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Iterations made.</summary>
    public int Iterations => values.Count;

    /// <summary>φ after each iteration.</summary>
    public IReadOnlyList<double> Values => values;

    /// <summary>The iterates kept, in their order; the last one among them at the end.</summary>
    public IReadOnlyList<CgIterate> Kept => kept;

    /// <summary>One iteration, before the first also the residual of x₀.</summary>
    /// <param name="multiply">A.</param>
    public void Step(VectorProduct multiply)
    {
        if (!begun)
        {
            Begin(multiply);
        }
        double before = DoubleVectors.Dot(r, y);
        multiply(d, product);
        double curvature = DoubleVectors.Dot(d, product);
        double length = before / curvature;
        // Rounding can make a curvature of almost nothing negative; nothing is to be had there.
        if (!(curvature > 0) || !double.IsFinite(length))
        {
            End();
            return;
        }
        DoubleVectors.Add(length, d, X);
        DoubleVectors.Add(-length, product, r);
        double value = Value();
        if (!double.IsFinite(value))
        {
            DoubleVectors.Add(-length, d, X);
            End();
            return;
        }
        values.Add(value);
        Precondition();
        DoubleVectors.Scale(DoubleVectors.Dot(r, y) / before, d);
        DoubleVectors.Add(1, y, d);
        if (Iterations >= nextKept)
        {
            Keep();
            while (Math.Ceiling(nextKept) <= Iterations)
            {
                nextKept *= KeptRatio;
            }
        }
        double residual = SmallestResidual * SmallestResidual * DoubleVectors.Dot(b, b);
        if (Iterations >= most || HasStalled() || DoubleVectors.Dot(r, r) <= residual)
        {
            End();
        }
    }

    /// <summary>Writes what a later <see cref="Read"/> needs.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(begun);
        writer.Write(HasEnded);
        writer.Write(nextKept);
        DoubleVectors.Write(writer, X);
        DoubleVectors.Write(writer, r);
        DoubleVectors.Write(writer, d);
        writer.Write(values.Count);
        DoubleVectors.Write(writer, values.ToArray());
        writer.Write(kept.Count);
        foreach (CgIterate iterate in kept)
        {
            writer.Write(iterate.Iteration);
            writer.Write(iterate.Value);
            DoubleVectors.Write(writer, iterate.X);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, into a run of the same settings.</summary>
    public void Read(BinaryReader reader)
    {
        begun = reader.ReadBoolean();
        HasEnded = reader.ReadBoolean();
        nextKept = reader.ReadDouble();
        DoubleVectors.Read(reader, X);
        DoubleVectors.Read(reader, r);
        DoubleVectors.Read(reader, d);
        Precondition();
        double[] read = new double[Count(reader, sizeof(double))];
        DoubleVectors.Read(reader, read);
        values.Clear();
        values.AddRange(read);
        int iterates = Count(reader, X.Length * sizeof(double));
        kept.Clear();
        for (int i = 0; i < iterates; i++)
        {
            CgIterate iterate = new(
                reader.ReadInt32(), reader.ReadDouble(), new double[X.Length]);
            DoubleVectors.Read(reader, iterate.X);
            kept.Add(iterate);
        }
    }

    // A torn state is refused before room is made for what it announces.
    private static int Count(BinaryReader reader, int size)
    {
        int count = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && count <= left / size
            ? count
            : throw new InvalidDataException(
                $"a run of conjugate gradients announces {count} values of {size} bytes, and "
                + $"{left} bytes are left");
    }

    private void Begin(VectorProduct multiply)
    {
        begun = true;
        b.CopyTo(r, 0);
        if (X.AsSpan().ContainsAnyExcept(0.0))
        {
            multiply(X, product);
            DoubleVectors.Add(-1, product, r);
            if (dropsWorseStart && !(Value() < 0))
            {
                X.AsSpan().Clear();
                b.CopyTo(r, 0);
            }
        }
        Precondition();
        y.CopyTo(d, 0);
    }

    private void Precondition()
    {
        for (int i = 0; preconditioner is not null && i < r.Length; i++)
        {
            y[i] = r[i] / preconditioner[i];
        }
    }

    // φ = ½xᵀAx − bᵀx with Ax = b − r.
    private double Value() => -0.5 * (DoubleVectors.Dot(r, X) + DoubleVectors.Dot(b, X));

    private bool HasStalled()
    {
        int i = values.Count;
        int k = Math.Max(LeastLookBack, i / LeastLookBack);
        return i > k && values[^1] < 0
            && (values[^1] - values[^(1 + k)]) / values[^1] < k * progress;
    }

    private void Keep() => kept.Add(new CgIterate(Iterations, values[^1], [.. X]));

    private void End()
    {
        HasEnded = true;
        if (Iterations > 0 && (kept.Count == 0 || kept[^1].Iteration != Iterations))
        {
            Keep();
        }
    }
}
