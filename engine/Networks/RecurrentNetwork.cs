using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A simple recurrent network with its parameters, gradient and work space. Not thread-safe: one
/// network a thread; the same parameters and batch give the same bits on every processor.
/// </summary>
/// <example>
/// np-RNN with 100 hidden units:
/// <code>
/// Variant variant = Variant.Named("np-RNN");
/// NetworkSpec spec = new(2, 100, 1, variant.Activation);
/// using RecurrentNetwork&lt;float&gt; network = new(spec);
/// network.Initialize(variant.Recurrent, new WeightScales(), seed: 1);
/// </code>
/// </example>
/// <typeparam name="T">float or double.</typeparam>
public sealed class RecurrentNetwork<T> : SweptNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SimpleCell<T> cell;

    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes, activation, readout.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public RecurrentNetwork(NetworkSpec spec, InstructionSet? instructionSet = null)
        : base(spec, new ParameterLayout(spec), instructionSet)
    {
        cell = new SimpleCell<T>(spec, Kernels);
    }

    /// <summary>λ of each unit, [H]; empty when no unit is leaky.</summary>
    public ReadOnlySpan<double> LeakRates => cell.Leaks is { } leaks ? leaks.All : default;

    private protected override Cell<T> Cell => cell;

    /// <summary>Makes units leaky.</summary>
    /// <param name="rates">λ of each unit, [H], in (0, 1].</param>
    /// <exception cref="ArgumentException">Their number is not H, or one is out of range.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void SetLeakRates(ReadOnlySpan<double> rates)
    {
        ThrowIfDisposed();
        LeakyUnits<T> leaks = new(Kernels, Spec.HiddenSize, rates);
        cell.Leaks?.Dispose();
        cell.Leaks = leaks;
        ForgetTape();
    }
}
