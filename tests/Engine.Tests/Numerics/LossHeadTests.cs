using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>Losses and their derivatives against the formulas written out in double.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public unsafe class LossHeadTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Scale = 0.25;
    private static readonly double Tolerance = typeof(T) == typeof(float) ? 1e-6 : 1e-14;

    // Rows beyond 16 cross the block in which Bernoulli losses are summed per column.
    private static readonly (int Rows, int Columns)[] Sizes =
        [(1, 1), (3, 2), (2, 10), (5, 17), (37, 9), (16, 33)];

    [Test]
    public void Squared_error_has_no_factor_of_one_half()
    {
        foreach ((int rows, int columns) in Sizes)
        {
            double[] o = Values(1, rows * columns, 2);
            double[] z = Values(2, rows * columns, 1);
            (double loss, double[] d) = Run(rows, columns, o, (kernels, outputs, stride) =>
            {
                using AlignedBuffer<T> targets = Buffer(z, rows, columns, columns);
                return kernels.SquaredError(
                    rows, columns, outputs.Pointer, stride, targets.Pointer, Scale);
            });
            double[] e = [.. o.Zip(z, (a, b) => a - b)];
            Assert.That(loss, Is.EqualTo(e.Sum(v => v * v)).Within(Tolerance * 100).Percent);
            Assert.That(d, Is.EqualTo(e.Select(v => Scale * 2 * v)).Within(Tolerance * 5));
        }
    }

    [Test]
    public void Softmax_cross_entropy_is_in_nats()
    {
        foreach ((int rows, int columns) in Sizes)
        {
            double[] o = Values(3, rows * columns, 3);
            int[] classes = [.. Enumerable.Range(0, rows).Select(r => (r * 7) % columns)];
            (double loss, double[] d) = Softmax(rows, columns, o, classes);
            double expected = 0;
            double[] derivative = new double[o.Length];
            for (int r = 0; r < rows; r++)
            {
                double[] e = [.. o[(r * columns)..((r + 1) * columns)].Select(Math.Exp)];
                expected += Math.Log(e.Sum() / e[classes[r]]);
                for (int j = 0; j < columns; j++)
                {
                    double hot = j == classes[r] ? 1 : 0;
                    derivative[(r * columns) + j] = Scale * ((e[j] / e.Sum()) - hot);
                }
            }
            Assert.That(loss, Is.EqualTo(expected).Within(Tolerance * rows));
            Assert.That(d, Is.EqualTo(derivative).Within(Tolerance));
        }
    }

    [Test]
    public void Binary_cross_entropy_is_summed_over_outputs()
    {
        foreach ((int rows, int columns) in Sizes)
        {
            double[] o = Values(4, rows * columns, 3);
            double[] z = [.. Values(5, rows * columns, 1).Select(v => v > 0 ? 1.0 : 0.0)];
            (double loss, double[] d) = Bernoulli(rows, columns, o, z);
            double expected = o.Zip(z, (x, t) => Math.Log(1 + Math.Exp(t > 0 ? -x : x))).Sum();
            double[] derivative =
                [.. o.Zip(z, (x, t) => Scale * ((1 / (1 + Math.Exp(-x))) - t))];
            Assert.That(loss, Is.EqualTo(expected).Within(Tolerance * 100).Percent);
            Assert.That(d, Is.EqualTo(derivative).Within(Tolerance));
        }
    }

    [Test]
    public void Outputs_far_out_lose_neither_the_loss_nor_the_derivative()
    {
        (double softmax, double[] ds) = Softmax(1, 3, [1000, -1000, 0], [1]);
        Assert.That(softmax, Is.EqualTo(2000));
        Assert.That(ds, Is.EqualTo(new[] { Scale, -Scale, 0 }).Within(1e-30));
        (double bernoulli, double[] db) = Bernoulli(1, 4, [1000, -1000, 1000, -1000], [0, 1, 1, 0]);
        Assert.That(bernoulli, Is.EqualTo(2000));
        Assert.That(db, Is.EqualTo(new[] { Scale, -Scale, 0, 0 }).Within(1e-30));
    }

    [Test]
    public void A_NaN_output_gives_a_NaN_loss_wherever_it_stands([Range(0, 2)] int at)
    {
        double[] o = [0.5, -1, 2];
        o[at] = double.NaN;
        Assert.That(Softmax(1, 3, o, [1]).Loss, Is.NaN);
        Assert.That(Bernoulli(1, 3, o, [0, 1, 0]).Loss, Is.NaN);
    }

    private static (double Loss, double[] Derivative) Softmax(
        int rows, int columns, double[] o, int[] classes) =>
        Run(rows, columns, o, (kernels, outputs, stride) =>
        {
            fixed (int* c = classes)
            {
                return kernels.Softmax(rows, columns, outputs.Pointer, stride, c, Scale);
            }
        });

    private static (double Loss, double[] Derivative) Bernoulli(
        int rows, int columns, double[] o, double[] z) =>
        Run(rows, columns, o, (kernels, outputs, stride) =>
        {
            using AlignedBuffer<T> targets = Buffer(z, rows, columns, columns);
            using AlignedBuffer<T> losses = new(stride);
            return kernels.Bernoulli(
                rows, columns, outputs.Pointer, stride, targets.Pointer, Scale, losses.Pointer);
        });

    private static (double Loss, double[] Derivative) Run(
        int rows, int columns, double[] o, Func<Kernels<T>, AlignedBuffer<T>, int, double> head)
    {
        int stride = Padding.Columns<T>(columns);
        double loss = 0;
        T[] used = new T[rows * columns];
        Widths.SameBytes(set =>
        {
            using AlignedBuffer<T> outputs = Buffer(o, rows, columns, stride);
            loss = head(Kernels<T>.For(set), outputs, stride);
            for (int r = 0; r < rows; r++)
            {
                outputs.Span.Slice(r * stride, columns).CopyTo(used.AsSpan(r * columns));
            }
            if (used.Any(T.IsNaN))
            {
                return [];
            }
            return [.. BitConverter.GetBytes(loss), .. Shapes.Bytes<T>(used)];
        });
        return (loss, [.. used.Select(double.CreateChecked)]);
    }

    // Rounded to single precision, so that both precisions see the same numbers.
    private static double[] Values(ulong seed, int length, double deviation)
    {
        Philox random = new(seed, 1011);
        return
        [
            .. Enumerable.Range(0, length)
                .Select(i => (double)(float)(deviation * random.Normal((ulong)i))),
        ];
    }

    private static AlignedBuffer<T> Buffer(double[] values, int rows, int columns, int stride)
    {
        AlignedBuffer<T> buffer = new(rows * stride);
        for (int i = 0; i < values.Length; i++)
        {
            buffer.Pointer[(i / columns * stride) + (i % columns)] = T.CreateChecked(values[i]);
        }
        return buffer;
    }
}
