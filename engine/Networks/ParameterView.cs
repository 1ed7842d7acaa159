namespace Repro.Engine.Networks;

/// <summary>What a block of the parameter vector does in a network.</summary>
public enum ParameterRole
{
    /// <summary>More than one thing, such as the whole vector.</summary>
    Several,

    /// <summary>From h_{t−1} to the pre-activations.</summary>
    RecurrentWeights,

    /// <summary>Of the pre-activations.</summary>
    Bias,

    /// <summary>From x_t to the pre-activations.</summary>
    InputWeights,

    /// <summary>From h_t to the outputs.</summary>
    ReadoutWeights,

    /// <summary>Of the outputs.</summary>
    ReadoutBias,
}

/// <summary>A named block of the flat parameter vector, row-major [Rows, Columns].</summary>
/// <param name="Name">The block's name.</param>
/// <param name="Offset">Index of its first element.</param>
/// <param name="Rows">Rows; 1 for a bias.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Role">What it does.</param>
public readonly record struct ParameterView(
    string Name, int Offset, int Rows, int Columns, ParameterRole Role = ParameterRole.Several)
{
    /// <summary>Elements in the block.</summary>
    public int Length => Rows * Columns;

    /// <summary>This block of a flat vector.</summary>
    public Span<T> Of<T>(Span<T> flat) => flat.Slice(Offset, Length);

    /// <summary>This block of a flat vector.</summary>
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> flat) => flat.Slice(Offset, Length);
}
