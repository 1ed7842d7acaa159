using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>What the outputs mean and which loss they carry.</summary>
public enum Readout
{
    /// <summary>y = o, loss Σ (o − z)² over outputs (no factor ½).</summary>
    Linear,

    /// <summary>y = softmax(o), loss −log y of the class, in nats.</summary>
    Softmax,

    /// <summary>y = σ(o) for each output, loss the sum of binary cross-entropies, in nats.
    /// </summary>
    Bernoulli,
}

/// <summary>At which time steps the loss sits.</summary>
public enum LossPlacement
{
    /// <summary>At step T only.</summary>
    LastStep,

    /// <summary>At every step; the steps' losses are added.</summary>
    EveryStep,
}

/// <summary>
/// A simple recurrent network: s_t = W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b, h_t = f(s_t),
/// o_t = W_yhᵀ·h_t + b_y, h_0 = 0.
/// Source: Talathi and Vartak 2016, eq. (1)–(4); Pascanu, Mikolov, Bengio 2013, eq. (2).
/// </summary>
public sealed record NetworkSpec
{
    /// <summary>A network of the given sizes, each 1 or more.</summary>
    /// <param name="inputSize">I, inputs a time step.</param>
    /// <param name="hiddenSize">H, hidden units.</param>
    /// <param name="outputSize">O, outputs.</param>
    /// <param name="activation">f.</param>
    /// <param name="readout">What the outputs mean.</param>
    /// <param name="lossAt">Where the loss sits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or an activation,
    /// readout or place of the loss is not one of those there are.</exception>
    public NetworkSpec(
        int inputSize, int hiddenSize, int outputSize,
        Activation activation = Activation.Tanh,
        Readout readout = Readout.Linear,
        LossPlacement lossAt = LossPlacement.LastStep)
    {
        InputSize = Require(inputSize, nameof(inputSize), "input size");
        HiddenSize = Require(hiddenSize, nameof(hiddenSize), "hidden size");
        OutputSize = Require(outputSize, nameof(outputSize), "output size");
        Activation = Known(activation, nameof(activation));
        Readout = Known(readout, nameof(readout));
        LossAt = Known(lossAt, nameof(lossAt));
    }

    /// <summary>I, inputs a time step.</summary>
    public int InputSize { get; }

    /// <summary>H, hidden units.</summary>
    public int HiddenSize { get; }

    /// <summary>O, outputs.</summary>
    public int OutputSize { get; }

    /// <summary>The hidden units' nonlinearity.</summary>
    public Activation Activation { get; }

    /// <summary>What the outputs mean.</summary>
    public Readout Readout { get; }

    /// <summary>Where the loss sits.</summary>
    public LossPlacement LossAt { get; }

    /// <summary>Whether the loss sits at every step, not only at the last.</summary>
    internal bool HasLossAtEveryStep => LossAt switch
    {
        LossPlacement.LastStep => false,
        LossPlacement.EveryStep => true,
        _ => throw new InvalidOperationException($"no loss is known at {LossAt}"),
    };

    /// <summary>Whether a target is one of O classes, not O numbers.</summary>
    internal bool HasClasses => Readout switch
    {
        Readout.Softmax => true,
        Readout.Linear or Readout.Bernoulli => false,
        _ => throw new InvalidOperationException($"no targets are known for {Readout}"),
    };

    private static E Known<E>(E value, string parameter)
        where E : struct, Enum => Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            parameter, value,
            $"{value} is no {typeof(E).Name}; use one of "
            + string.Join(", ", Enum.GetNames<E>()));

    private static int Require(int value, string parameter, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(
            parameter, value, $"{name} is {value}; a network needs 1 or more");
}
