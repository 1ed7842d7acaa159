namespace Repro.Engine.Training.Learners;

/// <summary>Vectors of double, for conjugate gradients: their sums have one order.</summary>
internal static class DoubleVectors
{
    // Independent sums, so that one need not wait for the one before.
    private const int Partials = 4;

    /// <summary>aᵀb.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + Partials <= a.Length; i += Partials)
        {
            s0 = Math.FusedMultiplyAdd(a[i], b[i], s0);
            s1 = Math.FusedMultiplyAdd(a[i + 1], b[i + 1], s1);
            s2 = Math.FusedMultiplyAdd(a[i + 2], b[i + 2], s2);
            s3 = Math.FusedMultiplyAdd(a[i + 3], b[i + 3], s3);
        }
        for (; i < a.Length; i++)
        {
            s0 = Math.FusedMultiplyAdd(a[i], b[i], s0);
        }
        return s0 + s1 + (s2 + s3);
    }

    /// <summary>y ← y + a·x.</summary>
    public static void Add(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Math.FusedMultiplyAdd(a, x[i], y[i]);
        }
    }

    /// <summary>x ← a·x.</summary>
    public static void Scale(double a, Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= a;
        }
    }

    public static void Write(BinaryWriter writer, ReadOnlySpan<double> x) =>
        writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(x));

    public static void Read(BinaryReader reader, Span<double> x) =>
        reader.BaseStream.ReadExactly(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(x));
}
