using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// The loss heads: lanes lie along outputs, and sums over lanes are taken in scalar order.
/// Source: the definitions of squared error and cross-entropy; the largest output is taken from
/// all before e^x, and log(1 + e^−|x|) is used, so that nothing overflows.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    // Rows summed per column in T before they join the double total.
    private const int LossBlock = 16;

    public override double SquaredError(
        int rows, int columns, T* outputs, nint stride, T* targets, double scale)
    {
        double total = 0;
        T twice = T.CreateTruncating(2 * scale);
        for (int r = 0; r < rows; r++)
        {
            T* o = outputs + (r * stride);
            T* z = targets + ((nint)r * columns);
            for (int j = 0; j < columns; j++)
            {
                T e = o[j] - z[j];
                double error = double.CreateTruncating(e);
                total += error * error;
                o[j] = twice * e;
            }
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Softmax(
        int rows, int columns, T* outputs, nint stride, int* classes, double scale)
    {
        double total = 0;
        T factor = T.CreateTruncating(scale);
        for (int r = 0; r < rows; r++)
        {
            T* o = outputs + (r * stride);
            T max = o[0];
            for (int j = 1; j < columns; j++)
            {
                max = o[j] > max ? o[j] : max;
            }
            int c = classes[r];
            double margin = double.CreateTruncating(max - o[c]);
            V shift = S.Broadcast(&max);
            for (int j = 0; j < columns; j += S.Lanes)
            {
                V e = ElementaryKernels<T, V, S>.Exp(S.Subtract(S.Load(o + j), shift));
                S.Store(o + j, e);
            }
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                sum += double.CreateTruncating(o[j]);
            }
            total += Elementary.Log(sum) + margin;
            T share = T.CreateTruncating(scale / sum);
            V shares = S.Broadcast(&share);
            for (int j = 0; j < columns; j += S.Lanes)
            {
                S.Store(o + j, S.Multiply(S.Load(o + j), shares));
            }
            o[c] -= factor;
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Bernoulli(
        int rows, int columns, T* outputs, nint stride, T* targets, double scale, T* losses)
    {
        Span<T> all = new(losses, Padding.Columns<T>(columns));
        double total = 0;
        V zero = S.Set(0);
        V factor = S.Set(scale);
        for (int first = 0; first < rows; first += LossBlock)
        {
            all.Clear();
            int end = Math.Min(rows, first + LossBlock);
            for (int r = first; r < end; r++)
            {
                T* o = outputs + (r * stride);
                T* z = targets + ((nint)r * columns);
                for (int j = 0; j < columns; j += S.Lanes)
                {
                    V x = S.Load(o + j);
                    V target = S.Load(z + j);
                    V p = ElementaryKernels<T, V, S>.Sigmoid(x);
                    // max(x, 0) − x·z + log(1 + e^−|x|)
                    V e = ElementaryKernels<T, V, S>.ExpOfNegative(S.Subtract(zero, S.Abs(x)));
                    V positive = S.SelectLess(x, zero, zero, x);
                    V loss = S.Fma(S.Subtract(zero, x), target, positive);
                    loss = S.Add(loss, ElementaryKernels<T, V, S>.Log1p(e));
                    S.Store(losses + j, S.Add(S.Load(losses + j), loss));
                    S.Store(o + j, S.Multiply(S.Subtract(p, target), factor));
                }
            }
            for (int j = 0; j < columns; j++)
            {
                total += double.CreateTruncating(losses[j]);
            }
        }
        return total;
    }
}
