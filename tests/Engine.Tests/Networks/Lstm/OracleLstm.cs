using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>
/// The same LSTM as plain loops in double: one sequence at a time, every state kept, nothing
/// packed, fused or cut. Slow and easy to check by eye.
/// </summary>
internal sealed class OracleLstm(NetworkSpec spec, double[] parameters)
{
    private readonly ParameterLayout layout = LstmLayout.Of(spec);
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
        double[] start = new double[hidden];
        State[] states = new State[batch.Steps + 1];
        states[0] = new State(start, start, start, start, start, start);
        double[][] errors = new double[batch.Steps][];
        double loss = 0;
        for (int t = 0; t < batch.Steps; t++)
        {
            states[t + 1] = Step(states[t], Input(batch, t, b));
            errors[t] = new double[outputs];
            if (!last || t == batch.Steps - 1)
            {
                double[] o = Outputs(states[t + 1].H);
                int row = ((last ? 0 : t) * batch.Size) + b;
                o.CopyTo(all, row * outputs);
                loss += Loss(o, batch, row, errors[t]);
            }
        }
        double[] dh = new double[hidden];
        double[] dc = new double[hidden];
        for (int t = batch.Steps - 1; t >= 0; t--)
        {
            AddReadout(states[t + 1].H, errors[t], dh, gradient);
            dh = Back(states[t], states[t + 1], Input(batch, t, b), dh, dc, gradient);
        }
        return loss;
    }

    private double[] Input(Batch<double> batch, int t, int b) =>
        batch.Inputs.AsSpan(((t * batch.Size) + b) * inputs, inputs).ToArray();

    private State Step(State before, double[] x)
    {
        int gates = 4 * hidden;
        double[] s = new double[gates];
        for (int j = 0; j < gates; j++)
        {
            s[j] = parameters[layout.Bias.Offset + j];
            for (int k = 0; k < inputs; k++)
            {
                s[j] += x[k] * parameters[layout.InputWeights.Offset + (k * gates) + j];
            }
            for (int k = 0; k < hidden; k++)
            {
                s[j] += before.H[k]
                    * parameters[layout.RecurrentWeights.Offset + (k * gates) + j];
            }
        }
        double[] i = [.. s[..hidden].Select(Logistic)];
        double[] f = [.. s[hidden..(2 * hidden)].Select(Logistic)];
        double[] g = [.. s[(2 * hidden)..(3 * hidden)].Select(Math.Tanh)];
        double[] o = [.. s[(3 * hidden)..].Select(Logistic)];
        double[] c = [.. before.C.Select((v, j) => (f[j] * v) + (i[j] * g[j]))];
        double[] h = [.. c.Select((v, j) => o[j] * Math.Tanh(v))];
        return new State(i, f, g, o, c, h);
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
                    double y = Logistic(o[k]);
                    loss -= (z * Math.Log(y)) + ((1 - z) * Math.Log(1 - y));
                    error[k] = y - z;
                    break;
            }
        }
        return loss;
    }

    /// <summary>Adds a step's share of the readout's gradient, and to dE/dh.</summary>
    private void AddReadout(double[] h, double[] error, double[] dh, double[] gradient)
    {
        for (int k = 0; k < outputs; k++)
        {
            gradient[layout.ReadoutBias.Offset + k] += error[k];
            for (int j = 0; j < hidden; j++)
            {
                int at = layout.ReadoutWeights.Offset + (j * outputs) + k;
                dh[j] += error[k] * parameters[at];
                gradient[at] += error[k] * h[j];
            }
        }
    }

    /// <summary>Adds one step's share; dc becomes dE/dc of the step before, and dE/dh is
    /// returned.</summary>
    private double[] Back(
        State before, State now, double[] x, double[] dh, double[] dc, double[] gradient)
    {
        int gates = 4 * hidden;
        double[] ds = new double[gates];
        for (int j = 0; j < hidden; j++)
        {
            (double i, double f, double g, double o) = (now.I[j], now.F[j], now.G[j], now.O[j]);
            double squashed = Math.Tanh(now.C[j]);
            dc[j] += dh[j] * o * (1 - (squashed * squashed));
            ds[j] = dc[j] * g * i * (1 - i);
            ds[hidden + j] = dc[j] * before.C[j] * f * (1 - f);
            ds[(2 * hidden) + j] = dc[j] * i * (1 - (g * g));
            ds[(3 * hidden) + j] = dh[j] * squashed * o * (1 - o);
            dc[j] *= f;
        }
        double[] previous = new double[hidden];
        for (int j = 0; j < gates; j++)
        {
            gradient[layout.Bias.Offset + j] += ds[j];
            for (int k = 0; k < inputs; k++)
            {
                gradient[layout.InputWeights.Offset + (k * gates) + j] += ds[j] * x[k];
            }
            for (int k = 0; k < hidden; k++)
            {
                int at = layout.RecurrentWeights.Offset + (k * gates) + j;
                gradient[at] += ds[j] * before.H[k];
                previous[k] += ds[j] * parameters[at];
            }
        }
        return previous;
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private sealed record State(
        double[] I, double[] F, double[] G, double[] O, double[] C, double[] H);
}
