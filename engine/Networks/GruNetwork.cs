using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>Where a GRU's reset gate r acts on the state that its candidate reads.</summary>
public enum GruReset
{
    /// <summary>n = tanh(W_xnᵀ·x_t + U_nᵀ·(r⊙h_{t−1}) + b_n): on h, before the product.
    /// Source: Cho et al. 2014 (arXiv:1406.1078v3); Keras' <c>reset_after=False</c>.</summary>
    Before,

    /// <summary>n = tanh(W_xnᵀ·x_t + b_n + r⊙(U_nᵀ·h_{t−1} + b_hn)): on the product and its own
    /// bias. Source: cuDNN; torch.nn.GRU; Keras' <c>reset_after=True</c>.</summary>
    After,
}

/// <summary>
/// A network of gated recurrent units, its parameters, gradient and work space:
/// r = σ(W_xrᵀ·x_t + U_rᵀ·h_{t−1} + b_r), z = σ(W_xzᵀ·x_t + U_zᵀ·h_{t−1} + b_z), the candidate n
/// as <see cref="GruReset"/> says, h_t = z⊙h_{t−1} + (1 − z)⊙n, o_t = W_yhᵀ·h_t + b_y, h_0 = 0 or
/// carried by the batch. An open update gate, z = 1, keeps the state; Chung et al. 2014 mean 1 − z
/// by z. Not thread-safe: one network a thread; the same parameters and batch give the same bits
/// on every processor.
/// Source: Cho et al. 2014 (arXiv:1406.1078).
/// </summary>
/// <example>
/// Ten classes after a sequence of three steps:
/// <code>
/// NetworkSpec spec = new(1, 32, 10, Activation.Tanh, Readout.Softmax);
/// using GruNetwork&lt;float&gt; network = new(spec, GruReset.After);
/// network.Initialize(new GruInitializer { UpdateBias = 1 }, seed: 1);
/// float[] probabilities = network.Predict([0.2f, 0.4f, 0.6f], steps: 3);
/// </code>
/// </example>
/// <typeparam name="T">float or double.</typeparam>
public sealed class GruNetwork<T> : SweptNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes and readout; the activation, that of n, is tanh.</param>
    /// <param name="reset">Where r acts.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="ArgumentException">The activation is not tanh.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The reset is none.</exception>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public GruNetwork(NetworkSpec spec, GruReset reset, InstructionSet? instructionSet = null)
        : base(spec, GruLayout.Of(spec, reset), instructionSet)
    {
        Reset = reset;
        Cell = new GruCell<T>(spec, Kernels, reset);
    }

    /// <summary>Where r acts.</summary>
    public GruReset Reset { get; }

    private protected override Cell<T> Cell { get; }
}

/// <summary>
/// How a GRU's parameters lie: the 3H columns of a layout of three gates are r, z, n (reset,
/// update, candidate), H each: PyTorch's order. With the reset after the product the bias has
/// 4H elements, b_r, b_z, b_n and b_hn. PyTorch has a second bias of r and of z too, which only
/// adds to the first; here it is left out.
/// </summary>
public static class GruLayout
{
    internal const int Gates = 3;

    /// <summary>The layout of a GRU.</summary>
    /// <param name="spec">Its sizes.</param>
    /// <param name="reset">Where r acts.</param>
    /// <exception cref="ArgumentException">The activation is not tanh, or the parameters would
    /// not fit one array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The reset is none.</exception>
    public static ParameterLayout Of(NetworkSpec spec, GruReset reset) =>
        spec.Activation == Activation.Tanh
            ? new ParameterLayout(spec, Gates, reset switch
            {
                GruReset.Before => 0,
                GruReset.After => 1,
                _ => throw Unknown.Member(reset),
            })
            : throw new ArgumentException(
                $"a GRU squashes its candidates by tanh, not {spec.Activation}; make its spec "
                + "with Activation.Tanh", nameof(spec));

    extension(ParameterLayout layout)
    {
        /// <summary>The update gates' biases b_z, [1, H]: a part of the bias.</summary>
        public ParameterView UpdateBias => layout.BiasOf("update bias", 1);

        /// <summary>b_hn, [1, H]: the last part of the bias, where the reset comes after the
        /// product.</summary>
        internal ParameterView CandidateRecurrentBias =>
            layout.BiasOf("candidate's recurrent bias", Gates);

        private ParameterView BiasOf(string name, int index) => layout.Bias with
        {
            Name = name,
            Offset = layout.Bias.Offset + (index * (layout.RecurrentWeights.Columns / Gates)),
            Columns = layout.RecurrentWeights.Columns / Gates,
        };
    }
}
