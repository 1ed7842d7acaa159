using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// The tangent of a forward sweep: how fast its states and outputs change when the parameters
// move in a direction V, R(h_t) and R(o_t), on the tape that the sweep left.
// Source: Pearlmutter 1994, the R-operator; Schraudolph 2002 for its use in Gauss–Newton
// products: tangent, the loss's curvature, then the ordinary backward sweep.
public abstract unsafe partial class SweptNetwork<T>
{
    private PackedWeights<T>? direction;
    private ReadoutHead<T>? readoutDirection;

    /// <summary>Packs a direction. The weights are those of the last
    /// <see cref="StartGradient"/>.</summary>
    /// <param name="values">V, in the order of the parameters.</param>
    /// <param name="batch">The batch, or one of several with inputs of the same kind.</param>
    /// <exception cref="ArgumentException">The batch does not fit, or the direction has not the
    /// length of the parameters.</exception>
    internal void StartTangent(ReadOnlySpan<T> values, Batch<T> batch)
    {
        Check(batch);
        if (values.Length != Layout.Length)
        {
            throw new ArgumentException(
                $"the direction has {values.Length} elements; the network has {Layout.Length} "
                + "parameters", nameof(values));
        }
        int rows = Weights.Rows;
        if (direction is null || readoutDirection is null || direction.Rows != rows)
        {
            DisposeDirection();
            direction = new PackedWeights<T>(Cell, Layout, rows);
            readoutDirection = new ReadoutHead<T>(Spec, Kernels, rows);
        }
        fixed (T* v = values)
        {
            direction.Pack(v, batch.IsOneHot, backward: false);
            readoutDirection.Pack(v, Layout, backward: false);
        }
    }

    /// <summary>R(h_t) and R(o_t) of a shard, left in the tape.</summary>
    /// <param name="tape">After <see cref="Forward"/>, without dropout.</param>
    internal void Tangent(Tape<T> tape)
    {
        ThrowIfDisposed();
        if (direction is null || readoutDirection is null)
        {
            throw new InvalidOperationException(
                $"no direction is packed; {nameof(StartTangent)} comes first");
        }
        if (tape.Keeps != TapeKeeps.Everything || tape.Outputs.Mask is not null)
        {
            throw new InvalidOperationException(
                $"the tape kept {tape.Keeps}, "
                + $"{(tape.Outputs.Mask is null ? "without" : "with")} dropout; a tangent needs "
                + $"{TapeKeeps.Everything} and no dropout");
        }
        TangentTape<T> tangents = tape.Tangents();
        tangents.Start(tape);
        Cell.StartTangent(tape, Weights.Own, direction.Own);
        BlockMemory block = Blocks(backward: false);
        nint group = tape.Rows * Cell.Stride;
        int inputs = Spec.InputSize;
        bool isOneHot = tape.Batch.IsOneHot;
        int recurrent = Cell.RecurrentColumns > 0 ? Spec.HiddenSize : 0;
        int perBlock = tape.Shard.StepsPerBlock;
        for (int begin = 0; begin < tape.Steps; begin += perBlock)
        {
            int count = Math.Min(perBlock, tape.Steps - begin);
            for (int t = begin; t < begin + count && isOneHot; t++)
            {
                direction.OneHot.Gather(tape, t, block.Sums + ((t - begin) * group));
            }
            // What V adds to s_t: the products with x_t, 1 and h_{t−1}.
            int skipped = isOneHot ? inputs + 1 : 0;
            Kernels.Multiply(
                count * tape.Rows, tape.Inputs(begin) + skipped, tape.StateStride,
                direction.Forward, skipped, inputs + 1 + recurrent - skipped,
                isOneHot ? block.Sums : null, Cell.Stride, block.Sums, Cell.Stride);
            for (int t = begin; t < begin + count; t++)
            {
                T* sums = block.Sums + ((t - begin) * group);
                Kernels.Multiply(
                    tape.Rows, tangents.Hidden(t), tangents.HiddenStride, Weights.Forward,
                    inputs + 1, recurrent, sums, Cell.Stride, sums, Cell.Stride);
                Cell.Tangent(tape, t, sums, Weights.Transposed);
            }
        }
        Head.Tangent(tape, readoutDirection);
    }

    private void DisposeDirection()
    {
        direction?.Dispose();
        direction = null;
        readoutDirection?.Dispose();
        readoutDirection = null;
    }
}
