using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// The readout, the same for every cell: o = [1 | h]·[b_y; W_yh], what its errors send back to
/// the hidden states, and its gradient.
/// </summary>
internal sealed unsafe class ReadoutHead<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkSpec spec;
    private readonly Kernels<T> kernels;
    private readonly PackedMatrix<T> forward;
    private readonly PackedMatrix<T> transposed;
    private readonly AlignedBuffer<T> gradient;
    private readonly int stride;

    /// <param name="spec">The network.</param>
    /// <param name="kernels">Its kernels.</param>
    /// <param name="rows">Rows of a step, for which the tiles are planned.</param>
    public ReadoutHead(NetworkSpec spec, Kernels<T> kernels, int rows)
    {
        this.spec = spec;
        this.kernels = kernels;
        stride = Padding.Columns<T>(spec.OutputSize);
        gradient = new AlignedBuffer<T>((long)(1 + spec.HiddenSize) * stride);
        int planned = spec.HasLossAtEveryStep ? int.MaxValue : rows;
        forward = new PackedMatrix<T>(kernels, 1 + spec.HiddenSize, spec.OutputSize, planned);
        transposed = new PackedMatrix<T>(kernels, spec.OutputSize, spec.HiddenSize, planned);
    }

    public void Pack(T* parameters, ParameterLayout layout, bool backward)
    {
        T* weights = parameters + layout.ReadoutWeights.Offset;
        forward.SetRows(parameters + layout.ReadoutBias.Offset, spec.OutputSize, 0, 1);
        forward.SetRows(weights, spec.OutputSize, 1, spec.HiddenSize);
        if (backward)
        {
            transposed.SetTransposed(weights, spec.OutputSize);
        }
    }

    public void ClearGradient() => gradient.Clear();

    public void UnpackGradient(T* to, ParameterLayout layout)
    {
        int o = spec.OutputSize;
        for (int r = 0; r <= spec.HiddenSize; r++)
        {
            T* row = r == 0
                ? to + layout.ReadoutBias.Offset
                : to + layout.ReadoutWeights.Offset + ((nint)(r - 1) * o);
            new ReadOnlySpan<T>(gradient.Pointer + ((nint)r * stride), o)
                .CopyTo(new Span<T>(row, o));
        }
    }

    /// <summary>o of `count` steps from step `from` on; of the last step when the loss is there.
    /// </summary>
    public void Forward(Tape<T> tape, int from, int count)
    {
        if (count > 1 && tape.Whole is not null)
        {
            // Its rows of two steps are not neighbours.
            for (int t = from; t < from + count; t++)
            {
                Forward(tape, t, 1);
            }
            return;
        }
        bool every = spec.HasLossAtEveryStep;
        int at = tape.OutputRow(every ? from : 0);
        T* states = tape.Ones(every ? from + 1 : tape.Steps);
        nint stateStride = tape.StateStride;
        if (tape.Outputs.Mask is { } mask)
        {
            mask.Drop(tape, every ? from : 0, count, states, stateStride);
            states = mask.Dropped(at);
            stateStride = mask.DroppedStride;
        }
        kernels.Multiply(
            count * tape.Rows, states, stateStride, forward, 0, 1 + spec.HiddenSize, null, 0,
            tape.Outputs.Outputs + ((nint)at * stride), stride);
    }

    /// <summary>Adds the shard's share of the gradient of [b_y; W_yh].</summary>
    /// <param name="tape">The shard, whole.</param>
    /// <param name="part">Which rows of the gradient.</param>
    public void AddGradient(Tape<T> tape, RowPart part)
    {
        (int first, int end) = part.Of(spec.InputSize, 1 + spec.HiddenSize);
        bool every = spec.HasLossAtEveryStep;
        int rows = every ? tape.Steps * tape.Rows : tape.Rows;
        T* states = tape.Ones(every ? 1 : tape.Steps);
        nint stateStride = tape.StateStride;
        if (tape.Outputs.Mask is { } mask)
        {
            states = mask.Dropped(0);
            stateStride = mask.DroppedStride;
        }
        for (int r = 0; r < rows; r += Shard.OuterRows)
        {
            kernels.AddOuterProducts(
                Math.Min(Shard.OuterRows, rows - r), end - first, spec.OutputSize,
                states + first + (r * stateStride), stateStride,
                tape.Outputs.Errors + ((nint)r * stride), stride,
                gradient.Pointer + ((nint)first * stride), stride);
        }
    }

    /// <summary>dE/dh through the readout for `count` steps from step `from` on; for the last
    /// step when the loss is there.</summary>
    public void Inject(Tape<T> tape, int from, int count, T* to, nint toStride)
    {
        if (count > 1 && tape.Whole is not null)
        {
            for (int t = from; t < from + count; t++)
            {
                Inject(tape, t, 1, to + ((t - from) * tape.Rows * toStride), toStride);
            }
            return;
        }
        int at = tape.OutputRow(from);
        int rows = count * tape.Rows;
        kernels.Multiply(
            rows, tape.Outputs.Errors + ((nint)at * stride), stride, transposed, 0,
            spec.OutputSize, null, 0, to, toStride);
        tape.Outputs.Mask?.DropGradient(at, rows, to, toStride);
    }

    /// <summary>R(o) = [1 | h]·[v_y; V_yh] + R(h)·W_yh.</summary>
    public void Tangent(Tape<T> tape, ReadoutHead<T> direction)
    {
        bool every = spec.HasLossAtEveryStep;
        int rows = every ? tape.Steps * tape.Rows : tape.Rows;
        int first = every ? 1 : tape.Steps;
        TangentTape<T> tangents = tape.Tangents();
        kernels.Multiply(
            rows, tape.Ones(first), tape.StateStride, direction.forward, 0, 1 + spec.HiddenSize,
            null, 0, tangents.Outputs, stride);
        kernels.Multiply(
            rows, tangents.Hidden(first), tangents.HiddenStride, forward, 1, spec.HiddenSize,
            tangents.Outputs, stride, tangents.Outputs, stride);
    }

    public void Dispose()
    {
        gradient.Dispose();
        forward.Dispose();
        transposed.Dispose();
    }
}
