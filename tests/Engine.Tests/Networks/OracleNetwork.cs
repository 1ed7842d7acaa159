using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>
/// The same network as plain loops in double: one sequence at a time, every state kept, nothing
/// packed or fused. Slow and easy to check by eye.
/// </summary>
internal sealed class OracleNetwork(NetworkSpec spec, double[] parameters)
{
    private readonly ParameterLayout layout = new(spec);
    private readonly int inputs = spec.InputSize;
    private readonly int hidden = spec.HiddenSize;
    private readonly int outputs = spec.OutputSize;

    /// <summary>Loss averaged over sequences, its gradient, and the outputs.</summary>
    public (double Loss, double[] Gradient, double[] Outputs) Run(Batch<double> batch)
    {
        double[] gradient = new double[layout.Length];
        bool last = spec.LossAt == LossPlacement.LastStep;
        double[] all = new double[(last ? 1 : batch.Steps) * batch.Size * outputs];
        double loss = 0;
        for (int b = 0; b < batch.Size; b++)
        {
            loss += Sequence(batch, b, gradient, all);
        }
        return (loss / batch.Size, [.. gradient.Select(g => g / batch.Size)], all);
    }

    private double Sequence(Batch<double> batch, int b, double[] gradient, double[] all)
    {
        bool last = spec.LossAt == LossPlacement.LastStep;
        double[][] h = new double[batch.Steps + 1][];
        h[0] = new double[hidden];
        double[][] errors = new double[batch.Steps][];
        double loss = 0;
        for (int t = 0; t < batch.Steps; t++)
        {
            h[t + 1] = Step(h[t], Input(batch, t, b));
            errors[t] = new double[outputs];
            if (!last || t == batch.Steps - 1)
            {
                double[] o = Outputs(h[t + 1]);
                int row = ((last ? 0 : t) * batch.Size) + b;
                o.CopyTo(all, row * outputs);
                loss += Loss(o, batch, row, errors[t]);
            }
        }
        double[] next = new double[hidden];
        for (int t = batch.Steps - 1; t >= 0; t--)
        {
            next = Back(h[t + 1], h[t], Input(batch, t, b), errors[t], next, gradient);
        }
        return loss;
    }

    private double[] Input(Batch<double> batch, int t, int b) =>
        batch.Inputs.AsSpan(((t * batch.Size) + b) * inputs, inputs).ToArray();

    private double[] Step(double[] h, double[] x)
    {
        double[] result = new double[hidden];
        for (int j = 0; j < hidden; j++)
        {
            double s = parameters[layout.Bias.Offset + j];
            for (int i = 0; i < inputs; i++)
            {
                s += x[i] * parameters[layout.InputWeights.Offset + (i * hidden) + j];
            }
            for (int i = 0; i < hidden; i++)
            {
                s += h[i] * parameters[layout.RecurrentWeights.Offset + (i * hidden) + j];
            }
            result[j] = spec.Activation switch
            {
                Activation.Relu => Math.Max(0, s),
                Activation.Tanh => Math.Tanh(s),
                _ => 1 / (1 + Math.Exp(-s)),
            };
        }
        return result;
    }

    private double[] Outputs(double[] h)
    {
        double[] o = new double[outputs];
        for (int k = 0; k < outputs; k++)
        {
            o[k] = parameters[layout.ReadoutBias.Offset + k];
            for (int j = 0; j < hidden; j++)
            {
                o[k] += h[j] * parameters[layout.ReadoutWeights.Offset + (j * outputs) + k];
            }
        }
        return o;
    }

    private double Loss(double[] o, Batch<double> batch, int row, double[] error)
    {
        double loss = 0;
        double sum = o.Sum(Math.Exp);
        for (int k = 0; k < outputs; k++)
        {
            switch (spec.Readout)
            {
                case Readout.Linear:
                    double e = o[k] - batch.Targets[(row * outputs) + k];
                    loss += e * e;
                    error[k] = 2 * e;
                    break;
                case Readout.Softmax:
                    bool right = batch.Classes[row] == k;
                    loss -= right ? Math.Log(Math.Exp(o[k]) / sum) : 0;
                    error[k] = (Math.Exp(o[k]) / sum) - (right ? 1 : 0);
                    break;
                default:
                    double z = batch.Targets[(row * outputs) + k];
                    double y = 1 / (1 + Math.Exp(-o[k]));
                    loss -= (z * Math.Log(y)) + ((1 - z) * Math.Log(1 - y));
                    error[k] = y - z;
                    break;
            }
        }
        return loss;
    }

    /// <summary>Adds one step's share; returns dE/dh of the step before.</summary>
    private double[] Back(
        double[] h, double[] before, double[] x, double[] error, double[] dh, double[] gradient)
    {
        double[] previous = new double[hidden];
        for (int j = 0; j < hidden; j++)
        {
            double d = dh[j];
            for (int k = 0; k < outputs; k++)
            {
                int at = (j * outputs) + k;
                d += error[k] * parameters[layout.ReadoutWeights.Offset + at];
                gradient[layout.ReadoutWeights.Offset + at] += error[k] * h[j];
            }
            d *= spec.Activation switch
            {
                Activation.Relu => h[j] > 0 ? 1 : 0,
                Activation.Tanh => 1 - (h[j] * h[j]),
                _ => h[j] * (1 - h[j]),
            };
            gradient[layout.Bias.Offset + j] += d;
            for (int i = 0; i < inputs; i++)
            {
                gradient[layout.InputWeights.Offset + (i * hidden) + j] += d * x[i];
            }
            for (int i = 0; i < hidden; i++)
            {
                int at = layout.RecurrentWeights.Offset + (i * hidden) + j;
                gradient[at] += d * before[i];
                previous[i] += d * parameters[at];
            }
        }
        for (int k = 0; k < outputs; k++)
        {
            gradient[layout.ReadoutBias.Offset + k] += error[k];
        }
        return previous;
    }
}
