using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>
/// The tiled products against triple loops. The kernels promise one order of fused
/// multiply-adds, so the comparison is exact.
/// </summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public unsafe class ProductTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void A_product_is_the_triple_loop_with_fused_multiply_adds_at_every_width(
        [Values] bool withInitial)
    {
        Shapes shapes = new(101);
        for (int i = 0; i < 60; i++)
        {
            int rows = shapes.Between(1, 13);
            int columns = shapes.Between(1, 70);
            int firstK = shapes.Between(0, 3);
            int k = shapes.Between(0, 20);
            int plannedRows = shapes.Between(0, 1) == 0 ? rows : int.MaxValue;
            int aStride = k + shapes.Between(0, 5);
            int cStride = Padding.Stride<T>(columns);
            using AlignedBuffer<T> a = shapes.Normal<T>(rows * aStride);
            using AlignedBuffer<T> w = shapes.Normal<T>((firstK + k) * columns);
            using AlignedBuffer<T> initial = shapes.Normal<T>(rows * cStride);
            T[] expected = Product(
                rows, columns, k, a, aStride, w, firstK, withInitial ? initial : null, cStride);
            foreach (InstructionSet set in Widths.All)
            {
                Kernels<T> kernels = Kernels<T>.For(set);
                using PackedMatrix<T> packed = new(kernels, firstK + k, columns, plannedRows);
                packed.SetRows(w.Pointer, columns, 0, firstK + k);
                using AlignedBuffer<T> c = shapes.Normal<T>(rows * cStride);
                kernels.Multiply(
                    rows, a.Pointer, aStride, packed, firstK, k,
                    withInitial ? initial.Pointer : null, cStride, c.Pointer, cStride);
                Assert.That(
                    Used(c, rows, columns, cStride), Is.EqualTo(expected),
                    $"[{rows}×{k}]·[{k}×{columns}] at {set}");
            }
        }
    }

    [Test]
    public void Columns_behind_the_last_are_what_a_product_with_zeros_would_make_them(
        [Values] bool withInitial, [Values] bool isDeep)
    {
        Shapes shapes = new(106);
        foreach (int columns in new[] { 1, 4, 9, 17, 24, 50, 60, 64, 100 })
        {
            const int rows = 20;
            const int k = 5;
            int padded = Padding.Columns<T>(columns);
            using AlignedBuffer<T> a = shapes.Normal<T>(rows * k);
            using AlignedBuffer<T> w = shapes.Normal<T>(k * columns);
            using AlignedBuffer<T> initial = shapes.Normal<T>(rows * padded);
            foreach (InstructionSet set in Widths.All)
            {
                Kernels<T> kernels = Kernels<T>.For(set);
                using PackedMatrix<T> packed = new(kernels, k, columns, rows);
                packed.SetRows(w.Pointer, columns, 0, k);
                using AlignedBuffer<T> c = shapes.Normal<T>(rows * padded);
                T* from = withInitial ? initial.Pointer : null;
                if (isDeep)
                {
                    kernels.MultiplyDeep(
                        rows, a.Pointer, k, packed, 0, k, from, padded, c.Pointer, padded, null, 0);
                }
                else
                {
                    kernels.Multiply(
                        rows, a.Pointer, k, packed, 0, k, from, padded, c.Pointer, padded);
                }
                for (int i = 0; i < rows * padded; i++)
                {
                    if (i % padded >= columns)
                    {
                        T expected = withInitial ? initial.Pointer[i] : T.Zero;
                        Assert.That(
                            c.Pointer[i], Is.EqualTo(expected),
                            $"column {i % padded} behind {columns} at {set}");
                    }
                }
            }
        }
    }

    [Test]
    public void A_transposed_matrix_packs_to_the_transpose()
    {
        Shapes shapes = new(102);
        foreach ((int n, int k) in new[] { (1, 1), (5, 33), (33, 5), (50, 17), (70, 40) })
        {
            using AlignedBuffer<T> source = shapes.Normal<T>(n * k);
            using AlignedBuffer<T> a = shapes.Normal<T>(3 * k);
            using AlignedBuffer<T> w = new(k * n);
            for (int i = 0; i < k * n; i++)
            {
                w.Pointer[i] = source.Pointer[(i % n * k) + (i / n)];
            }
            int cStride = Padding.Columns<T>(n);
            T[] expected = Product(3, n, k, a, k, w, 0, null, cStride);
            foreach (InstructionSet set in Widths.All)
            {
                Kernels<T> kernels = Kernels<T>.For(set);
                using PackedMatrix<T> packed = new(kernels, k, n, 3);
                packed.SetTransposed(source.Pointer, k);
                using AlignedBuffer<T> c = new(3 * cStride);
                kernels.Multiply(
                    3, a.Pointer, k, packed, 0, k, null, 0, c.Pointer, cStride);
                Assert.That(Used(c, 3, n, cStride), Is.EqualTo(expected), $"{n}×{k} at {set}");
            }
        }
    }

    [Test]
    public void Outer_products_are_summed_from_zero_and_then_added_at_every_width()
    {
        Shapes shapes = new(103);
        for (int i = 0; i < 50; i++)
        {
            int rows = shapes.Between(0, 20);
            int m = shapes.Between(1, 26);
            int columns = shapes.Between(1, 70);
            int aStride = m + shapes.Between(0, 5);
            int stride = Padding.Stride<T>(columns);
            using AlignedBuffer<T> a = shapes.Normal<T>(rows * aStride);
            using AlignedBuffer<T> b = shapes.Normal<T>(rows * stride);
            using AlignedBuffer<T> before = shapes.Normal<T>(m * stride);
            T[] expected = OuterProducts(rows, m, columns, a, aStride, b, before, stride);
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> c = Shapes.Copy(before);
                Kernels<T>.For(set).AddOuterProducts(
                    rows, m, columns, a.Pointer, aStride, b.Pointer, stride, c.Pointer, stride);
                Assert.That(
                    Used(c, m, columns, stride), Is.EqualTo(expected),
                    $"{rows} rows of {m}×{columns} at {set}");
            }
        }
    }

    [Test]
    public void Last_columns_too_few_for_a_vector_are_summed_in_the_same_order()
    {
        // Rows enough for them to be made with lanes along the rows of C, from one column to
        // fifteen, and m from less than a vector to several tiles.
        Shapes shapes = new(104);
        for (int last = 1; last < 16; last++)
        {
            foreach (int m in new[] { 1, 8, 17, 51, 130 })
            {
                int rows = 40;
                int columns = last + (16 * shapes.Between(0, 2));
                int aStride = m + shapes.Between(0, 3);
                int stride = Padding.Stride<T>(columns);
                using AlignedBuffer<T> a = shapes.Normal<T>(rows * aStride);
                using AlignedBuffer<T> b = shapes.Normal<T>(rows * stride);
                using AlignedBuffer<T> before = shapes.Normal<T>(m * stride);
                T[] expected = OuterProducts(rows, m, columns, a, aStride, b, before, stride);
                foreach (InstructionSet set in Widths.All)
                {
                    using AlignedBuffer<T> c = Shapes.Copy(before);
                    Kernels<T>.For(set).AddOuterProducts(
                        rows, m, columns, a.Pointer, aStride, b.Pointer, stride, c.Pointer,
                        stride);
                    Assert.That(
                        Used(c, m, columns, stride), Is.EqualTo(expected),
                        $"{rows} rows of {m}×{columns} at {set}");
                }
            }
        }
    }

    [Test]
    public void Sums_that_are_stored_are_those_that_would_be_added()
    {
        Shapes shapes = new(105);
        for (int i = 0; i < 60; i++)
        {
            int rows = shapes.Between(0, 40);
            int m = shapes.Between(1, 60);
            int columns = shapes.Between(1, 70);
            int aStride = m + shapes.Between(0, 5);
            int stride = Padding.Stride<T>(columns);
            using AlignedBuffer<T> a = shapes.Normal<T>(rows * aStride);
            using AlignedBuffer<T> b = shapes.Normal<T>(rows * stride);
            using AlignedBuffer<T> zeros = new(m * stride);
            T[] expected = OuterProducts(rows, m, columns, a, aStride, b, zeros, stride);
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> c = shapes.Normal<T>(m * stride);
                Kernels<T>.For(set).SetOuterProducts(
                    rows, m, columns, a.Pointer, aStride, b.Pointer, stride, c.Pointer, stride);
                Assert.That(
                    Used(c, m, columns, stride), Is.EqualTo(expected),
                    $"{rows} rows of {m}×{columns} at {set}");
            }
        }
    }

    [Test]
    public void A_width_this_process_cannot_run_is_an_error_that_names_the_best()
    {
        InstructionSet[] missing =
            [.. Enum.GetValues<InstructionSet>().Where(s => !InstructionSets.IsSupported(s))];
        foreach (InstructionSet set in missing)
        {
            Assert.That(
                () => Kernels<T>.For(set),
                Throws.TypeOf<NotSupportedException>()
                    .With.Message.Contains($"{InstructionSets.Best}"));
        }
        Assert.That(Kernels<T>.For(InstructionSets.Best).InstructionSet,
            Is.EqualTo(InstructionSets.Best));
        Assert.That(
            () => Kernels<Half>.For(InstructionSet.Scalar),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("float and double"));
    }

    private static T[] Product(
        int rows, int columns, int k, AlignedBuffer<T> a, int aStride, AlignedBuffer<T> w,
        int firstK, AlignedBuffer<T>? initial, int initialStride)
    {
        T[] c = new T[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            for (int j = 0; j < columns; j++)
            {
                T sum = initial is null ? T.Zero : initial.Pointer[(r * initialStride) + j];
                for (int i = 0; i < k; i++)
                {
                    sum = T.FusedMultiplyAdd(
                        a.Pointer[(r * aStride) + i], w.Pointer[((firstK + i) * columns) + j],
                        sum);
                }
                c[(r * columns) + j] = sum;
            }
        }
        return c;
    }

    private static T[] OuterProducts(
        int rows, int m, int columns, AlignedBuffer<T> a, int aStride, AlignedBuffer<T> b,
        AlignedBuffer<T> before, int stride)
    {
        T[] c = new T[m * columns];
        for (int x = 0; x < m; x++)
        {
            for (int y = 0; y < columns; y++)
            {
                T sum = T.Zero;
                for (int r = 0; r < rows; r++)
                {
                    sum = T.FusedMultiplyAdd(
                        a.Pointer[(r * aStride) + x], b.Pointer[(r * stride) + y], sum);
                }
                c[(x * columns) + y] = before.Pointer[(x * stride) + y] + sum;
            }
        }
        return c;
    }

    private static T[] Used(AlignedBuffer<T> c, int rows, int columns, int stride)
    {
        T[] used = new T[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            c.Span.Slice(r * stride, columns).CopyTo(used.AsSpan(r * columns));
        }
        return used;
    }
}
