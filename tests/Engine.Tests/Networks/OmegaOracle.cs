using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>
/// Ω of eq. (9) as plain loops in double. States and dE/dh are taken once, at given weights;
/// Ω is then a function of other weights W_hh with both held constant, as eq. (10) wants it.
/// </summary>
internal sealed class OmegaOracle
{
    private readonly NetworkSpec spec;
    private readonly List<(double[] Arriving, double[] Slope)> pairs = [];

    public OmegaOracle(RecurrentNetwork<double> net, Batch<double> batch)
    {
        spec = net.Spec;
        ParameterLayout at = net.Layout;
        double[] p = net.Parameters.ToArray();
        for (int b = 0; b < batch.Size; b++)
        {
            double[][] h = States(p, at, batch, b);
            double[] arriving = new double[spec.HiddenSize];
            for (int t = batch.Steps - 1; t >= 0; t--)
            {
                AddReadout(p, at, batch, b, t, h[t + 1], arriving);
                double[] slope = [.. h[t + 1].Select(Slope)];
                pairs.Add(([.. arriving], slope));
                arriving = Propagate(p, at.RecurrentWeights.Offset, arriving, slope);
            }
        }
    }

    public int Pairs(double bound) => pairs.Count(q => Square(q.Arriving) >= bound);

    public double Omega(double[] weights, RegularizerSpec regularizer)
    {
        double sum = 0;
        foreach ((double[] arriving, double[] slope) in pairs)
        {
            double d = Square(arriving);
            if (d < regularizer.Bound)
            {
                continue;
            }
            double ratio = Square(Propagate(weights, 0, arriving, slope)) / d;
            ratio = regularizer.Ratio == NormRatio.Squared ? ratio : Math.Sqrt(ratio);
            sum += (ratio - 1) * (ratio - 1);
        }
        return sum / Pairs(regularizer.Bound);
    }

    private static double Square(double[] v) => v.Sum(x => x * x);

    private double Slope(double h) => spec.Activation switch
    {
        Activation.Relu => h > 0 ? 1 : 0,
        Activation.Tanh => 1 - (h * h),
        _ => h * (1 - h),
    };

    private double[] Propagate(double[] weights, int offset, double[] arriving, double[] slope)
    {
        int n = spec.HiddenSize;
        double[] v = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                v[i] += arriving[j] * slope[j] * weights[offset + (i * n) + j];
            }
        }
        return v;
    }

    private double[][] States(double[] p, ParameterLayout at, Batch<double> batch, int b)
    {
        int n = spec.HiddenSize;
        double[][] h = new double[batch.Steps + 1][];
        h[0] = new double[n];
        for (int t = 0; t < batch.Steps; t++)
        {
            h[t + 1] = new double[n];
            for (int j = 0; j < n; j++)
            {
                double s = p[at.Bias.Offset + j];
                for (int i = 0; i < spec.InputSize; i++)
                {
                    s += batch.Inputs[(((t * batch.Size) + b) * spec.InputSize) + i]
                        * p[at.InputWeights.Offset + (i * n) + j];
                }
                for (int i = 0; i < n; i++)
                {
                    s += h[t][i] * p[at.RecurrentWeights.Offset + (i * n) + j];
                }
                h[t + 1][j] = spec.Activation switch
                {
                    Activation.Relu => Math.Max(0, s),
                    Activation.Tanh => Math.Tanh(s),
                    _ => 1 / (1 + Math.Exp(-s)),
                };
            }
        }
        return h;
    }

    /// <summary>Adds a squared error's or a softmax's dE/dh at one step.</summary>
    private void AddReadout(
        double[] p, ParameterLayout at, Batch<double> batch, int b, int t, double[] h,
        double[] arriving)
    {
        bool last = spec.LossAt == LossPlacement.LastStep;
        if (last && t < batch.Steps - 1)
        {
            return;
        }
        int row = last ? b : (t * batch.Size) + b;
        double[] o = new double[spec.OutputSize];
        for (int k = 0; k < o.Length; k++)
        {
            o[k] = p[at.ReadoutBias.Offset + k];
            for (int j = 0; j < spec.HiddenSize; j++)
            {
                o[k] += h[j] * p[at.ReadoutWeights.Offset + (j * o.Length) + k];
            }
        }
        double total = o.Sum(Math.Exp);
        for (int k = 0; k < o.Length; k++)
        {
            double error = spec.Readout == Readout.Softmax
                ? (Math.Exp(o[k]) / total) - (batch.Classes[row] == k ? 1 : 0)
                : 2 * (o[k] - batch.Targets[(row * o.Length) + k]);
            for (int j = 0; j < spec.HiddenSize; j++)
            {
                // The engine's loss is a mean over sequences; the bound knows its scale.
                arriving[j] += error / batch.Size
                    * p[at.ReadoutWeights.Offset + (j * o.Length) + k];
            }
        }
    }
}
