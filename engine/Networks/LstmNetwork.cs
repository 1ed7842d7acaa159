using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A network of long short-term memory units with forget gates and no peepholes, its parameters,
/// gradient and work space: [i f g o] = W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b, with σ over i, f, o and
/// tanh over g; c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh(c_t), o_t = W_yhᵀ·h_t + b_y,
/// h_0 = c_0 = 0. Not thread-safe: one network a thread; the same parameters and batch give the
/// same bits on every processor.
/// Source: Hochreiter and Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000 for the forget gate.
/// </summary>
/// <example>
/// Ten classes after a sequence of three steps:
/// <code>
/// NetworkSpec spec = new(1, 32, 10, Activation.Tanh, Readout.Softmax);
/// using LstmNetwork&lt;float&gt; network = new(spec);
/// network.Initialize(new LstmInitializer { ForgetBias = 2 }, seed: 1);
/// float[] probabilities = network.Predict([0.2f, 0.4f, 0.6f], steps: 3);
/// </code>
/// </example>
/// <typeparam name="T">float or double.</typeparam>
public sealed class LstmNetwork<T> : SweptNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes and readout; the activation, that of g and c_t, is tanh.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="ArgumentException">The activation is not tanh.</exception>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public LstmNetwork(NetworkSpec spec, InstructionSet? instructionSet = null)
        : base(spec, LstmLayout.Of(spec), instructionSet)
    {
        Cell = new LstmCell<T>(spec, Kernels);
    }

    private protected override Cell<T> Cell { get; }
}

/// <summary>
/// How an LSTM's parameters lie: the 4H columns of a layout of four gates are i, f, g, o (input,
/// forget, candidate, output), H each: PyTorch's order.
/// </summary>
public static class LstmLayout
{
    /// <summary>The layout of an LSTM.</summary>
    /// <param name="spec">Its sizes.</param>
    /// <exception cref="ArgumentException">The activation is not tanh, or the parameters would
    /// not fit one array.</exception>
    public static ParameterLayout Of(NetworkSpec spec) => spec.Activation == Activation.Tanh
        ? new ParameterLayout(spec, GateColumns<float>.Gates)
        : throw new ArgumentException(
            $"an LSTM squashes its cells by tanh, not {spec.Activation}; make its spec with "
            + "Activation.Tanh", nameof(spec));

    extension(ParameterLayout layout)
    {
        /// <summary>The forget gates' biases, [1, H]: a part of the bias.</summary>
        public ParameterView ForgetBias => layout.Bias with
        {
            Name = "forget bias",
            Offset = layout.Bias.Offset + (layout.Bias.Columns / GateColumns<float>.Gates),
            Columns = layout.Bias.Columns / GateColumns<float>.Gates,
        };
    }
}
