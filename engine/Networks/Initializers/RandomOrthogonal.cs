using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// oRNN: a random orthogonal matrix, uniform over the orthogonal group: the rows of a Gaussian
/// matrix made orthonormal one after the other (twice, so that rounding does not show).
/// Source: Talathi and Vartak 2016, Table 1; Stewart 1980 for the distribution.
/// </summary>
public sealed class RandomOrthogonal : IRecurrentInitializer
{
    /// <inheritdoc/>
    public string Name => "oRNN";

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random)
    {
        int n = hiddenSize;
        double[,] q = RandomMatrix.Gaussian(n, random);
        for (int i = 0; i < n; i++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    double projection = Dot(q, i, j, n);
                    for (int k = 0; k < n; k++)
                    {
                        q[i, k] = Math.FusedMultiplyAdd(-projection, q[j, k], q[i, k]);
                    }
                }
            }
            double norm = Math.Sqrt(Dot(q, i, i, n));
            for (int k = 0; k < n; k++)
            {
                q[i, k] /= norm;
            }
        }
        return q;
    }

    private static double Dot(double[,] q, int i, int j, int n)
    {
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            sum = Math.FusedMultiplyAdd(q[i, k], q[j, k], sum);
        }
        return sum;
    }
}
