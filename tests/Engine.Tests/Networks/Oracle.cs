using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks;

/// <summary>A network as plain loops.</summary>
internal interface IOracle
{
    /// <summary>Loss averaged over sequences, its gradient, and the outputs.</summary>
    (double Loss, double[] Gradient, double[] Outputs) Run(Batch<double> batch);
}

/// <summary>
/// What plain loops in double have in common, whatever the cell: one sequence at a time, every
/// state kept, nothing packed, fused or cut. Slow and easy to check by eye.
/// </summary>
/// <typeparam name="S">The state of one step.</typeparam>
internal abstract class Oracle<S>(NetworkSpec spec, ParameterLayout layout, double[] parameters)
    : IOracle
{
    private readonly int outputs = spec.OutputSize;
    private double limit = double.PositiveInfinity;

    protected NetworkSpec Spec => spec;

    protected ParameterLayout Layout => layout;

    protected double[] Parameters => parameters;

    protected int Inputs => spec.InputSize;

    protected int Hidden => spec.HiddenSize;

    public (double Loss, double[] Gradient, double[] Outputs) Run(Batch<double> batch)
    {
        double[] gradient = new double[layout.Length];
        // Sums here are not divided by B before the end; the limit is of those that are.
        limit = batch.MessageLimit * batch.Size ?? double.PositiveInfinity;
        bool last = spec.LossAt == LossPlacement.LastStep;
        double[] all = new double[(last ? 1 : batch.Steps) * batch.Size * outputs];
        double loss = 0;
        for (int b = 0; b < batch.Size; b++)
        {
            loss += Sequence(batch, b, gradient, all);
        }
        return (loss / batch.Size, [.. gradient.Select(g => g / batch.Size)], all);
    }

    protected abstract S Start();

    protected abstract double[] StateOf(S state);

    protected abstract S Step(S before, double[] x);

    /// <summary>Before the backward sweep of a sequence.</summary>
    protected virtual void StartBack()
    {
    }

    /// <summary>Adds one step's share from dE/dh; returns dE/dh of the step before.</summary>
    protected abstract double[] Back(
        S before, S now, double[] x, double[] dh, double[] gradient);

    /// <summary>b + W_hxᵀ·x + W_hhᵀ·h.</summary>
    protected double[] Sums(double[] h, double[] x)
    {
        int columns = layout.Bias.Columns;
        double[] s = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            s[j] = parameters[layout.Bias.Offset + j];
            for (int i = 0; i < x.Length; i++)
            {
                s[j] += x[i] * parameters[layout.InputWeights.Offset + (i * columns) + j];
            }
            for (int i = 0; i < h.Length; i++)
            {
                s[j] += h[i] * parameters[layout.RecurrentWeights.Offset + (i * columns) + j];
            }
        }
        return s;
    }

    /// <summary>Adds the share of the deltas ds, cut where the batch says so; returns W_hh·ds.
    /// </summary>
    protected double[] AddDeltas(double[] ds, double[] before, double[] x, double[] gradient)
    {
        int columns = layout.Bias.Columns;
        ds = [.. ds.Select(d => Math.Clamp(d, -limit, limit))];
        double[] previous = new double[before.Length];
        for (int j = 0; j < columns; j++)
        {
            gradient[layout.Bias.Offset + j] += ds[j];
            for (int i = 0; i < x.Length; i++)
            {
                gradient[layout.InputWeights.Offset + (i * columns) + j] += ds[j] * x[i];
            }
            for (int i = 0; i < before.Length; i++)
            {
                int at = layout.RecurrentWeights.Offset + (i * columns) + j;
                gradient[at] += ds[j] * before[i];
                previous[i] += ds[j] * parameters[at];
            }
        }
        return previous;
    }

    protected static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private double Sequence(Batch<double> batch, int b, double[] gradient, double[] all)
    {
        bool last = spec.LossAt == LossPlacement.LastStep;
        S[] states = new S[batch.Steps + 1];
        states[0] = Start();
        double[][] errors = new double[batch.Steps][];
        double loss = 0;
        for (int t = 0; t < batch.Steps; t++)
        {
            states[t + 1] = Step(states[t], Input(batch, t, b));
            errors[t] = new double[outputs];
            if (!last || t == batch.Steps - 1)
            {
                double[] o = OutputsOf(StateOf(states[t + 1]));
                int row = ((last ? 0 : t) * batch.Size) + b;
                o.CopyTo(all, row * outputs);
                loss += Loss(o, batch, row, errors[t]);
            }
        }
        double[] dh = new double[Hidden];
        StartBack();
        for (int t = batch.Steps - 1; t >= 0; t--)
        {
            AddReadout(StateOf(states[t + 1]), errors[t], dh, gradient);
            dh = Back(states[t], states[t + 1], Input(batch, t, b), dh, gradient);
        }
        return loss;
    }

    private double[] Input(Batch<double> batch, int t, int b) =>
        batch.Inputs.AsSpan(((t * batch.Size) + b) * Inputs, Inputs).ToArray();

    private double[] OutputsOf(double[] h)
    {
        double[] o = new double[outputs];
        for (int k = 0; k < outputs; k++)
        {
            o[k] = parameters[layout.ReadoutBias.Offset + k];
            for (int j = 0; j < h.Length; j++)
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
                case Readout.Bernoulli:
                    double z = batch.Targets[(row * outputs) + k];
                    double y = Logistic(o[k]);
                    loss -= (z * Math.Log(y)) + ((1 - z) * Math.Log(1 - y));
                    error[k] = y - z;
                    break;
                default:
                    throw new InvalidOperationException($"no loss for {spec.Readout}");
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
            for (int j = 0; j < h.Length; j++)
            {
                int at = layout.ReadoutWeights.Offset + (j * outputs) + k;
                dh[j] += error[k] * parameters[at];
                gradient[at] += error[k] * h[j];
            }
        }
    }
}
