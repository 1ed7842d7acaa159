using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>The weights of a clockwork network, packed module by module, without the recurrent
/// weights that are not in use.</summary>
internal sealed unsafe class ClockworkWeights<T> : OwnWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkSpec spec;
    private readonly ClockColumns[] modules;
    private readonly PackedMatrix<T>[] forward;
    private readonly PackedMatrix<T>[] transposed;
    private readonly AlignedBuffer<T> rows;

    /// <param name="spec">The network.</param>
    /// <param name="kernels">Its kernels.</param>
    /// <param name="modules">Its modules.</param>
    /// <param name="columns">Columns of the sweeps.</param>
    /// <param name="productRows">Rows of a product, for which the tiles are planned.</param>
    public ClockworkWeights(
        NetworkSpec spec, Kernels<T> kernels, ClockColumns[] modules, int columns,
        int productRows)
    {
        this.spec = spec;
        this.modules = modules;
        int fed = spec.InputSize + 1;
        forward =
        [
            .. modules.Select(m => new PackedMatrix<T>(
                kernels, fed + spec.HiddenSize - m.First, m.Size, productRows)),
        ];
        transposed =
        [
            .. modules.Select(m => new PackedMatrix<T>(
                kernels, m.Size, columns - m.Column, productRows)),
        ];
        rows = new AlignedBuffer<T>((long)columns * modules.Max(m => m.Size));
    }

    /// <summary>[W_hx; b; W_hh] of a module, [I + 1 + H − First, Size].</summary>
    public PackedMatrix<T> Forward(int module) => forward[module];

    /// <summary>W_hhᵀ of a module, to the columns of the sweeps from its own on.</summary>
    public PackedMatrix<T> Transposed(int module) => transposed[module];

    public override void Pack(
        T* parameters, ParameterLayout layout, T* recurrent, nint stride, bool backward)
    {
        int hidden = spec.HiddenSize;
        int inputs = spec.InputSize;
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            T* own = parameters + layout.RecurrentWeights.Offset + m.First;
            forward[i].SetRows(
                parameters + layout.InputWeights.Offset + m.First, hidden, 0, inputs);
            forward[i].SetRows(parameters + layout.Bias.Offset + m.First, hidden, inputs, 1);
            forward[i].SetRows(
                own + ((nint)m.First * hidden), hidden, inputs + 1, hidden - m.First);
            if (backward)
            {
                transposed[i].SetTransposed(Spread(own, i), m.Size);
            }
        }
    }

    /// <remarks>The sweeps have their gradient.</remarks>
    public override void ClearGradient()
    {
    }

    public override void UnpackGradient(T* to, ParameterLayout layout)
    {
    }

    public override void Dispose()
    {
        rows.Dispose();
        foreach (PackedMatrix<T> matrix in forward.Concat(transposed))
        {
            matrix.Dispose();
        }
    }

    /// <summary>The rows of W_hh that a module reads, where the sweeps have the columns of their
    /// units, [Columns − Column, Size].</summary>
    private T* Spread(T* recurrent, int module)
    {
        ClockColumns to = modules[module];
        rows.Clear();
        for (int i = module; i < modules.Length; i++)
        {
            for (int unit = 0; unit < modules[i].Size; unit++)
            {
                new ReadOnlySpan<T>(
                        recurrent + ((nint)(modules[i].First + unit) * spec.HiddenSize), to.Size)
                    .CopyTo(new Span<T>(
                        rows.Pointer + ((nint)(modules[i].Column - to.Column + unit) * to.Size),
                        to.Size));
            }
        }
        return rows.Pointer;
    }
}

/// <summary>A module, and where the sweeps have its columns: on a cache line.</summary>
/// <param name="Period">Steps from one work to the next.</param>
/// <param name="First">Index of its first unit.</param>
/// <param name="Size">Its units.</param>
/// <param name="Column">Its first column.</param>
/// <param name="Width">Its columns, padded to whole cache lines.</param>
internal readonly record struct ClockColumns(
    int Period, int First, int Size, int Column, int Width);
