using Repro.Engine.Numerics;

namespace Repro.Engine.Dynamics;

/// <summary>
/// Norms of a matrix's powers: what a linear network does to a gradient over many steps. All
/// powers shrink in the end when the spectral radius is below 1, but where eigenvectors are far
/// from orthogonal they may grow a long way before; only the norm bounds every step.
/// Source: Pascanu, Mikolov, Bengio 2013, §2.1 and supplement §1.
/// </summary>
public static class MatrixPowers
{
    /// <summary>‖W^l‖₂, the largest singular value, for l = 1 … <paramref name="count"/>.
    /// </summary>
    /// <param name="matrix">W, [N, N].</param>
    /// <param name="count">1 or more.</param>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static double[] Norms(double[,] matrix, int count)
    {
        int n = matrix.GetLength(0);
        if (n != matrix.GetLength(1) || n == 0)
        {
            throw new ArgumentException(
                $"a matrix of {n}×{matrix.GetLength(1)} has no powers; a square one is needed");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double[] norms = new double[count];
        double[,] power = matrix;
        norms[0] = Spectrum.SingularValues(power)[0];
        for (int l = 1; l < count; l++)
        {
            power = Product(power, matrix);
            norms[l] = Spectrum.SingularValues(power)[0];
        }
        return norms;
    }

    /// <summary>A·B.</summary>
    internal static double[,] Product(double[,] a, double[,] b)
    {
        (int rows, int inner, int columns) = (a.GetLength(0), a.GetLength(1), b.GetLength(1));
        double[,] product = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < inner; k++)
                {
                    sum = Math.FusedMultiplyAdd(a[i, k], b[k, j], sum);
                }
                product[i, j] = sum;
            }
        }
        return product;
    }
}
