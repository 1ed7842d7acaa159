using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// np-RNN: R standard normal, A = RᵀR/N, e the largest eigenvalue of A + I, W_hh = (A + I)/e.
/// Symmetric and positive definite; the largest eigenvalue is 1, the others are smaller.
/// Source: Talathi and Vartak 2016, eq. (9).
/// </summary>
public sealed class NormalizedPositiveDefinite : IRecurrentInitializer
{
    /// <inheritdoc/>
    public string Name => "np-RNN";

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random)
    {
        int n = hiddenSize;
        double[,] r = RandomMatrix.Gaussian(n, random);
        double[,] w = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++)
                {
                    sum = Math.FusedMultiplyAdd(r[k, i], r[k, j], sum);
                }
                w[i, j] = w[j, i] = (sum / n) + (i == j ? 1 : 0);
            }
        }
        return RandomMatrix.Scale(w, 1 / Spectrum.SymmetricEigenvalues(w)[0]);
    }
}
