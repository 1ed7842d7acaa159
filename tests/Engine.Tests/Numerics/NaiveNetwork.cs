using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>
/// Back-propagation through time as one writes it down: plain loops, no floor, no blocks. The
/// oracle of the fast sweeps, for a linear readout at the last step.
/// </summary>
internal static class NaiveNetwork
{
    /// <summary>The gradient of the batch's mean loss, in the network's layout.</summary>
    public static T[] Gradient<T>(NetworkSpec spec, ReadOnlySpan<T> parameters, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int inputs = spec.InputSize;
        int hidden = spec.HiddenSize;
        int outputs = spec.OutputSize;
        ParameterLayout layout = new(spec);
        ReadOnlySpan<T> recurrent = layout.RecurrentWeights.Of(parameters);
        ReadOnlySpan<T> bias = layout.Bias.Of(parameters);
        ReadOnlySpan<T> input = layout.InputWeights.Of(parameters);
        ReadOnlySpan<T> readout = layout.ReadoutWeights.Of(parameters);
        ReadOnlySpan<T> readoutBias = layout.ReadoutBias.Of(parameters);
        T[] gradient = new T[layout.Length];
        T share = T.CreateTruncating(2.0 / batch.Size);
        for (int b = 0; b < batch.Size; b++)
        {
            T[][] h = new T[batch.Steps + 1][];
            h[0] = new T[hidden];
            for (int t = 0; t < batch.Steps; t++)
            {
                ReadOnlySpan<T> x = batch.Inputs.AsSpan(((t * batch.Size) + b) * inputs, inputs);
                h[t + 1] = new T[hidden];
                for (int j = 0; j < hidden; j++)
                {
                    T s = bias[j];
                    for (int i = 0; i < inputs; i++)
                    {
                        s += x[i] * input[(i * hidden) + j];
                    }
                    for (int i = 0; i < hidden; i++)
                    {
                        s += h[t][i] * recurrent[(i * hidden) + j];
                    }
                    h[t + 1][j] = spec.Activation switch
                    {
                        Activation.Relu => T.Max(s, T.Zero),
                        Activation.Tanh => T.Tanh(s),
                        _ => T.One / (T.One + T.Exp(-s)),
                    };
                }
            }
            T[] back = new T[hidden];
            for (int k = 0; k < outputs; k++)
            {
                T o = readoutBias[k];
                for (int j = 0; j < hidden; j++)
                {
                    o += h[^1][j] * readout[(j * outputs) + k];
                }
                T error = share * (o - batch.Targets[(b * outputs) + k]);
                gradient[layout.ReadoutBias.Offset + k] += error;
                for (int j = 0; j < hidden; j++)
                {
                    gradient[layout.ReadoutWeights.Offset + (j * outputs) + k] += error * h[^1][j];
                    back[j] += error * readout[(j * outputs) + k];
                }
            }
            for (int t = batch.Steps - 1; t >= 0; t--)
            {
                ReadOnlySpan<T> x = batch.Inputs.AsSpan(((t * batch.Size) + b) * inputs, inputs);
                T[] next = new T[hidden];
                for (int j = 0; j < hidden; j++)
                {
                    T state = h[t + 1][j];
                    T delta = back[j] * (spec.Activation switch
                    {
                        Activation.Relu => state > T.Zero ? T.One : T.Zero,
                        Activation.Tanh => T.One - (state * state),
                        _ => state * (T.One - state),
                    });
                    gradient[layout.Bias.Offset + j] += delta;
                    for (int i = 0; i < inputs; i++)
                    {
                        gradient[layout.InputWeights.Offset + (i * hidden) + j] += delta * x[i];
                    }
                    for (int i = 0; i < hidden; i++)
                    {
                        gradient[layout.RecurrentWeights.Offset + (i * hidden) + j] +=
                            delta * h[t][i];
                        next[i] += delta * recurrent[(i * hidden) + j];
                    }
                }
                back = next;
            }
        }
        return gradient;
    }
}
