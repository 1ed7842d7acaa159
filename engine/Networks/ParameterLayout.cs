namespace Repro.Engine.Networks;

/// <summary>
/// Where each weight matrix lies in the one flat parameter vector: recurrent weights [H, G·H],
/// bias [G·H], input weights [I, G·H], readout weights [H, O], readout bias [O]. G is the number
/// of pre-activations of a unit: 1 in a simple network, 3 in a GRU, 4 in an LSTM, H columns for
/// each. A cell may have biases beside those of its pre-activations: they follow them. Rows are
/// sources: element (i, j) is the weight from unit i to column j.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>The layout of a network.</summary>
    /// <param name="spec">Its sizes.</param>
    /// <param name="gates">G, 1 or more.</param>
    /// <param name="moreBiases">Biases of a unit beside those G, 0 or more.</param>
    /// <exception cref="ArgumentException">The parameters would not fit one array.</exception>
    public ParameterLayout(NetworkSpec spec, int gates = 1, int moreBiases = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gates, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(moreBiases);
        long h = spec.HiddenSize;
        long total = (gates * h * (h + 1 + spec.InputSize)) + (moreBiases * h)
            + ((h + 1) * spec.OutputSize);
        if (total > Array.MaxLength)
        {
            throw new ArgumentException(
                $"a network of {total} parameters does not fit one vector of {Array.MaxLength}; "
                + "make it smaller");
        }
        int offset = 0;
        ParameterView Next(string name, ParameterRole role, int rows, int columns)
        {
            ParameterView view = new(name, offset, rows, columns, role);
            offset += rows * columns;
            return view;
        }
        int hidden = spec.HiddenSize;
        int sums = gates * hidden;
        RecurrentWeights = Next("recurrent weights", ParameterRole.RecurrentWeights, hidden, sums);
        Bias = Next("bias", ParameterRole.Bias, 1, sums + (moreBiases * hidden));
        InputWeights = Next("input weights", ParameterRole.InputWeights, spec.InputSize, sums);
        ReadoutWeights = Next(
            "readout weights", ParameterRole.ReadoutWeights, hidden, spec.OutputSize);
        ReadoutBias = Next("readout bias", ParameterRole.ReadoutBias, 1, spec.OutputSize);
        Length = offset;
    }

    /// <summary>W_hh, [H, G·H].</summary>
    public ParameterView RecurrentWeights { get; }

    /// <summary>b, [1, G·H], and the cell's other biases behind it.</summary>
    public ParameterView Bias { get; }

    /// <summary>W_hx, [I, G·H].</summary>
    public ParameterView InputWeights { get; }

    /// <summary>W_yh, [H, O].</summary>
    public ParameterView ReadoutWeights { get; }

    /// <summary>b_y, [1, O].</summary>
    public ParameterView ReadoutBias { get; }

    /// <summary>Parameters in all.</summary>
    public int Length { get; }

    /// <summary>Every block in order.</summary>
    public IReadOnlyList<ParameterView> Views =>
        [RecurrentWeights, Bias, InputWeights, ReadoutWeights, ReadoutBias];
}
