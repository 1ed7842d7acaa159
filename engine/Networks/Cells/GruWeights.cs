using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// W_hh of a GRU as its cell multiplies it: that of r and z, and [b_hn; U_n] of the candidate,
/// with the latter's gradient. Without a b_hn its row stays zero and is not used.
/// </summary>
internal sealed unsafe class GruWeights<T> : OwnWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int hidden;
    private readonly int gate;
    private readonly bool resetBefore;
    private readonly AlignedBuffer<T> gradient;

    /// <param name="spec">The network.</param>
    /// <param name="kernels">Its kernels.</param>
    /// <param name="resetBefore">Whether r comes before the product: there is no b_hn.</param>
    /// <param name="rows">Rows of a product, for which the tiles are planned.</param>
    public GruWeights(NetworkSpec spec, Kernels<T> kernels, bool resetBefore, int rows)
    {
        this.resetBefore = resetBefore;
        hidden = spec.HiddenSize;
        gate = Padding.Columns<T>(hidden);
        gradient = new AlignedBuffer<T>((1L + hidden) * gate);
        Gates = new PackedMatrix<T>(kernels, hidden, 2 * gate, rows);
        Candidate = new PackedMatrix<T>(kernels, 1 + hidden, hidden, rows);
        Transposed = new PackedMatrix<T>(kernels, hidden, hidden, rows);
    }

    /// <summary>W_hh of r and z, [H, 2 gates].</summary>
    public PackedMatrix<T> Gates { get; }

    /// <summary>[b_hn; U_n], [1 + H, H].</summary>
    public PackedMatrix<T> Candidate { get; }

    /// <summary>U_nᵀ.</summary>
    public PackedMatrix<T> Transposed { get; }

    /// <summary>Gradient of [b_hn; U_n], rows of a padded gate.</summary>
    public T* Gradient => gradient.Pointer;

    public override void Pack(
        T* parameters, ParameterLayout layout, T* recurrent, nint stride, bool backward)
    {
        T* candidate = parameters + layout.RecurrentWeights.Offset + (2 * hidden);
        nint row = layout.RecurrentWeights.Columns;
        Gates.SetRows(recurrent, stride, 0, hidden);
        Candidate.SetRows(candidate, row, 1, hidden);
        if (!resetBefore)
        {
            Candidate.SetRows(
                parameters + layout.CandidateRecurrentBias.Offset, hidden, 0, 1);
        }
        if (backward)
        {
            Transposed.SetTransposed(candidate, row);
        }
    }

    public override void ClearGradient() => gradient.Clear();

    public override void UnpackGradient(T* to, ParameterLayout layout)
    {
        ParameterView weights = layout.RecurrentWeights;
        for (int i = 0; i < hidden; i++)
        {
            Copy(1 + i, to + weights.Offset + ((nint)i * weights.Columns) + (2 * hidden));
        }
        if (!resetBefore)
        {
            Copy(0, to + layout.CandidateRecurrentBias.Offset);
        }
    }

    public override void Dispose()
    {
        gradient.Dispose();
        Gates.Dispose();
        Candidate.Dispose();
        Transposed.Dispose();
    }

    private void Copy(int row, T* to) =>
        new ReadOnlySpan<T>(Gradient + ((nint)row * gate), hidden)
            .CopyTo(new Span<T>(to, hidden));
}
