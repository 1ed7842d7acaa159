using System.Numerics;

namespace Repro.Engine.Networks;

/// <summary>A named array of a saved model, row-major.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its lengths.</param>
/// <param name="Values">Its numbers.</param>
internal sealed record ModelTensor<T>(string Name, int[] Shape, T[] Values)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// A network's parameters in the names, shapes and order of PyTorch's state of a module whose
/// <c>rnn</c> is an nn.RNN, nn.LSTM or nn.GRU of one layer and whose <c>readout</c> is an
/// nn.Linear: weights are [to, from], gates lie i, f, g, o or r, z, n, and a second bias that only
/// adds to the first is 0. A GRU that resets before its product, a clockwork and a sigmoid network
/// have the same names, and no module.
/// Source: PyTorch's documentation of nn.RNN, nn.LSTM, nn.GRU and nn.Linear, <c>Variables</c>.
/// </summary>
internal static class ModelTensors
{
    private const string Input = "rnn.weight_ih_l0";
    private const string Recurrent = "rnn.weight_hh_l0";
    private const string Bias = "rnn.bias_ih_l0";
    private const string SecondBias = "rnn.bias_hh_l0";
    private const string Readout = "readout.weight";
    private const string ReadoutBias = "readout.bias";

    /// <summary>The parameters as tensors, in the order of a file.</summary>
    public static List<ModelTensor<T>> Of<T>(ParameterLayout layout, ReadOnlySpan<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> bias = layout.Bias.Of(parameters);
        int sums = layout.RecurrentWeights.Columns;
        T[] second = new T[sums];
        // The biases beside those of the sums belong to the last gates: b_hn of a GRU.
        bias[sums..].CopyTo(second.AsSpan(sums - (bias.Length - sums)));
        return
        [
            Transposed(Input, layout.InputWeights, parameters),
            Transposed(Recurrent, layout.RecurrentWeights, parameters),
            new(Bias, [sums], bias[..sums].ToArray()),
            new(SecondBias, [sums], second),
            Transposed(Readout, layout.ReadoutWeights, parameters),
            new(ReadoutBias, [layout.ReadoutBias.Length],
                layout.ReadoutBias.Of(parameters).ToArray()),
        ];
    }

    /// <summary>Puts tensors back. Their names and shapes are those of <see cref="Of"/>.</summary>
    public static void Put<T>(
        IReadOnlyList<ModelTensor<T>> tensors, ParameterLayout layout, Span<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] Named(string name) => tensors.Single(tensor => tensor.Name == name).Values;
        Transpose(Named(Input), layout.InputWeights, parameters);
        Transpose(Named(Recurrent), layout.RecurrentWeights, parameters);
        Transpose(Named(Readout), layout.ReadoutWeights, parameters);
        Named(ReadoutBias).CopyTo(layout.ReadoutBias.Of(parameters));
        Span<T> bias = layout.Bias.Of(parameters);
        int sums = layout.RecurrentWeights.Columns;
        int more = bias.Length - sums;
        T[] second = Named(SecondBias);
        Named(Bias).CopyTo(bias);
        second.AsSpan(sums - more).CopyTo(bias[sums..]);
        for (int i = 0; i < sums - more; i++)
        {
            // Not for a 0, which would take the sign of a −0 away.
            bias[i] = second[i] == T.Zero ? bias[i] : bias[i] + second[i];
        }
    }

    private static ModelTensor<T> Transposed<T>(
        string name, ParameterView view, ReadOnlySpan<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> own = view.Of(parameters);
        T[] values = new T[view.Length];
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                values[(j * view.Rows) + i] = own[(i * view.Columns) + j];
            }
        }
        return new(name, [view.Columns, view.Rows], values);
    }

    private static void Transpose<T>(T[] values, ParameterView view, Span<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> own = view.Of(parameters);
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                own[(i * view.Columns) + j] = values[(j * view.Rows) + i];
            }
        }
    }
}
