using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// The weights of a cell as its sweeps read them, stacked [W_hx; b; W_hh] in the order of a
/// tape's rows, and their gradient in the same order. The columns lie as the cell has them.
/// </summary>
internal sealed unsafe class PackedWeights<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // From this many inputs on, their share of s_t is one product over a block of steps.
    private const int ManyInputs = 8;

    private readonly Cell<T> cell;
    private readonly ParameterLayout layout;
    private readonly int inputs;
    private readonly int hidden;
    private readonly AlignedBuffer<T> arranged;
    private readonly AlignedBuffer<T> gradient;
    private OneHotInputs<T>? oneHot;

    /// <param name="cell">The network's cell.</param>
    /// <param name="layout">Where its weights lie.</param>
    /// <param name="rows">Rows of a product, for which the tiles are planned.</param>
    public PackedWeights(Cell<T> cell, ParameterLayout layout, int rows)
    {
        this.cell = cell;
        this.layout = layout;
        Rows = rows;
        inputs = cell.Spec.InputSize;
        hidden = cell.Spec.HiddenSize;
        int stacked = inputs + 1 + hidden;
        Kernels<T> kernels = cell.Kernels;
        arranged = new AlignedBuffer<T>(cell.HasOwnOrder ? (long)stacked * cell.Stride : 0);
        gradient = new AlignedBuffer<T>((long)stacked * cell.Stride);
        Forward = new PackedMatrix<T>(kernels, stacked, cell.Columns, rows);
        InputPart = new PackedMatrix<T>(kernels, inputs + 1, cell.Columns, int.MaxValue);
        Transposed = new PackedMatrix<T>(kernels, cell.Columns, hidden, rows);
        Own = cell.NewWeights(rows);
    }

    /// <summary>Rows for which the tiles are planned.</summary>
    public int Rows { get; }

    /// <summary>Whether the inputs' share of s_t is a product of its own.</summary>
    public bool HasManyInputs => inputs >= ManyInputs && !cell.HasResting;

    /// <summary>[W_hx; b; W_hh].</summary>
    public PackedMatrix<T> Forward { get; }

    /// <summary>[W_hx; b], when there are many inputs.</summary>
    public PackedMatrix<T> InputPart { get; }

    /// <summary>W_hhᵀ.</summary>
    public PackedMatrix<T> Transposed { get; }

    /// <summary>What the cell multiplies itself, if anything.</summary>
    public OwnWeights<T>? Own { get; }

    /// <summary>Inputs that are symbols, once a batch had them.</summary>
    public OneHotInputs<T> OneHot => oneHot ?? throw new InvalidOperationException(
        "the weights were packed for dense inputs");

    /// <summary>Gradient of [W_hx; b; W_hh].</summary>
    public T* Gradient => gradient.Pointer;

    public void Pack(T* parameters, bool isOneHot, bool backward)
    {
        T* weights = Arrange(parameters, layout.InputWeights, 0, out nint stride);
        T* bias = Arrange(parameters, layout.Bias, inputs, out _);
        T* recurrent = Arrange(parameters, layout.RecurrentWeights, inputs + 1, out _);
        Forward.SetRows(weights, stride, 0, inputs);
        Forward.SetRows(bias, stride, inputs, 1);
        Forward.SetRows(recurrent, stride, inputs + 1, hidden);
        if (isOneHot)
        {
            oneHot ??= new OneHotInputs<T>(cell.Kernels, inputs, cell.Columns, cell.Stride);
            oneHot.Set(weights, bias, stride);
        }
        else if (HasManyInputs)
        {
            InputPart.SetRows(weights, stride, 0, inputs);
            InputPart.SetRows(bias, stride, inputs, 1);
        }
        if (backward && cell.RecurrentColumns > 0)
        {
            Transposed.SetTransposed(recurrent, stride);
        }
        Forward.IsFinite = AreFinite(parameters);
        Transposed.IsFinite = Forward.IsFinite;
        Own?.Pack(parameters, layout, recurrent, stride, backward);
    }

    public void ClearGradient()
    {
        gradient.Clear();
        Own?.ClearGradient();
    }

    public void UnpackGradient(T* to)
    {
        Restore(0, to, layout.InputWeights);
        Restore(inputs, to, layout.Bias);
        Restore(inputs + 1, to, layout.RecurrentWeights);
        Own?.UnpackGradient(to, layout);
    }

    public void Dispose()
    {
        arranged.Dispose();
        gradient.Dispose();
        Forward.Dispose();
        InputPart.Dispose();
        Transposed.Dispose();
        Own?.Dispose();
        oneHot?.Dispose();
    }

    // Asked where a product may leave out zeros, and then by way of the squares: one that
    // overflows calls large weights infinite, which costs time and no bit.
    private bool AreFinite(T* parameters) =>
        cell.Spec.Activation == Activation.Relu
        && double.IsFinite(cell.Kernels.SumOfSquares(parameters, layout.Length));

    /// <summary>A block's rows in the cell's order; where they are in it already, themselves.
    /// </summary>
    private T* Arrange(T* parameters, ParameterView view, int at, out nint stride)
    {
        T* from = parameters + view.Offset;
        stride = view.Columns;
        if (!cell.HasOwnOrder)
        {
            return from;
        }
        stride = cell.Stride;
        T* to = arranged.Pointer + (at * stride);
        for (int r = 0; r < view.Rows; r++)
        {
            cell.Arrange(view.Role, from + ((nint)r * view.Columns), to + (r * stride));
        }
        return to;
    }

    private void Restore(int at, T* to, ParameterView view)
    {
        for (int r = 0; r < view.Rows; r++)
        {
            cell.Restore(
                Gradient + ((nint)(at + r) * cell.Stride),
                to + view.Offset + ((nint)r * view.Columns));
        }
    }
}
