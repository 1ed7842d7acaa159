using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// The curvature H_L of the loss in the outputs before softmax or logistic, times a tangent:
/// 2·R(o) of a squared error, p⊙(R(o) − Σ p·R(o)) of softmax, y(1 − y)⊙R(o) of the logistic.
/// Source: Schraudolph 2002, for losses that match their output.
/// </summary>
internal sealed unsafe partial class OutputTape<T>
{
    private AlignedBuffer<T>? means;
    private bool hasMeans;

    /// <summary>Writes H_L·R(o) where the loss writes its errors.</summary>
    /// <param name="batch">Its weights, if any; targets do not matter.</param>
    /// <param name="shard">Its sequences.</param>
    /// <param name="tangents">R(o), rows as those of the outputs.</param>
    /// <param name="scale">What multiplies H_L when the batch has no weights.</param>
    /// <exception cref="InvalidOperationException">The outputs were not kept.</exception>
    public void Curvature(Batch<T> batch, Shard shard, T* tangents, double scale)
    {
        if (errors is null)
        {
            throw new InvalidOperationException(
                "the loss of this tape overwrites its outputs; a curvature needs one that keeps "
                + "them");
        }
        int groups = Groups(batch);
        if (!hasMeans && spec.Readout != Readout.Linear)
        {
            KeepMeans(groups * shard.Rows);
        }
        T plain = T.CreateTruncating(scale);
        for (int t = 0; t < groups; t++)
        {
            for (int r = 0; r < shard.Rows; r++)
            {
                T weight = batch.Weights is { } weights
                    ? weights[(t * batch.Size) + shard.First + r]
                    : plain;
                nint at = ((nint)(t * shard.Rows) + r) * Stride;
                RowCurvature(at, tangents + at, weight, Errors + at);
            }
        }
    }

    private void RowCurvature(nint at, T* v, T weight, T* to)
    {
        int o = spec.OutputSize;
        if (weight == T.Zero)
        {
            // Whatever the row holds.
            new Span<T>(to, o).Clear();
            return;
        }
        switch (spec.Readout)
        {
            case Readout.Linear:
                for (int j = 0; j < o; j++)
                {
                    to[j] = (weight + weight) * v[j];
                }
                break;
            case Readout.Softmax:
                T* p = means!.Pointer + at;
                double mean = 0;
                for (int j = 0; j < o; j++)
                {
                    mean += double.CreateTruncating(p[j]) * double.CreateTruncating(v[j]);
                }
                T middle = T.CreateTruncating(mean);
                for (int j = 0; j < o; j++)
                {
                    to[j] = weight * p[j] * (v[j] - middle);
                }
                break;
            case Readout.Bernoulli:
                T* y = means!.Pointer + at;
                for (int j = 0; j < o; j++)
                {
                    to[j] = weight * (y[j] * (T.One - y[j])) * v[j];
                }
                break;
            default:
                throw new InvalidOperationException($"no curvature is known for {spec.Readout}");
        }
    }

    /// <summary>softmax(o) or σ(o), once for all products on the same outputs.</summary>
    private void KeepMeans(int count)
    {
        means ??= new AlignedBuffer<T>((long)rows * Stride);
        for (int r = 0; r < count; r++)
        {
            T* from = Outputs + ((nint)r * Stride);
            T* to = means.Pointer + ((nint)r * Stride);
            switch (spec.Readout)
            {
                case Readout.Softmax:
                    Softmax(from, to);
                    break;
                case Readout.Bernoulli:
                    for (int j = 0; j < spec.OutputSize; j++)
                    {
                        to[j] = ElementaryKernels<T, T, SimdScalar<T>>.Sigmoid(from[j]);
                    }
                    break;
                default:
                    throw new InvalidOperationException($"no means are known for {spec.Readout}");
            }
        }
        hasMeans = true;
    }

    private void Softmax(T* from, T* to)
    {
        T max = from[0];
        for (int j = 1; j < spec.OutputSize; j++)
        {
            max = from[j] > max ? from[j] : max;
        }
        double sum = 0;
        for (int j = 0; j < spec.OutputSize; j++)
        {
            to[j] = ElementaryKernels<T, T, SimdScalar<T>>.Exp(from[j] - max);
            sum += double.CreateTruncating(to[j]);
        }
        T share = T.CreateTruncating(1 / sum);
        for (int j = 0; j < spec.OutputSize; j++)
        {
            to[j] *= share;
        }
    }
}
