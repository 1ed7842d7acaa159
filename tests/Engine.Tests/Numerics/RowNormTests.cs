using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>The squared norms of the regulariser, near the numbers it leaves out.</summary>
public sealed unsafe class RowNormTests
{
    private const int Columns = 16;

    private static IEnumerable<InstructionSet> Sets() =>
        Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported);

    // A pair counts from ‖d‖² = 1e-20 on, which 16 elements of 2.5e-11 reach.
    [TestCaseSource(nameof(Sets))]
    public void Elements_that_make_up_a_norm_that_counts_are_not_left_out(InstructionSet set)
    {
        (float v, float g) = Squares(set, 2.5e-11f);
        Assert.That(v, Is.EqualTo(16 * 2.5e-11 * 2.5e-11).Within(1e-4).Percent);
        Assert.That(g, Is.EqualTo(v));
    }

    [TestCaseSource(nameof(Sets))]
    public void Elements_whose_squares_would_be_subnormal_are_left_out(InstructionSet set) =>
        Assert.That(Squares(set, 0.9e-18f), Is.EqualTo((0f, 0f)));

    private static (float V, float G) Squares(InstructionSet set, float element)
    {
        Kernels<float> kernels = Kernels<float>.For(set);
        using AlignedBuffer<float> v = new(Columns);
        using AlignedBuffer<float> h = new(Columns);
        using AlignedBuffer<float> delta = new(Columns);
        using AlignedBuffer<float> squares = new(2);
        v.Span.Fill(element);
        h.Span.Fill(0.5f);
        kernels.BackwardNorms(
            UnitFunction.Tanh, 1, Columns, v.Pointer, Columns, null, 0, h.Pointer, Columns,
            delta.Pointer, Columns, squares.Pointer, squares.Pointer + 1);
        return (squares.Pointer[0], squares.Pointer[1]);
    }
}
