using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>A rule for the recurrent weights before training.</summary>
public interface IRecurrentInitializer
{
    /// <summary>The name the papers use: IRNN, np-RNN, …</summary>
    string Name { get; }

    /// <summary>Raised by hand when the same seed would give other weights.</summary>
    int BehaviourVersion { get; }

    /// <summary>W_hh, [H, H], for one seed, in double precision.</summary>
    /// <param name="hiddenSize">H, 1 or more.</param>
    /// <param name="random">Numbers of purpose <see cref="RandomPurpose.RecurrentWeights"/>.
    /// </param>
    double[,] Matrix(int hiddenSize, Philox random);
}

/// <summary>Matrices the initialisers share.</summary>
internal static class RandomMatrix
{
    /// <summary>N×N standard normal entries, drawn row by row.</summary>
    public static double[,] Gaussian(int n, Philox random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        double[,] r = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                r[i, j] = random.Normal(((ulong)i * (ulong)n) + (ulong)j);
            }
        }
        return r;
    }

    /// <summary>Every entry times a factor, in place.</summary>
    public static double[,] Scale(double[,] matrix, double factor)
    {
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
            {
                matrix[i, j] *= factor;
            }
        }
        return matrix;
    }
}
