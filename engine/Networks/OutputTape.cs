using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// Outputs of a shard of R sequences and what the loss makes of them. Rows are in the order
/// (step with a loss, sequence).
/// </summary>
internal sealed unsafe partial class OutputTape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkSpec spec;
    private readonly Kernels<T> kernels;
    private readonly int rows;
    private readonly AlignedBuffer<T> outputs;
    private readonly AlignedBuffer<T>? errors;
    private readonly AlignedBuffer<T> targets;
    private readonly AlignedBuffer<T> losses;
    private readonly int[] classes;
    private DropoutMask<T>? mask;

    /// <param name="spec">The network.</param>
    /// <param name="kernels">Its kernels.</param>
    /// <param name="steps">Most steps.</param>
    /// <param name="rows">Most rows of a shard.</param>
    /// <param name="keepsOutputs">Whether the errors have a place of their own.</param>
    public OutputTape(
        NetworkSpec spec, Kernels<T> kernels, int steps, int rows, bool keepsOutputs)
    {
        this.spec = spec;
        this.kernels = kernels;
        Stride = Padding.Columns<T>(spec.OutputSize);
        this.rows = checked(spec.HasLossAtEveryStep ? steps * rows : rows);
        outputs = new AlignedBuffer<T>((long)this.rows * Stride);
        errors = keepsOutputs ? new AlignedBuffer<T>((long)this.rows * Stride) : null;
        targets = new AlignedBuffer<T>(spec.HasClasses ? 0 : (long)this.rows * spec.OutputSize);
        losses = new AlignedBuffer<T>(spec.Readout == Readout.Bernoulli ? Stride : 0);
        classes = new int[spec.HasClasses ? this.rows : 0];
    }

    /// <summary>Distance of two rows of outputs and of errors.</summary>
    public int Stride { get; }

    /// <summary>o, [rows, O]; without a place of their own for errors, until the loss.</summary>
    public T* Outputs => outputs.Pointer;

    /// <summary>dE/do, [rows, O], after the loss.</summary>
    public T* Errors => errors is null ? outputs.Pointer : errors.Pointer;

    /// <summary>Units that the readout does not see in this sweep; null when it sees all.
    /// </summary>
    public DropoutMask<T>? Mask { get; private set; }

    /// <summary>Draws the units that the readout does not see; null for none.</summary>
    public void Start(Dropout? dropout)
    {
        Mask = null;
        hasMeans = false;
        if (dropout is { Share: > 0 } drawn)
        {
            mask ??= new DropoutMask<T>(spec, kernels, rows);
            mask.Start(drawn);
            Mask = mask;
        }
    }

    /// <summary>The shard's loss, not divided, and the errors of its outputs.</summary>
    /// <param name="batch">The targets.</param>
    /// <param name="shard">Its sequences.</param>
    /// <param name="scale">What multiplies the errors when the batch has no weights.</param>
    public double Loss(Batch<T> batch, Shard shard, double scale)
    {
        int o = spec.OutputSize;
        int groups = Groups(batch);
        for (int t = 0; t < groups; t++)
        {
            int from = (t * batch.Size) + shard.First;
            int to = t * shard.Rows;
            if (spec.HasClasses)
            {
                batch.Classes.AsSpan(from, shard.Rows).CopyTo(classes.AsSpan(to));
            }
            else
            {
                batch.Targets.AsSpan(from * o, shard.Rows * o).CopyTo(
                    new Span<T>(targets.Pointer + ((nint)to * o), shard.Rows * o));
            }
        }
        if (errors is not null)
        {
            int length = groups * shard.Rows * Stride;
            new ReadOnlySpan<T>(Outputs, length).CopyTo(new Span<T>(Errors, length));
        }
        return batch.Weights is { } weights
            ? WeightedLoss(weights, batch.Size, shard, groups)
            : LossOf(0, groups * shard.Rows, scale);
    }

    /// <summary>Copies a shard's outputs to their places in [B, O] or [T, B, O].</summary>
    public void CopyOutputs(Batch<T> batch, Shard shard, T* to)
    {
        int o = spec.OutputSize;
        for (int t = 0; t < Groups(batch); t++)
        {
            for (int r = 0; r < shard.Rows; r++)
            {
                T* from = Outputs + ((((nint)t * shard.Rows) + r) * Stride);
                new ReadOnlySpan<T>(from, o).CopyTo(
                    new Span<T>(to + ((((nint)t * batch.Size) + shard.First + r) * o), o));
            }
        }
    }

    public void Dispose()
    {
        outputs.Dispose();
        errors?.Dispose();
        means?.Dispose();
        targets.Dispose();
        losses.Dispose();
        mask?.Dispose();
    }

    private int Groups(Batch<T> batch) => spec.HasLossAtEveryStep ? batch.Steps : 1;

    private double LossOf(int from, int count, double scale)
    {
        int o = spec.OutputSize;
        T* at = Errors + ((nint)from * Stride);
        T* z = targets.Pointer + ((nint)from * o);
        switch (spec.Readout)
        {
            case Readout.Linear:
                return kernels.SquaredError(count, o, at, Stride, z, scale);
            case Readout.Softmax:
                fixed (int* all = classes)
                {
                    return kernels.Softmax(count, o, at, Stride, all + from, scale);
                }
            case Readout.Bernoulli:
                return kernels.Bernoulli(count, o, at, Stride, z, scale, losses.Pointer);
            default:
                throw new InvalidOperationException($"no loss is known for {spec.Readout}");
        }
    }

    /// <summary>Neighbouring rows of equal weight go through the loss together; rows of weight 0
    /// have neither loss nor gradient, whatever they hold.</summary>
    private double WeightedLoss(T[] weights, int size, Shard shard, int groups)
    {
        double loss = 0;
        for (int t = 0; t < groups; t++)
        {
            ReadOnlySpan<T> own = weights.AsSpan((t * size) + shard.First, shard.Rows);
            for (int r = 0; r < shard.Rows;)
            {
                int end = r + 1;
                while (end < shard.Rows && own[end] == own[r])
                {
                    end++;
                }
                int from = (t * shard.Rows) + r;
                if (own[r] == T.Zero)
                {
                    new Span<T>(Errors + ((nint)from * Stride), (end - r) * Stride).Clear();
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
