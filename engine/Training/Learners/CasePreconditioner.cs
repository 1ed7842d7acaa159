using System.Numerics;
using Repro.Engine.Networks;

namespace Repro.Engine.Training.Learners;

/// <summary>
/// A diagonal for conjugate gradients: M = (mean over sequences of the squared gradient of each
/// + λ)^¾. The gradient is a sequence's whole: its square is not the sum of the squares of its
/// steps, whose weights are shared.
/// Source: Martens 2010, §4.7; his released program, whose comment says that it was not found to
/// help recurrent networks.
/// </summary>
internal static class CasePreconditioner
{
    /// <summary>M.</summary>
    /// <param name="products">Makes the gradients.</param>
    /// <param name="cases">Fills a batch of one sequence, for each in turn.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="length">Parameters.</param>
    public static double[] Diagonal<T>(
        GaussNewton<T> products, IEnumerable<Batch<T>> cases, double lambda, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] squares = new double[length];
        double[] gradient = new double[length];
        int count = 0;
        foreach (Batch<T> single in cases)
        {
            products.Start(single);
            gradient.AsSpan().Clear();
            products.AddGradient(single, keep: false, 1, gradient);
            for (int i = 0; i < length; i++)
            {
                squares[i] = Math.FusedMultiplyAdd(gradient[i], gradient[i], squares[i]);
            }
            count++;
        }
        for (int i = 0; i < length; i++)
        {
            // x^¾ by roots: they are exact on every platform.
            double root = Math.Sqrt((squares[i] / count) + lambda);
            squares[i] = root * Math.Sqrt(root);
        }
        return squares;
    }
}
