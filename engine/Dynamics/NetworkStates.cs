using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Dynamics;

/// <summary>
/// The states of a network over a batch, recomputed in double precision one unit at a time from
/// its parameters: slow, obvious and independent of the kernels.
/// </summary>
internal sealed class NetworkStates
{
    private readonly double[][,] states;
    private readonly double[][] lastGradients;

    private NetworkStates(
        double[,] recurrentWeights, double[][,] states, double[][] lastGradients)
    {
        (RecurrentWeights, this.states, this.lastGradients) =
            (recurrentWeights, states, lastGradients);
    }

    /// <summary>W_hh, [H, H]; rows are sources.</summary>
    public double[,] RecurrentWeights { get; }

    /// <summary>h_0 … h_T of a sequence, [T+1, H].</summary>
    public double[,] Sequence(int b) => states[b];

    /// <summary>dE_T/dh_T of a sequence, [H], E_T its loss at the last step.</summary>
    public double[] LastGradient(int b) => lastGradients[b];

    public static NetworkStates Of<T>(RecurrentNetwork<T> network, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = network.Spec;
        Check(spec, batch);
        double[] all = new double[network.Layout.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = double.CreateTruncating(network.Parameters[i]);
        }
        double[,] Matrix(ParameterView view)
        {
            double[,] matrix = new double[view.Rows, view.Columns];
            for (int i = 0; i < view.Length; i++)
            {
                matrix[i / view.Columns, i % view.Columns] = all[view.Offset + i];
            }
            return matrix;
        }
        double[,] recurrent = Matrix(network.Layout.RecurrentWeights);
        double[,] input = Matrix(network.Layout.InputWeights);
        double[,] bias = Matrix(network.Layout.Bias);
        double[,] readout = Matrix(network.Layout.ReadoutWeights);
        double[,] readoutBias = Matrix(network.Layout.ReadoutBias);
        double[][,] states = new double[batch.Size][,];
        double[][] gradients = new double[batch.Size][];
        for (int b = 0; b < batch.Size; b++)
        {
            states[b] = Sweep(spec, batch, b, recurrent, input, bias);
            double[] last = Row(states[b], batch.Steps);
            double[] outputs = Row(readoutBias, 0);
            AddProduct(outputs, readout, last);
            double[] byOutput = OutputGradient(spec, batch, b, outputs);
            gradients[b] = new double[spec.HiddenSize];
            for (int i = 0; i < spec.HiddenSize; i++)
            {
                for (int o = 0; o < spec.OutputSize; o++)
                {
                    gradients[b][i] =
                        Math.FusedMultiplyAdd(readout[i, o], byOutput[o], gradients[b][i]);
                }
            }
        }
        return new NetworkStates(recurrent, states, gradients);
    }

    private static double[,] Sweep<T>(
        NetworkSpec spec, Batch<T> batch, int b, double[,] recurrent, double[,] input,
        double[,] bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] states = new double[batch.Steps + 1, spec.HiddenSize];
        for (int t = 0; t < batch.Steps; t++)
        {
            double[] s = Row(bias, 0);
            AddProduct(s, recurrent, Row(states, t));
            AddProduct(s, input, InputAt(spec, batch, t, b));
            for (int j = 0; j < spec.HiddenSize; j++)
            {
                states[t + 1, j] = ScalarFunctions.Activate(spec.Activation, s[j]);
            }
        }
        return states;
    }

    private static double[] InputAt<T>(NetworkSpec spec, Batch<T> batch, int t, int b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] x = new double[spec.InputSize];
        int row = (t * batch.Size) + b;
        if (batch.IsOneHot)
        {
            x[batch.InputIndices[row]] = 1;
            return x;
        }
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = double.CreateTruncating(batch.Inputs[(row * spec.InputSize) + i]);
        }
        return x;
    }

    // dE/do of the last step: o − z doubled, softmax − class, or σ(o) − z.
    private static double[] OutputGradient<T>(
        NetworkSpec spec, Batch<T> batch, int b, double[] outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int row = spec.LossAt switch
        {
            LossPlacement.LastStep => b,
            LossPlacement.EveryStep => ((batch.Steps - 1) * batch.Size) + b,
            _ => throw Unknown.Member(spec.LossAt),
        };
        double Target(int o) => double.CreateTruncating(
            batch.Targets[(row * spec.OutputSize) + o]);
        switch (spec.Readout)
        {
            case Readout.Linear:
                return [.. outputs.Select((v, o) => 2 * (v - Target(o)))];
            case Readout.Bernoulli:
                return [.. outputs.Select((v, o) => ScalarFunctions.Sigmoid(v) - Target(o))];
            case Readout.Softmax:
                double highest = outputs.Max();
                double[] p = [.. outputs.Select(v => Elementary.Exp(v - highest))];
                double sum = p.Sum();
                return [.. p.Select((v, o) => (v / sum) - (o == batch.Classes[row] ? 1 : 0))];
            default:
                throw Unknown.Member(spec.Readout);
        }
    }

    private static void AddProduct(double[] target, double[,] weights, double[] source)
    {
        for (int j = 0; j < target.Length; j++)
        {
            for (int i = 0; i < source.Length; i++)
            {
                target[j] = Math.FusedMultiplyAdd(source[i], weights[i, j], target[j]);
            }
        }
    }

    private static double[] Row(double[,] matrix, int row)
    {
        double[] values = new double[matrix.GetLength(1)];
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = matrix[row, j];
        }
        return values;
    }

    private static void Check<T>(NetworkSpec spec, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int steps = batch.Steps * batch.Size;
        int targets = spec.LossAt switch
        {
            LossPlacement.LastStep => batch.Size,
            LossPlacement.EveryStep => steps,
            _ => throw Unknown.Member(spec.LossAt),
        };
        bool isWhole = batch.IsOneHot
            ? batch.InputIndices.Length >= steps
            : batch.Inputs.Length >= steps * spec.InputSize;
        bool hasTargets = spec.Readout switch
        {
            Readout.Softmax => batch.Classes.Length >= targets,
            Readout.Linear or Readout.Bernoulli =>
                batch.Targets.Length >= targets * spec.OutputSize,
            _ => throw Unknown.Member(spec.Readout),
        };
        if (batch.Steps < 1 || batch.Size < 1 || !isWhole || !hasTargets)
        {
            throw new ArgumentException(
                $"a batch of {batch.Size} sequences of {batch.Steps} steps does not fit a network "
                + $"of {spec.InputSize} inputs and {spec.OutputSize} outputs");
        }
    }
}
