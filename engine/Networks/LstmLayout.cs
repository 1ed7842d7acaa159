namespace Repro.Engine.Networks;

/// <summary>
/// Where each weight matrix of an LSTM lies in the one flat parameter vector: recurrent weights
/// [H, 4H], bias [4H], input weights [I, 4H], readout weights [H, O], readout bias [O]. Rows are
/// sources, as in <see cref="ParameterLayout"/>. The 4H columns are the gates i, f, g, o (input,
/// forget, candidate, output), H each: PyTorch's order.
/// </summary>
public sealed class LstmLayout
{
    /// <summary>The layout of an LSTM.</summary>
    /// <param name="spec">Its sizes.</param>
    /// <exception cref="ArgumentException">The parameters would not fit one array.</exception>
    public LstmLayout(NetworkSpec spec)
    {
        HiddenSize = spec.HiddenSize;
        long h = spec.HiddenSize;
        long total = (4 * h * (h + 1 + spec.InputSize)) + ((h + 1) * spec.OutputSize);
        if (total > Array.MaxLength)
        {
            throw new ArgumentException(
                $"an LSTM of {total} parameters does not fit one vector of {Array.MaxLength}");
        }
        int offset = 0;
        ParameterView Next(string name, int rows, int columns)
        {
            ParameterView view = new(name, offset, rows, columns);
            offset += rows * columns;
            return view;
        }
        int gates = 4 * spec.HiddenSize;
        RecurrentWeights = Next("recurrent weights", spec.HiddenSize, gates);
        Bias = Next("bias", 1, gates);
        InputWeights = Next("input weights", spec.InputSize, gates);
        ReadoutWeights = Next("readout weights", spec.HiddenSize, spec.OutputSize);
        ReadoutBias = Next("readout bias", 1, spec.OutputSize);
        Length = offset;
    }

    /// <summary>Weights from h_{t−1} to the gates, [H, 4H].</summary>
    public ParameterView RecurrentWeights { get; }

    /// <summary>The gates' biases, [1, 4H].</summary>
    public ParameterView Bias { get; }

    /// <summary>The forget gates' biases, [1, H]: a part of <see cref="Bias"/>.</summary>
    public ParameterView ForgetBias =>
        new("forget bias", Bias.Offset + HiddenSize, 1, HiddenSize);

    /// <summary>Weights from x_t to the gates, [I, 4H].</summary>
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

    private int HiddenSize { get; }
}
