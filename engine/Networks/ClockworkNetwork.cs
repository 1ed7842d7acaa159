using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A clockwork network, its parameters, gradient and work space: a simple network whose units
/// work in the steps that <see cref="Clockwork"/> says, h_t = f(W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b)
/// there and h_t = h_{t−1} elsewhere, o_t = W_yhᵀ·h_t + b_y in every step, h_0 = 0 or carried by
/// the batch. W_hh is stored whole, [H, H]; the weights from a module to a slower one are never
/// read, and their gradient is 0. Every batch starts the clock anew. Not thread-safe: one network
/// a thread; the same parameters and batch give the same bits on every processor.
/// Source: Koutník, Greff, Gomez, Schmidhuber 2014, "A Clockwork RNN", eq. (1)–(2) and section 3.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ClockworkNetwork<T> : SweptNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes, activation, readout.</param>
    /// <param name="clockwork">Modules and their periods.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="ArgumentException">A module would have no unit.</exception>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public ClockworkNetwork(
        NetworkSpec spec, Clockwork clockwork, InstructionSet? instructionSet = null)
        : base(spec, new ParameterLayout(spec), instructionSet)
    {
        Clockwork = clockwork;
        Cell = new ClockworkCell<T>(spec, Kernels, clockwork);
    }

    /// <summary>Modules and their periods.</summary>
    public Clockwork Clockwork { get; }

    /// <inheritdoc/>
    public override SweepCost CostOf(int steps, bool isOneHot) =>
        SweepCost.Of(Spec, Clockwork, steps, isOneHot);

    private protected override Cell<T> Cell { get; }
}
