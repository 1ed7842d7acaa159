using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>The activations inside the sweeps' steps, on sums given as `initial`.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public unsafe class StepTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double Floor = SubnormalFloor.Of<T>();

    [Test]
    public void A_forward_step_applies_the_activation([Values] Activation activation)
    {
        double[] sums = [-90, -2, -0.5, -1e-3, 0, 1e-3, 0.3, 1, 3, 90];
        double[] states = Forward(activation, sums);
        double tolerance = typeof(T) == typeof(float) ? 3e-7 : 1e-15;
        for (int i = 0; i < sums.Length; i++)
        {
            double expected = activation switch
            {
                Activation.Relu => Math.Max(sums[i], 0),
                Activation.Tanh => Math.Tanh(sums[i]),
                _ => 1 / (1 + Math.Exp(-sums[i])),
            };
            Assert.That(
                states[i], Is.EqualTo(expected).Within(tolerance * Math.Max(1, expected)));
        }
    }

    [Test]
    public void A_backward_step_multiplies_by_the_derivative([Values] Activation activation)
    {
        double[] states = [0, 0.125, 0.5, 0.75, 1];
        double[] deltas = [3, -2, 1, 0.5, -1];
        double[] expected =
        [
            .. states.Zip(deltas, (h, d) => d * activation switch
            {
                Activation.Relu => h > 0 ? 1 : 0,
                Activation.Tanh => 1 - (h * h),
                _ => h * (1 - h),
            }),
        ];
        // All of these are exact in either precision.
        Assert.That(Backward(activation, states, deltas), Is.EqualTo(expected));
    }

    [Test]
    public void A_NaN_sum_gives_a_NaN_state([Values] Activation activation) =>
        Assert.That(
            Forward(activation, [double.NaN, 1, double.NaN]).Select(double.IsNaN),
            Is.EqualTo(new[] { true, false, true }));

    [Test]
    public void States_and_deltas_below_the_floor_become_zero_and_others_stay()
    {
        double[] small = [Floor * 0.99, Floor * 1.01, -Floor * 0.99, -Floor * 1.01];
        double[] kept = [.. small.Select(v => Math.Abs(v) < Floor ? 0 : Round(v))];
        Assert.That(Forward(Activation.Relu, small), Is.EqualTo(kept.Select(v => Math.Max(v, 0))));
        Assert.That(Forward(Activation.Tanh, small), Is.EqualTo(kept));
        Assert.That(Backward(Activation.Relu, [1, 1, 1, 1], small), Is.EqualTo(kept));
        Assert.That(Backward(Activation.Relu, [0], [double.NaN]), Is.EqualTo(new[] { 0.0 }));
        Assert.That(Backward(Activation.Tanh, [0], [double.NaN])[0], Is.NaN);
    }

    [Test]
    public void Vectors_together_have_the_bits_of_each_element_alone(
        [Values(Activation.Tanh, Activation.Sigmoid)] Activation activation)
    {
        Shapes shapes = new(105);
        T[] special =
        [
            T.Zero, -T.Zero, T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon,
            T.CreateChecked(Floor), T.CreateChecked(1e-25), T.CreateChecked(-800),
        ];
        foreach ((int rows, int columns) in new[]
            { (1, 1), (1, 100), (2, 50), (5, 33), (7, 16), (20, 50), (16, 100), (3, 130) })
        {
            int stride = Padding.Stride<T>(columns);
            using AlignedBuffer<T> sums = shapes.Normal<T>(rows * stride);
            for (int i = 0; i < special.Length; i++)
            {
                sums.Pointer[i * 7 % (rows * stride)] = special[i];
            }
            T[] expected = new T[rows * columns];
            for (int i = 0; i < expected.Length; i++)
            {
                T s = sums.Pointer[(i / columns * stride) + (i % columns)];
                T h = activation == Activation.Tanh
                    ? ElementaryKernels<T, T, SimdScalar<T>>.Tanh(s)
                    : ElementaryKernels<T, T, SimdScalar<T>>.Sigmoid(s);
                expected[i] = T.Abs(h) < T.CreateTruncating(Floor) ? T.Zero : h;
            }
            foreach (InstructionSet set in Widths.All)
            {
                Kernels<T> kernels = Kernels<T>.For(set);
                using PackedMatrix<T> packed = new(kernels, 1, columns, rows);
                using AlignedBuffer<T> c = new(rows * stride);
                kernels.ForwardStep(
                    activation.Function(), rows, sums.Pointer, 0, packed, 0, 0, sums.Pointer,
                    stride, c.Pointer, stride);
                T[] states = new T[expected.Length];
                for (int r = 0; r < rows; r++)
                {
                    c.Span.Slice(r * stride, columns).CopyTo(states.AsSpan(r * columns));
                }
                Assert.That(Bits(states), Is.EqualTo(Bits(expected)), $"{rows}×{columns} at {set}");
            }
        }
    }

    private static byte[] Bits(T[] values) =>
        Shapes.Bytes<T>([.. values.Select(v => T.IsNaN(v) ? T.NaN : v)]);

    private static double Round(double value) => double.CreateChecked(T.CreateChecked(value));

    private static double[] Forward(Activation activation, double[] sums) =>
        AtEveryWidth(sums, (kernels, packed, initial, c, stride) => kernels.ForwardStep(
            activation.Function(), 1, initial.Pointer, 0, packed, 0, 0, initial.Pointer, stride,
            c.Pointer, stride));

    private static double[] Backward(Activation activation, double[] states, double[] deltas)
    {
        using AlignedBuffer<T> h = Buffer(states);
        return AtEveryWidth(deltas, (kernels, packed, initial, c, stride) => kernels.BackwardStep(
            activation.Function(), 1, initial.Pointer, 0, packed, 0, initial.Pointer, stride,
            h.Pointer, stride, c.Pointer, stride));
    }

    private delegate void Step(
        Kernels<T> kernels, PackedMatrix<T> packed, AlignedBuffer<T> initial, AlignedBuffer<T> c,
        int stride);

    private static double[] AtEveryWidth(double[] values, Step step)
    {
        using AlignedBuffer<T> initial = Buffer(values);
        T[] result = [];
        Widths.SameBytes(set =>
        {
            Kernels<T> kernels = Kernels<T>.For(set);
            using PackedMatrix<T> packed = new(kernels, 1, values.Length, 1);
            using AlignedBuffer<T> c = new(initial.Length);
            step(kernels, packed, initial, c, (int)initial.Length);
            result = c.Span[..values.Length].ToArray();
            // Only that a NaN is one matters, not its sign or payload.
            return Shapes.Bytes<T>([.. result.Select(v => T.IsNaN(v) ? T.NaN : v)]);
        });
        return [.. result.Select(double.CreateChecked)];
    }

    private static AlignedBuffer<T> Buffer(double[] values)
    {
        AlignedBuffer<T> buffer = new(Padding.Columns<T>(values.Length));
        for (int i = 0; i < values.Length; i++)
        {
            buffer.Pointer[i] = T.CreateChecked(values[i]);
        }
        return buffer;
    }
}
