using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// Readout and loss of a shard of R sequences, the same for every cell: o = [1 | h]·[b_y; W_yh],
/// the loss with its gradient, and what both send back. Rows are in the order (step, sequence).
/// </summary>
internal sealed unsafe class ReadoutHead<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Rows whose outer products are summed from zero before they join the gradient.
    private const int OuterRows = 96;

    private readonly NetworkSpec spec;
    private readonly Kernels<T> kernels;
    private readonly int steps;
    private readonly int rows;
    private readonly int blockRows;
    private readonly PackedMatrix<T> forward;
    private readonly PackedMatrix<T> transposed;
    private readonly AlignedBuffer<T> outputs;
    private readonly AlignedBuffer<T> injected;
    private readonly AlignedBuffer<T> gradient;
    private readonly AlignedBuffer<T> targets;
    private readonly int[] classes;
    private DropoutMask<T>? mask;
    private bool drops;

    /// <summary>Memory for a shard.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="kernels">Its kernels.</param>
    /// <param name="steps">T.</param>
    /// <param name="rows">R.</param>
    /// <param name="blockRows">Most rows injected at once; 0 when there is no backward sweep.
    /// </param>
    public ReadoutHead(
        NetworkSpec spec, Kernels<T> kernels, int steps, int rows, int blockRows)
    {
        this.spec = spec;
        this.kernels = kernels;
        this.steps = steps;
        this.rows = rows;
        this.blockRows = blockRows;
        HiddenStride = Padding.Stride<T>(spec.HiddenSize);
        OutputStride = Padding.Columns<T>(spec.OutputSize);
        bool every = spec.LossAt == LossPlacement.EveryStep;
        long outputRows = every ? (long)steps * rows : rows;
        outputs = new AlignedBuffer<T>(outputRows * OutputStride);
        injected = new AlignedBuffer<T>((long)blockRows * HiddenStride);
        gradient = new AlignedBuffer<T>((long)(1 + spec.HiddenSize) * OutputStride);
        bool isSoftmax = spec.Readout == Readout.Softmax;
        targets = new AlignedBuffer<T>(isSoftmax ? 0 : outputRows * spec.OutputSize);
        classes = new int[isSoftmax ? outputRows : 0];
        int packedRows = every ? int.MaxValue : rows;
        forward = new PackedMatrix<T>(kernels, 1 + spec.HiddenSize, spec.OutputSize, packedRows);
        transposed = new PackedMatrix<T>(kernels, spec.OutputSize, spec.HiddenSize, packedRows);
    }

    /// <summary>Distance of two rows of <see cref="Injected"/>.</summary>
    public int HiddenStride { get; }

    /// <summary>dE/dh through the readout, [rows, H], after <see cref="Inject"/>.</summary>
    public T* Injected => injected.Pointer;

    private int OutputStride { get; }

    private bool Every => spec.LossAt == LossPlacement.EveryStep;

    public void Pack(T* parameters, ParameterView weights, ParameterView bias)
    {
        int o = spec.OutputSize;
        forward.SetRows(parameters + bias.Offset, o, 0, 1);
        forward.SetRows(parameters + weights.Offset, o, 1, spec.HiddenSize);
    }

    public void PackTransposed(T* parameters, ParameterView weights) =>
        transposed.SetTransposed(parameters + weights.Offset, spec.OutputSize);

    public void ClearGradient() => gradient.Clear();

    public void UnpackGradient(T* to, ParameterView weights, ParameterView bias)
    {
        int o = spec.OutputSize;
        for (int r = 0; r <= spec.HiddenSize; r++)
        {
            T* row = r == 0
                ? to + bias.Offset
                : to + weights.Offset + ((nint)(r - 1) * o);
            new ReadOnlySpan<T>(gradient.Pointer + ((nint)r * OutputStride), o)
                .CopyTo(new Span<T>(row, o));
        }
    }

    /// <summary>Draws the units that the readout does not see in this update; null for none.
    /// </summary>
    public void Start(Dropout? dropout)
    {
        drops = dropout is { Share: > 0 };
        if (drops)
        {
            mask ??= new DropoutMask<T>(spec, kernels, (Every ? steps : 1) * rows, blockRows);
            mask.Start(dropout!.Value);
        }
    }

    /// <summary>o for `count` steps, the first of which is the head's step `from`.</summary>
    /// <param name="batch">For the number of its sequences.</param>
    /// <param name="first">First sequence of the shard.</param>
    /// <param name="shardRows">Sequences of the shard.</param>
    /// <param name="from">0 for a loss at the last step, else the time step.</param>
    /// <param name="count">Steps.</param>
    /// <param name="states">Rows [1 | h].</param>
    /// <param name="stride">Distance of two of them.</param>
    public void Forward(
        Batch<T> batch, int first, int shardRows, int from, int count, T* states, nint stride)
    {
        if (drops)
        {
            mask!.Drop(batch.Size, first, shardRows, from, count, states, stride);
            states = mask.Dropped(from * shardRows);
            stride = mask.DroppedStride;
        }
        kernels.Multiply(
            count * shardRows, states, stride, forward, 0, 1 + spec.HiddenSize, null, 0,
            outputs.Pointer + ((nint)from * shardRows * OutputStride), OutputStride);
    }

    /// <summary>The shard's loss, not divided; the outputs become its gradient.</summary>
    /// <param name="batch">The targets.</param>
    /// <param name="first">First sequence of the shard.</param>
    /// <param name="shardRows">Sequences of the shard.</param>
    /// <param name="scale">What multiplies the gradient when the batch has no weights.</param>
    public double Loss(Batch<T> batch, int first, int shardRows, double scale)
    {
        int o = spec.OutputSize;
        int groups = Every ? batch.Steps : 1;
        bool isSoftmax = spec.Readout == Readout.Softmax;
        for (int t = 0; t < groups; t++)
        {
            int from = (t * batch.Size) + first;
            if (isSoftmax)
            {
                batch.Classes.AsSpan(from, shardRows).CopyTo(classes.AsSpan(t * shardRows));
            }
            else
            {
                batch.Targets.AsSpan(from * o, shardRows * o).CopyTo(
                    new Span<T>(targets.Pointer + ((nint)t * shardRows * o), shardRows * o));
            }
        }
        return batch.Weights is { } weights
            ? WeightedLoss(weights, batch.Size, first, shardRows, groups)
            : LossOf(0, groups * shardRows, scale);
    }

    /// <summary>Adds the shard's share of the gradient of [b_y; W_yh].</summary>
    /// <param name="outputRows">Rows of the shard's outputs.</param>
    /// <param name="states">Rows [1 | h] of the same steps.</param>
    /// <param name="stride">Distance of two of them.</param>
    public void AddGradient(int outputRows, T* states, nint stride)
    {
        if (drops)
        {
            states = mask!.Dropped(0);
            stride = mask.DroppedStride;
        }
        for (int r = 0; r < outputRows; r += OuterRows)
        {
            kernels.AddOuterProducts(
                Math.Min(OuterRows, outputRows - r), 1 + spec.HiddenSize, spec.OutputSize,
                states + (r * stride), stride, outputs.Pointer + ((nint)r * OutputStride),
                OutputStride, gradient.Pointer, OutputStride);
        }
    }

    /// <summary>dE/dh through the readout for `count` rows of outputs from row `from` on.
    /// </summary>
    public void Inject(int from, int count)
    {
        kernels.Multiply(
            count, outputs.Pointer + ((nint)from * OutputStride), OutputStride, transposed, 0,
            spec.OutputSize, null, 0, injected.Pointer, HiddenStride);
        if (drops)
        {
            mask!.DropGradient(from, count, injected.Pointer, HiddenStride);
        }
    }

    /// <summary>Copies a shard's outputs to their places in [B, O] or [T, B, O].</summary>
    public void CopyOutputs(Batch<T> batch, int first, int shardRows, T* to)
    {
        int o = spec.OutputSize;
        int groups = Every ? batch.Steps : 1;
        for (int t = 0; t < groups; t++)
        {
            for (int r = 0; r < shardRows; r++)
            {
                T* from = outputs.Pointer + ((((nint)t * shardRows) + r) * OutputStride);
                new ReadOnlySpan<T>(from, o).CopyTo(
                    new Span<T>(to + ((((nint)t * batch.Size) + first + r) * o), o));
            }
        }
    }

    public void Dispose()
    {
        outputs.Dispose();
        injected.Dispose();
        gradient.Dispose();
        targets.Dispose();
        forward.Dispose();
        transposed.Dispose();
        mask?.Dispose();
    }

    private double LossOf(int from, int count, double scale)
    {
        int o = spec.OutputSize;
        T* at = outputs.Pointer + ((nint)from * OutputStride);
        if (spec.Readout == Readout.Softmax)
        {
            fixed (int* all = classes)
            {
                return kernels.Softmax(count, o, at, OutputStride, all + from, scale);
            }
        }
        T* z = targets.Pointer + ((nint)from * o);
        return spec.Readout == Readout.Linear
            ? kernels.SquaredError(count, o, at, OutputStride, z, scale)
            : kernels.Bernoulli(count, o, at, OutputStride, z, scale);
    }

    /// <summary>Neighbouring rows of equal weight go through the loss together; rows of weight 0
    /// have neither loss nor gradient, whatever they hold.</summary>
    private double WeightedLoss(T[] weights, int size, int first, int shardRows, int groups)
    {
        double loss = 0;
        for (int t = 0; t < groups; t++)
        {
            ReadOnlySpan<T> own = weights.AsSpan((t * size) + first, shardRows);
            for (int r = 0; r < shardRows;)
            {
                int end = r + 1;
                while (end < shardRows && own[end] == own[r])
                {
                    end++;
                }
                int from = (t * shardRows) + r;
                if (own[r] == T.Zero)
                {
                    new Span<T>(
                        outputs.Pointer + ((nint)from * OutputStride),
                        (end - r) * OutputStride).Clear();
                }
                else
                {
                    double weight = double.CreateTruncating(own[r]);
                    loss += weight * LossOf(from, end - r, weight);
                }
                r = end;
            }
        }
        return loss;
    }
}
