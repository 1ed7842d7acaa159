namespace Repro.Engine.Networks;

/// <summary>A named block of the flat parameter vector, row-major [Rows, Columns].</summary>
/// <param name="Name">The block's name.</param>
/// <param name="Offset">Index of its first element.</param>
/// <param name="Rows">Rows; 1 for a bias.</param>
/// <param name="Columns">Columns.</param>
public readonly record struct ParameterView(string Name, int Offset, int Rows, int Columns)
{
    /// <summary>Elements in the block.</summary>
    public int Length => Rows * Columns;

    /// <summary>This block of a flat vector.</summary>
    public Span<T> Of<T>(Span<T> flat) => flat.Slice(Offset, Length);

    /// <summary>This block of a flat vector.</summary>
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> flat) => flat.Slice(Offset, Length);
}

/// <summary>
/// Where each weight matrix lies in the one flat parameter vector: recurrent weights [H, H],
/// bias [H], input weights [I, H], readout weights [H, O], readout bias [O]. Rows are sources:
/// element (i, j) is the weight from unit i to unit j.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>The layout of a simple recurrent network.</summary>
    /// <exception cref="ArgumentException">The parameters would not fit one array.</exception>
    public ParameterLayout(NetworkSpec spec)
    {
        long h = spec.HiddenSize;
        long total = (h * h) + h + (spec.InputSize * h) + (h * spec.OutputSize) + spec.OutputSize;
        if (total > Array.MaxLength)
        {
            throw new ArgumentException(
                $"a network of {total} parameters does not fit one vector of {Array.MaxLength}");
        }
        int offset = 0;
        ParameterView Next(string name, int rows, int columns)
        {
            ParameterView view = new(name, offset, rows, columns);
            offset += rows * columns;
            return view;
        }
        RecurrentWeights = Next("recurrent weights", spec.HiddenSize, spec.HiddenSize);
        Bias = Next("bias", 1, spec.HiddenSize);
        InputWeights = Next("input weights", spec.InputSize, spec.HiddenSize);
        ReadoutWeights = Next("readout weights", spec.HiddenSize, spec.OutputSize);
        ReadoutBias = Next("readout bias", 1, spec.OutputSize);
        Length = offset;
    }

    /// <summary>W_hh, [H, H].</summary>
    public ParameterView RecurrentWeights { get; }

    /// <summary>b, [1, H].</summary>
    public ParameterView Bias { get; }

    /// <summary>W_hx, [I, H].</summary>
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
