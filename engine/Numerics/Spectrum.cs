using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Repro.Engine.Records;

namespace Repro.Engine.Numerics;

/// <summary>
/// Eigenvalues and singular values, by Math.NET's managed provider on one thread: the only one
/// that gives the same bits everywhere.
/// Source: Math.NET Numerics 5.0.0, its managed linear algebra: Evd and Svd of a dense matrix.
/// </summary>
public static class Spectrum
{
    /// <summary>The component of eigenvalues and singular values.</summary>
    internal static PartVersion Part { get; } = new("spectrum", 1);

    static Spectrum()
    {
        Control.UseManaged();
        Control.UseSingleThread();
    }

    /// <summary>The eigenvalues of a square matrix, by falling modulus; complex pairs adjoin.
    /// </summary>
    /// <param name="matrix">[N, N].</param>
    public static Complex[] Eigenvalues(double[,] matrix)
    {
        Complex[] values = [.. Matrix<double>.Build.DenseOfArray(matrix).Evd().EigenValues];
        Array.Sort(values, (a, b) =>
        {
            int byModulus = b.Magnitude.CompareTo(a.Magnitude);
            return byModulus != 0 ? byModulus : b.Imaginary.CompareTo(a.Imaginary);
        });
        return values;
    }

    /// <summary>The eigenvalues of a symmetric matrix, by falling value.</summary>
    /// <param name="matrix">[N, N], symmetric.</param>
    public static double[] SymmetricEigenvalues(double[,] matrix)
    {
        double[] values =
        [
            .. Matrix<double>.Build.DenseOfArray(matrix).Evd(Symmetricity.Symmetric)
                .EigenValues.Select(z => z.Real),
        ];
        Array.Sort(values, (a, b) => b.CompareTo(a));
        return values;
    }

    /// <summary>The largest modulus of an eigenvalue.</summary>
    /// <param name="matrix">[N, N].</param>
    public static double Radius(double[,] matrix)
    {
        double radius = 0;
        foreach (Complex z in Eigenvalues(matrix))
        {
            radius = Math.Max(radius, Math.Sqrt((z.Real * z.Real) + (z.Imaginary * z.Imaginary)));
        }
        return radius;
    }

    /// <summary>The singular values, by falling size.</summary>
    /// <param name="matrix">[M, N].</param>
    public static double[] SingularValues(double[,] matrix) =>
        [.. Matrix<double>.Build.DenseOfArray(matrix).Svd(false).S];
}
