using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>What a curvature over the hidden states adds to a backward sweep, beside that of the
/// outputs: a weight times R(h_t) at every step. The default adds nothing.</summary>
/// <param name="Weight">What multiplies R(h_t); 0 adds nothing.</param>
/// <param name="IsMatched">Whether it joins the gradient of the pre-activations, past the
/// activation's derivative, as the curvature (f′) of a loss that matches the activation does;
/// otherwise it joins the gradient of the states, before the derivative, as that of ½‖h‖² does.
/// </param>
internal readonly record struct StateCurvature(double Weight, bool IsMatched)
{
    /// <summary>Whether there is anything to add.</summary>
    public bool IsAdded => Weight != 0;
}

// The product of the loss's curvature with what the tangent left, in place of the
// loss's errors.
public abstract unsafe partial class SweptNetwork<T>
{
    /// <summary>Whether the cell's states are its activations, so that a curvature that matches
    /// the activation is weight · R(h_t) past its derivative.</summary>
    internal bool HasMatchedStates => Cell.HasMatchedStates;

    /// <summary>A product of the Gauss–Newton matrix for a shard, up to the sums of
    /// <see cref="Backward"/>: H_L·R(o) takes the place of the outputs' errors, and goes
    /// back by the ordinary sweep, which has no tangent in it.
    /// Source: Schraudolph 2002; Martens and Sutskever 2011, supplement, Algorithm 1, for the
    /// states' share.</summary>
    /// <param name="tape">After <see cref="Tangent"/>.</param>
    /// <param name="scale">What multiplies H_L when the batch has no weights: 1/B.</param>
    /// <param name="states">What the hidden states add.</param>
    internal void BackwardCurvature(Tape<T> tape, double scale, StateCurvature states)
    {
        tape.Outputs.Curvature(tape.Batch, tape.Shard, tape.Tangents().Outputs, scale);
        SweepBack(tape, states);
    }

    /// <summary>The states' share where it joins dE/dh of a block of steps.</summary>
    private void InjectStates(
        Tape<T> tape, int begin, int count, bool isTop, double weight, BlockMemory block)
    {
        int stride = block.HiddenStride;
        int length = count * tape.Rows * stride;
        if (!Spec.HasLossAtEveryStep)
        {
            new Span<T>(block.Injected, length).Clear();
            if (isTop)
            {
                Head.Inject(
                    tape, 0, 1, block.Injected + ((nint)(count - 1) * tape.Rows * stride), stride);
            }
        }
        Kernels.Axpy(weight, tape.Tangents().Hidden(begin + 1), block.Injected, length);
    }
}
