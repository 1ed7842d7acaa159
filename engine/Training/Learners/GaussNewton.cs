using System.Numerics;
using Repro.Engine.Networks;

namespace Repro.Engine.Training.Learners;

/// <summary>
/// Gradients, and products of the generalised Gauss–Newton matrix G = Jᵀ·H_L·J with vectors, on
/// the states of one set of weights. J is the derivative of the outputs before softmax or
/// logistic, H_L the loss's curvature there. The states of the batches that G is of are swept
/// once and kept; sums over shards are in double, in the shards' order.
/// Source: Schraudolph 2002; Martens 2010; Martens and Sutskever 2011.
/// </summary>
/// <example>
/// <code>
/// NetworkSpec spec = new(1, 4, 1);
/// using RecurrentNetwork&lt;double&gt; network = new(spec);
/// network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
/// Batch&lt;double&gt; batch = new(spec, steps: 5, size: 1);
/// using GaussNewton&lt;double&gt; products = new(network);
/// products.Start(batch);
/// products.Keep(batch);
/// double[] direction = new double[network.Parameters.Length];
/// direction[^1] = 1; // the bias of the output
/// double[] product = new double[direction.Length];
/// products.Multiply(direction, structural: 0, product);
/// </code>
/// </example>
/// <typeparam name="T">float or double: the numbers of network and sweeps.</typeparam>
/// <param name="network">The network; the caller keeps it.</param>
/// <param name="lossFactor">What multiplies the loss, and so gradient and G.</param>
/// <param name="states">How hidden states are damped.</param>
/// <param name="afterGradient">What is done to each gradient and product, as a projection; null
/// for nothing.</param>
public sealed class GaussNewton<T>(
    SweptNetwork<T> network, double lossFactor = 1,
    StructuralForm states = StructuralForm.Matched, Action? afterGradient = null) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Tape<T>> tapes = [];
    private readonly List<Batch<T>> batches = [];
    private readonly T[] direction = new T[network.Layout.Length];
    private TangentTape<T>? tangents;
    private (int Steps, int Rows) room;
    private int used;
    private bool isStarted;
    private bool isDisposed;

    /// <summary>Packs the weights as they are now, and forgets what was kept. To be called
    /// after anything else has used the network, too, with `keeps` set when it only did that.
    /// </summary>
    /// <param name="batch">One of the batches to come.</param>
    /// <param name="keeps">Whether the kept states are of these weights.</param>
    /// <exception cref="ObjectDisposedException">This or the network has been disposed of.
    /// </exception>
    public void Start(Batch<T> batch, bool keeps = false)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        network.StartGradient(batch);
        isStarted = true;
        if (!keeps)
        {
            used = 0;
            batches.Clear();
        }
    }

    /// <summary>Adds a batch's gradient, and keeps its states if G is to be of it too.</summary>
    /// <param name="batch">The batch; it must stay as it is while it is kept.</param>
    /// <param name="keep">Whether to keep its states.</param>
    /// <param name="share">What multiplies the gradient beside the loss's factor.</param>
    /// <param name="sum">Receives the gradient, added to what is there; as long as the
    /// parameters.</param>
    /// <returns>The batch's loss, without factor and share.</returns>
    /// <exception cref="ArgumentException">The sum has another length.</exception>
    /// <exception cref="InvalidOperationException">Start has not been called.</exception>
    public double AddGradient(Batch<T> batch, bool keep, double share, Span<double> sum)
    {
        CheckStarted();
        CheckLength(sum.Length, nameof(sum));
        double loss = 0;
        for (int i = 0; i < Shard.Count(batch.Size); i++)
        {
            Tape<T> tape = TapeFor(batch, i, used);
            network.Forward(tape, batch, i);
            loss += network.Loss(tape, 1.0 / batch.Size);
            network.ClearGradient();
            network.Backward(tape);
            Collect(share * lossFactor, sum);
            used += keep ? 1 : 0;
        }
        if (keep)
        {
            batches.Add(batch);
        }
        return batch.Weights is null ? loss / batch.Size : loss;
    }

    /// <summary>Keeps the states of a batch without its gradient.</summary>
    /// <param name="batch">The batch; it must stay as it is while it is kept.</param>
    /// <exception cref="InvalidOperationException">Start has not been called.</exception>
    public void Keep(Batch<T> batch)
    {
        CheckStarted();
        for (int i = 0; i < Shard.Count(batch.Size); i++)
        {
            network.Forward(TapeFor(batch, i, used++), batch, i);
        }
        batches.Add(batch);
    }

    /// <summary>(G + structural·G_S)·v, the mean over the batches kept. G_S = Jᵀ·H_S·J is the
    /// curvature of a distance between hidden states, summed over steps and averaged over
    /// sequences; the loss's factor is not in it.</summary>
    /// <param name="v">v, in the order of the parameters.</param>
    /// <param name="structural">λ·µ, 0 or more.</param>
    /// <param name="result">Receives the product; as long as v.</param>
    /// <exception cref="ArgumentException">v or the result has another length than the
    /// parameters, or λ·µ is below 0.</exception>
    /// <exception cref="InvalidOperationException">No batch is kept.</exception>
    public void Multiply(ReadOnlySpan<double> v, double structural, Span<double> result)
    {
        CheckStarted();
        CheckLength(v.Length, nameof(v));
        CheckLength(result.Length, nameof(result));
        ArgumentOutOfRangeException.ThrowIfNegative(structural);
        if (batches.Count == 0)
        {
            throw new InvalidOperationException(
                "no batch is kept, so that there is no matrix; call Keep, or AddGradient with "
                + "keep: true, after Start");
        }
        result.Clear();
        // Near 1, so that float32 neither overflows nor meets the sweeps' floor; exact.
        double scale = PowerOfTwo(v);
        if (scale == 0)
        {
            return;
        }
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = T.CreateTruncating(v[i] / scale);
        }
        network.StartTangent(direction, batches[0]);
        double share = lossFactor / batches.Count;
        for (int i = 0; i < used; i++)
        {
            Tape<T> tape = tapes[i];
            double mean = 1.0 / tape.Batch.Size;
            double weight = structural * states.Factor() * mean / lossFactor;
            network.Tangent(tape);
            network.ClearGradient();
            network.BackwardCurvature(
                tape, mean, new StateCurvature(weight, states.IsMatched()));
            Collect(share, result);
        }
        DoubleVectors.Scale(scale, result);
    }

    /// <summary>Frees the kept states; the network stays.</summary>
    public void Dispose()
    {
        isDisposed = true;
        foreach (Tape<T> tape in tapes)
        {
            tape.Dispose();
        }
        tangents?.Dispose();
    }

    private void CheckStarted()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (!isStarted)
        {
            throw new InvalidOperationException(
                "the weights are not packed yet; call Start with a batch first");
        }
    }

    private void CheckLength(int length, string name)
    {
        if (length != direction.Length)
        {
            throw new ArgumentException(
                $"{name} has {length} numbers; the network has {direction.Length} parameters, "
                + "and as many are needed", name);
        }
    }

    private void Collect(double share, Span<double> sum)
    {
        network.EndGradient();
        afterGradient?.Invoke();
        ReadOnlySpan<T> gradient = network.Gradients;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = Math.FusedMultiplyAdd(
                share, double.CreateTruncating(gradient[i]), sum[i]);
        }
    }

    private Tape<T> TapeFor(Batch<T> batch, int shard, int index)
    {
        int rows = Shard.Of(batch.Size, shard).Rows;
        if (index == tapes.Count)
        {
            tapes.Add(network.NewTape(batch, shard));
        }
        else if (!tapes[index].Fits(batch.Steps, rows, TapeKeeps.Everything))
        {
            tapes[index].Dispose();
            tapes[index] = network.NewTape(batch, shard);
        }
        if (tangents is null || batch.Steps > room.Steps || rows > room.Rows)
        {
            tangents?.Dispose();
            room = (Math.Max(batch.Steps, room.Steps), Math.Max(rows, room.Rows));
            tangents = new TangentTape<T>(network.Spec, room.Steps, room.Rows);
            foreach (Tape<T> other in tapes)
            {
                other.ShareTangents(tangents);
            }
        }
        tapes[index].ShareTangents(tangents);
        return tapes[index];
    }

    /// <summary>2^n, the largest that is not above any |v| but the smaller ones; 0 for zeros,
    /// 1 where a number is not finite.</summary>
    private static double PowerOfTwo(ReadOnlySpan<double> v)
    {
        double largest = 0;
        foreach (double x in v)
        {
            if (!double.IsFinite(x))
            {
                return 1;
            }
            largest = Math.Max(largest, Math.Abs(x));
        }
        return largest == 0 ? 0 : Math.ScaleB(1, Math.ILogB(largest));
    }
}
