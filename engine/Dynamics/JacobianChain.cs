using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Dynamics;

/// <summary>
/// The Jacobians of a simple recurrent network along one sequence and what they do to an error's
/// gradient: dE_T/dh_k = W·(f′(s_{k+1}) ⊙ dE_T/dh_{k+1}), k = T−1 … 0.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (5)–(7).
/// </summary>
public sealed class JacobianChain
{
    private readonly double[,] weights;
    private readonly double[,] slopes;

    /// <summary>A chain over the steps of one sequence.</summary>
    /// <param name="weights">W_hh, [H, H]; rows are sources, as in the parameter layout.</param>
    /// <param name="slopes">f′ at the states, [T+1, H]; row t belongs to h_t, row 0 is not used.
    /// </param>
    /// <exception cref="ArgumentException">The shapes do not fit, or there is no step.</exception>
    public JacobianChain(double[,] weights, double[,] slopes)
        : this(weights, slopes, null)
    {
    }

    private JacobianChain(double[,] weights, double[,] slopes, double[]? singularValues)
    {
        int h = weights.GetLength(0);
        if (weights.GetLength(1) != h || slopes.GetLength(1) != h || slopes.GetLength(0) < 2)
        {
            throw new ArgumentException(
                $"W is {h}×{weights.GetLength(1)} and the slopes are "
                + $"{slopes.GetLength(0)}×{slopes.GetLength(1)}; H×H and (T+1)×H with T of 1 or "
                + "more are needed");
        }
        (this.weights, this.slopes) = (weights, slopes);
        double[] singular = singularValues ?? Spectrum.SingularValues(weights);
        WeightNorm = singular[0];
        SmallestSingularValue = singular[^1];
    }

    /// <summary>A chain over a sequence of states.</summary>
    /// <param name="weights">W_hh, [H, H]; rows are sources.</param>
    /// <param name="states">h_0 … h_T, [T+1, H].</param>
    /// <param name="activation">f.</param>
    public static JacobianChain OfStates(
        double[,] weights, double[,] states, Activation activation) =>
        OfStates(weights, states, activation, null);

    // Many sequences share one matrix: its singular values need to be found but once.
    internal static JacobianChain OfStates(
        double[,] weights, double[,] states, Activation activation, double[]? singularValues)
    {
        double[,] slopes = new double[states.GetLength(0), states.GetLength(1)];
        for (int t = 0; t < slopes.GetLength(0); t++)
        {
            for (int j = 0; j < slopes.GetLength(1); j++)
            {
                slopes[t, j] = ScalarFunctions.Slope(activation, states[t, j]);
            }
        }
        return new JacobianChain(weights, slopes, singularValues);
    }

    /// <summary>T.</summary>
    public int Steps => slopes.GetLength(0) - 1;

    /// <summary>‖W_hh‖₂, λ₁ in the paper: the largest singular value.</summary>
    public double WeightNorm { get; }

    /// <summary>The smallest singular value of W_hh.</summary>
    public double SmallestSingularValue { get; }

    /// <summary>dE/dh_k for k = 0 … T.</summary>
    /// <param name="last">dE/dh_T, [H].</param>
    /// <returns>[T+1, H].</returns>
    public double[,] Gradients(double[] last)
    {
        int h = weights.GetLength(0);
        if (last.Length != h)
        {
            throw new ArgumentException(
                $"dE/dh_T has {last.Length} elements; the network has {h} hidden units");
        }
        double[,] gradients = new double[Steps + 1, h];
        double[] delta = new double[h];
        for (int j = 0; j < h; j++)
        {
            gradients[Steps, j] = last[j];
        }
        for (int k = Steps - 1; k >= 0; k--)
        {
            for (int j = 0; j < h; j++)
            {
                delta[j] = slopes[k + 1, j] * gradients[k + 1, j];
            }
            for (int i = 0; i < h; i++)
            {
                double sum = 0;
                for (int j = 0; j < h; j++)
                {
                    sum = Math.FusedMultiplyAdd(weights[i, j], delta[j], sum);
                }
                gradients[k, i] = sum;
            }
        }
        return gradients;
    }

    /// <summary>‖dE/dh_{T−l}‖ for lags l = 0 … T.</summary>
    /// <param name="last">dE/dh_T, [H].</param>
    public double[] Norms(double[] last)
    {
        double[,] gradients = Gradients(last);
        double[] norms = new double[Steps + 1];
        double[] row = new double[last.Length];
        for (int lag = 0; lag <= Steps; lag++)
        {
            Buffer.BlockCopy(
                gradients, (Steps - lag) * row.Length * sizeof(double), row, 0,
                row.Length * sizeof(double));
            norms[lag] = ScalarFunctions.Norm(row);
        }
        return norms;
    }

    /// <summary>‖dh_T/dh_{T−l}‖₂, the norm of the product of Jacobians itself, for lags
    /// l = 0 … T, eq. (5). The product is scaled to norm 1 after each step, so that neither it nor
    /// its squares leave the range of a double before the norms do.</summary>
    public double[] ProductNorms()
    {
        int h = weights.GetLength(0);
        double[] norms = new double[Steps + 1];
        norms[0] = 1;
        double[,] product = new double[h, h];
        for (int i = 0; i < h; i++)
        {
            product[i, i] = 1;
        }
        for (int lag = 1; lag <= Steps; lag++)
        {
            double[,] step = new double[h, h];
            for (int i = 0; i < h; i++)
            {
                for (int j = 0; j < h; j++)
                {
                    step[i, j] = weights[i, j] * slopes[Steps - lag + 1, j];
                }
            }
            product = MatrixPowers.Product(step, product);
            double norm = Spectrum.SingularValues(product)[0];
            norms[lag] = norms[lag - 1] * norm;
            if (!(norm > 0 && double.IsFinite(norm)))
            {
                Array.Fill(norms, norms[lag], lag, Steps + 1 - lag);
                break;
            }
            for (int i = 0; i < h; i++)
            {
                for (int j = 0; j < h; j++)
                {
                    product[i, j] /= norm;
                }
            }
        }
        return norms;
    }

    /// <summary>Upper bound of ‖dh_T/dh_{T−l}‖ for lags l = 0 … T: the product over the steps of
    /// ‖W_hh‖·max f′(s_t), eq. (6).</summary>
    public double[] Bounds() => Cumulative(
        t => WeightNorm * Extreme(t, Math.Max));

    /// <summary>Lower bound of the same: no vector shrinks more than by the smallest singular
    /// value times min f′(s_t) at each step.</summary>
    public double[] LowerBounds() => Cumulative(
        t => SmallestSingularValue * Extreme(t, Math.Min));

    /// <summary>Upper bound that knows the nonlinearity only: η^l with η = ‖W_hh‖·γ, eq. (7).
    /// </summary>
    /// <param name="activation">Whose γ: 1 for tanh and the rectifier, ¼ for the logistic.
    /// </param>
    public double[] GlobalBounds(Activation activation)
    {
        double eta = WeightNorm * ScalarFunctions.LargestSlope(activation);
        return Cumulative(_ => eta);
    }

    private double Extreme(int t, Func<double, double, double> pick)
    {
        double value = slopes[t, 0];
        for (int j = 1; j < slopes.GetLength(1); j++)
        {
            value = pick(value, slopes[t, j]);
        }
        return value;
    }

    private double[] Cumulative(Func<int, double> factor)
    {
        double[] product = new double[Steps + 1];
        product[0] = 1;
        for (int lag = 1; lag <= Steps; lag++)
        {
            product[lag] = product[lag - 1] * factor(Steps - lag + 1);
        }
        return product;
    }
}
