using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>Steps of rectified rows leave out what is zero in all of them, and no bit shows it.
/// The oracle is the same step over a matrix that is not said to be finite: the whole product.
/// </summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public unsafe class SparseStepTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double[] Shares = [0, 0.1, 0.5, 0.95, 1];

    [Test]
    public void A_step_without_the_zeros_has_the_bits_of_the_whole_product(
        [Values] Activation activation, [Values] bool isBackward)
    {
        UnitFunction function = activation.Function();
        Shapes shapes = new(401);
        for (int i = 0; i < 60; i++)
        {
            int rows = shapes.Between(0, 2) == 0 ? 1 : shapes.Between(2, 20);
            int columns = shapes.Between(1, 150);
            int k = i % 10 == 0 ? shapes.Between(1020, 1030) : shapes.Between(1, 140);
            int aStride = k + shapes.Between(0, 5);
            int firstK = isBackward ? 0 : shapes.Between(0, 3);
            int stride = Padding.Stride<T>(columns);
            using AlignedBuffer<T> a = Rows(shapes, rows, aStride, Shares[i % Shares.Length]);
            using AlignedBuffer<T> w = shapes.Normal<T>((firstK + k) * columns);
            using AlignedBuffer<T> initial = Rows(shapes, rows, stride, 0.5);
            using AlignedBuffer<T> h = Rows(shapes, rows, stride, 0.5);
            T* from = i % 3 == 0 ? null : initial.Pointer;
            Widths.SameBytes(set =>
            {
                Kernels<T> kernels = Kernels<T>.For(set);
                using PackedMatrix<T> packed = new(kernels, firstK + k, columns, rows);
                packed.SetRows(w.Pointer, columns, 0, firstK + k);
                byte[] Step(bool isFinite)
                {
                    packed.IsFinite = isFinite;
                    using AlignedBuffer<T> c = new(rows * stride);
                    if (isBackward)
                    {
                        kernels.BackwardStep(
                            function, rows, a.Pointer, aStride, packed, k, from, stride,
                            h.Pointer, stride, c.Pointer, stride);
                    }
                    else
                    {
                        kernels.ForwardStep(
                            function, rows, a.Pointer, aStride, packed, firstK, k, from,
                            stride, c.Pointer, stride);
                    }
                    return
                    [
                        .. Enumerable.Range(0, rows).SelectMany(
                            r => Shapes.Bytes<T>(c.Span.Slice(r * stride, columns))),
                    ];
                }
                byte[] whole = Step(isFinite: false);
                Assert.That(
                    Step(isFinite: true), Is.EqualTo(whole),
                    $"[{rows}×{k}]·[{k}×{columns}] at {set}");
                return whole;
            });
        }
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void An_element_that_is_not_a_number_is_not_left_out(double element)
    {
        foreach (InstructionSet set in Widths.All)
        {
            Kernels<T> kernels = Kernels<T>.For(set);
            using PackedMatrix<T> packed = new(kernels, 40, 5, 1) { IsFinite = true };
            using AlignedBuffer<T> a = new(40);
            a.Pointer[37] = T.CreateChecked(element);
            using AlignedBuffer<T> c = new(Padding.Stride<T>(5));
            kernels.ForwardStep(
                UnitFunction.Relu, 1, a.Pointer, 40, packed, 0, 40, null, 0, c.Pointer, 5);
            Assert.That(T.IsNaN(c.Pointer[4]), $"{set}: {element} times a weight of 0");
        }
    }

    [Test]
    public void A_unit_at_rest_with_an_infinite_weight_still_makes_the_outputs_NaN()
    {
        // Unit 1 is zero in every step, and infinity times that is NaN.
        NetworkSpec spec = new(1, 3, 1, Activation.Relu);
        using RecurrentNetwork<T> network = new(spec);
        Batch<T> batch = new(spec, 4, 1);
        batch.Inputs.AsSpan().Fill(T.One);
        network.Layout.InputWeights.Of(network.Parameters)[0] = T.One;
        network.Layout.ReadoutWeights.Of(network.Parameters)[0] = T.One;
        Assert.That(network.Gradient(batch), Is.EqualTo(1), "while every weight is finite");

        network.Layout.RecurrentWeights.Of(network.Parameters)[3] = T.PositiveInfinity;

        Assert.That(network.Gradient(batch), Is.NaN);
    }

    // Columns of zeros of both signs, in that share of the places, and half as many alone.
    private static AlignedBuffer<T> Rows(Shapes shapes, int rows, int stride, double share)
    {
        AlignedBuffer<T> buffer = shapes.Normal<T>(rows * stride);
        for (int i = 0; i < stride; i++)
        {
            bool isAtRest = shapes.Between(0, 999) < 1000 * share;
            for (int r = 0; r < rows; r++)
            {
                if (isAtRest || shapes.Between(0, 1999) < 1000 * share)
                {
                    buffer.Pointer[(r * stride) + i] =
                        shapes.Between(0, 1) == 0 ? T.Zero : -T.Zero;
                }
            }
        }
        return buffer;
    }
}
