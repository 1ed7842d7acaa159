using Repro.Engine.Numerics;

namespace Repro.Engine.Statistics;

/// <summary>
/// Linear regression of one-hot classes on N examples of F features, with intercept and a penalty
/// λ‖W‖², in its dual form for N below F: W = Xᵀ(XXᵀ + λI)⁻¹Y over centred X and Y. The class of
/// an example is its largest output. Equal arguments give equal bits on every machine.
/// Source: Saunders, Gammerman, Vovk 1998, eq. (11), with a linear kernel.
/// </summary>
public sealed unsafe class RidgeRegression
{
    private readonly double[] centred;
    private readonly double[] means;
    private readonly double[] gram;
    private readonly double[] shares;
    private readonly int[] labels;
    private readonly int size;

    /// <summary>Centres the examples and makes their products; each fit is cheap after that.
    /// </summary>
    /// <param name="examples">Features, [N, F].</param>
    /// <param name="size">F, 1 or more.</param>
    /// <param name="labels">Classes 0 … C − 1, [N].</param>
    /// <param name="classes">C, 1 or more.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other, or a label is out of
    /// range.</exception>
    public RidgeRegression(
        ReadOnlySpan<double> examples, int size, ReadOnlySpan<int> labels, int classes)
    {
        if (size < 1 || labels.Length < 1 || examples.Length != (long)size * labels.Length)
        {
            throw new ArgumentException(
                $"{examples.Length} values are not {labels.Length} examples of {size} features");
        }
        this.size = size;
        this.labels = labels.ToArray();
        shares = new double[classes];
        foreach (int label in labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException($"a label is {label}; 0 … {classes - 1} are known");
            }
            shares[label] += 1.0 / labels.Length;
        }
        means = new double[size];
        for (int i = 0; i < examples.Length; i++)
        {
            means[i % size] += examples[i] / labels.Length;
        }
        centred = examples.ToArray();
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] -= means[i % size];
        }
        gram = Products(centred, labels.Length, size);
    }

    /// <summary>C.</summary>
    public int Classes => shares.Length;

    /// <summary>The weights of one penalty, [F, C], and after them the intercepts, [C].</summary>
    /// <param name="penalty">λ, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The penalty is not.</exception>
    public double[] Fit(double penalty)
    {
        if (!double.IsFinite(penalty) || penalty <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(penalty), penalty, "a finite penalty above 0 is needed");
        }
        double[] factor = Factor(penalty);
        double[] dual = new double[labels.Length * Classes];
        for (int i = 0; i < dual.Length; i++)
        {
            dual[i] = (labels[i / Classes] == i % Classes ? 1 : 0) - shares[i % Classes];
        }
        Solve(factor, dual);
        double[] weights = new double[(size + 1) * Classes];
        for (int n = 0; n < labels.Length; n++)
        {
            ReadOnlySpan<double> y = dual.AsSpan(n * Classes, Classes);
            for (int f = 0; f < size; f++)
            {
                double x = centred[(n * size) + f];
                Span<double> row = weights.AsSpan(f * Classes, Classes);
                for (int c = 0; c < row.Length; c++)
                {
                    row[c] += x * y[c];
                }
            }
        }
        Span<double> intercepts = weights.AsSpan(size * Classes);
        shares.CopyTo(intercepts);
        for (int f = 0; f < size; f++)
        {
            for (int c = 0; c < Classes; c++)
            {
                intercepts[c] -= means[f] * weights[(f * Classes) + c];
            }
        }
        return weights;
    }

    /// <summary>The outputs of an example.</summary>
    /// <param name="weights">As <see cref="Fit"/> returns them.</param>
    /// <param name="example">[F].</param>
    /// <param name="outputs">[C]; overwritten.</param>
    public void Predict(
        ReadOnlySpan<double> weights, ReadOnlySpan<double> example, Span<double> outputs)
    {
        weights.Slice(size * Classes, Classes).CopyTo(outputs);
        for (int f = 0; f < size; f++)
        {
            for (int c = 0; c < Classes; c++)
            {
                outputs[c] += example[f] * weights[(f * Classes) + c];
            }
        }
    }

    /// <summary>XXᵀ, [N, N].</summary>
    private static double[] Products(double[] x, int count, int size)
    {
        Kernels<double> kernels = Kernels<double>.For(InstructionSets.Best);
        int stride = Padding.Columns<double>(count);
        double[] products = new double[count * count];
        using PackedMatrix<double> transposed = new(kernels, size, count, count);
        using AlignedBuffer<double> padded = new((long)count * stride);
        fixed (double* rows = x)
        {
            transposed.SetTransposed(rows, size);
            kernels.Multiply(
                count, rows, size, transposed, 0, size, null, 0, padded.Pointer, stride);
        }
        for (int i = 0; i < count; i++)
        {
            padded.Span.Slice(i * stride, count).CopyTo(products.AsSpan(i * count));
        }
        return products;
    }

    /// <summary>L of XXᵀ + λI = LLᵀ, [N, N] by rows, by Cholesky.</summary>
    private double[] Factor(double penalty)
    {
        int n = labels.Length;
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            Span<double> row = l.AsSpan(i * n, i + 1);
            for (int j = 0; j < i; j++)
            {
                double sum = gram[(i * n) + j] - Dot(row[..j], l.AsSpan(j * n, j));
                row[j] = sum / l[(j * n) + j];
            }
            double square = gram[(i * n) + i] + penalty - Dot(row[..i], row[..i]);
            row[i] = square > 0
                ? Math.Sqrt(square)
                : throw new ArgumentException(
                    $"a penalty of {penalty} is too small for these examples; take a larger one");
        }
        return l;
    }

    /// <summary>(LLᵀ)⁻¹ B in place of B, [N, C].</summary>
    private void Solve(double[] l, double[] b)
    {
        int n = labels.Length;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Subtract(b, i, j, l[(i * n) + j]);
            }
            Divide(b, i, l[(i * n) + i]);
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
            {
                Subtract(b, i, j, l[(j * n) + i]);
            }
            Divide(b, i, l[(i * n) + i]);
        }
    }

    private void Subtract(double[] b, int row, int other, double factor)
    {
        for (int c = 0; c < Classes; c++)
        {
            b[(row * Classes) + c] -= factor * b[(other * Classes) + c];
        }
    }

    private void Divide(double[] b, int row, double by)
    {
        for (int c = 0; c < Classes; c++)
        {
            b[(row * Classes) + c] /= by;
        }
    }

    // Four sums side by side: one would wait for its own last addition.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.Length; i++)
        {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }
}
