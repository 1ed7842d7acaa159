using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>The parts of an LSTM's step: deep products, the order of gates, the cell.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public unsafe class LstmKernelTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void A_deep_product_has_the_bits_of_an_undivided_one([Values] bool withInitial)
    {
        Shapes shapes = new(111);
        for (int i = 0; i < 40; i++)
        {
            int rows = shapes.Between(1, 21);
            int columns = shapes.Between(1, 70);
            int firstK = shapes.Between(0, 3);
            int k = shapes.Between(0, 400);
            int stride = Padding.Stride<T>(columns);
            int length = shapes.Between(0, 5_000);
            using AlignedBuffer<T> a = shapes.Normal<T>((rows * k) + 1);
            using AlignedBuffer<T> w = shapes.Normal<T>(((firstK + k) * columns) + 1);
            using AlignedBuffer<T> start = shapes.Normal<T>(rows * stride);
            using AlignedBuffer<T> ahead = new(length);
            foreach (InstructionSet set in Widths.All)
            {
                Kernels<T> kernels = Kernels<T>.For(set);
                using PackedMatrix<T> packed = new(kernels, firstK + k, columns, rows);
                packed.SetRows(w.Pointer, columns, 0, firstK + k);
                using AlignedBuffer<T> expected = Shapes.Copy(start);
                using AlignedBuffer<T> c = Shapes.Copy(start);
                kernels.Multiply(
                    rows, a.Pointer, k, packed, firstK, k, withInitial ? expected.Pointer : null,
                    stride, expected.Pointer, stride);
                kernels.MultiplyDeep(
                    rows, a.Pointer, k, packed, firstK, k, withInitial ? c.Pointer : null,
                    stride, c.Pointer, stride, ahead.Pointer, length);
                Assert.That(
                    c.Span.SequenceEqual(expected.Span), Is.True,
                    $"[{rows}×{k}]·[{k}×{columns}] at {set}");
            }
        }
    }

    [Test]
    public void Interleaved_gates_keep_every_column_and_come_back_in_order()
    {
        for (int hidden = 1; hidden <= 70; hidden++)
        {
            GateColumns<T> columns = new(hidden);
            using AlignedBuffer<T> row = new(columns.Count);
            using AlignedBuffer<T> mixed = new(columns.Stride);
            using AlignedBuffer<T> back = new(columns.Count);
            for (int j = 0; j < columns.Count; j++)
            {
                row.Pointer[j] = T.CreateChecked(j + 1);
            }
            columns.Interleave(row.Pointer, mixed.Pointer);
            columns.Separate(mixed.Pointer, back.Pointer);
            Assert.That(back.Span.SequenceEqual(row.Span), Is.True, $"H = {hidden}");
            T[] used = mixed.Span[..columns.Count].ToArray();
            Assert.That(used.Order(), Is.EqualTo(row.Span.ToArray()), $"H = {hidden}");
            Assert.That(columns.Stride, Is.GreaterThanOrEqualTo(columns.Padded));
        }
    }

    [Test]
    public void A_step_of_the_cell_is_its_formula_unit_by_unit_at_every_width()
    {
        Shapes shapes = new(112);
        const int rows = 3;
        foreach (int hidden in new[] { 1, 2, 3, 4, 5, 8, 11, 15, 16, 17, 20, 31, 32, 47, 100 })
        {
            GateColumns<T> columns = new(hidden);
            int stride = columns.Stride;
            int cellStride = Padding.Stride<T>(hidden);
            using AlignedBuffer<T> sums = shapes.Normal<T>(rows * stride);
            using AlignedBuffer<T> before = shapes.Normal<T>(rows * cellStride);
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> gates = new(rows * stride);
                using AlignedBuffer<T> after = new(rows * cellStride);
                using AlignedBuffer<T> squashed = new(rows * cellStride);
                using AlignedBuffer<T> h = new(rows * cellStride);
                LstmForwardArguments<T> a = new()
                {
                    Sums = sums.Pointer,
                    Gates = gates.Pointer,
                    GateStride = stride,
                    Before = before.Pointer,
                    After = after.Pointer,
                    Squashed = squashed.Pointer,
                    CellStride = cellStride,
                    Hidden = h.Pointer,
                    HiddenStride = cellStride,
                };
                Kernels<T>.For(set).LstmForward(rows, hidden, in a);
                using AlignedBuffer<T> s = new(columns.Count);
                using AlignedBuffer<T> g = new(columns.Count);
                for (int r = 0; r < rows; r++)
                {
                    columns.Separate(sums.Pointer + (r * stride), s.Pointer);
                    columns.Separate(gates.Pointer + (r * stride), g.Pointer);
                    for (int j = 0; j < hidden; j++)
                    {
                        int at = (r * cellStride) + j;
                        T i = Sigmoid(s.Pointer[j]);
                        T f = Sigmoid(s.Pointer[hidden + j]);
                        T candidate = Tanh(s.Pointer[(2 * hidden) + j]);
                        T o = Sigmoid(s.Pointer[(3 * hidden) + j]);
                        T c = T.FusedMultiplyAdd(f, before.Pointer[at], i * candidate);
                        T[] expected = [i, f, candidate, o, c, o * Tanh(c)];
                        T[] got =
                        [
                            g.Pointer[j], g.Pointer[hidden + j], g.Pointer[(2 * hidden) + j],
                            g.Pointer[(3 * hidden) + j], after.Pointer[at], h.Pointer[at],
                        ];
                        Assert.That(got, Is.EqualTo(expected), $"H = {hidden}, {j} at {set}");
                    }
                }
            }
        }
    }

    [Test]
    public void Cells_and_states_below_the_floor_become_zero_and_NaN_passes()
    {
        double floor = SubnormalFloor.Of<T>();
        foreach (InstructionSet set in Widths.All)
        {
            // Candidates of zero and forget gates of one half: c_t is half of c_{t−1}.
            Assert.That(Step(set, 4 * floor, 0), Is.EqualTo((2 * floor, floor)).Within(1).Percent);
            Assert.That(Step(set, 2.1 * floor, 0).C, Is.Not.Zero);
            Assert.That(Step(set, 2.1 * floor, 0).H, Is.Zero, "half of c_t");
            Assert.That(Step(set, 1.9 * floor, 0), Is.EqualTo((0.0, 0.0)));
            Assert.That(Step(set, 1, double.NaN), Is.EqualTo((double.NaN, double.NaN)));
            Assert.That(Step(set, double.NaN, 0), Is.EqualTo((double.NaN, double.NaN)));
        }
    }

    [Test]
    public void Errors_and_deltas_below_the_floor_become_zero_and_NaN_passes()
    {
        double floor = SubnormalFloor.Of<T>();
        foreach (InstructionSet set in Widths.All)
        {
            // Gates of one half and c_{t−1} = 1: half of dE/dc goes down, and the forget
            // gate's delta is a quarter of it.
            Assert.That(
                StepBack(set, 8 * floor), Is.EqualTo((4 * floor, 2 * floor)).Within(1).Percent);
            Assert.That(StepBack(set, 3 * floor).CellError, Is.Not.Zero);
            Assert.That(StepBack(set, 3 * floor).Forget, Is.Zero);
            Assert.That(StepBack(set, 1.9 * floor), Is.EqualTo((0.0, 0.0)));
            Assert.That(StepBack(set, double.NaN), Is.EqualTo((double.NaN, double.NaN)));
        }
    }

    /// <summary>What goes down to dE/dc, and the forget gate's delta.</summary>
    private static (double CellError, double Forget) StepBack(InstructionSet set, double error)
    {
        GateColumns<T> columns = new(1);
        using AlignedBuffer<T> gates = new(columns.Stride);
        gates.Span.Fill(T.CreateChecked(0.5));
        using AlignedBuffer<T> deltas = new(columns.Stride);
        using AlignedBuffer<T> cells = new(5 * GateColumns<T>.Line);
        T* at = cells.Pointer;
        int line = GateColumns<T>.Line;
        at[0] = T.One;
        at[4 * line] = T.CreateChecked(error);
        LstmBackwardArguments<T> a = new()
        {
            Gates = gates.Pointer,
            Deltas = deltas.Pointer,
            GateStride = columns.Stride,
            Before = at,
            After = at + line,
            Squashed = at + (2 * line),
            CellStride = line,
            HiddenError = at + (3 * line),
            CellError = at + (4 * line),
            ErrorStride = line,
        };
        Kernels<T>.For(set).LstmBackward(1, 1, in a);
        return (double.CreateChecked(at[4 * line]), double.CreateChecked(deltas.Pointer[1]));
    }

    private static (double C, double H) Step(InstructionSet set, double before, double candidate)
    {
        GateColumns<T> columns = new(1);
        using AlignedBuffer<T> sums = new(columns.Stride);
        sums.Pointer[2] = T.CreateChecked(candidate);
        using AlignedBuffer<T> cells = new(4 * GateColumns<T>.Line);
        T* at = cells.Pointer;
        at[0] = T.CreateChecked(before);
        int line = GateColumns<T>.Line;
        LstmForwardArguments<T> a = new()
        {
            Sums = sums.Pointer,
            Gates = sums.Pointer,
            GateStride = columns.Stride,
            Before = at,
            After = at + line,
            Squashed = at + (2 * line),
            CellStride = line,
            Hidden = at + (3 * line),
            HiddenStride = line,
        };
        Kernels<T>.For(set).LstmForward(1, 1, in a);
        return (double.CreateChecked(at[line]), double.CreateChecked(at[3 * line]));
    }

    private static T Sigmoid(T x) => ElementaryKernels<T, T, SimdScalar<T>>.Sigmoid(x);

    private static T Tanh(T x) => ElementaryKernels<T, T, SimdScalar<T>>.Tanh(x);
}
