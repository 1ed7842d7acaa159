using System.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// B sequences of T steps with their targets. The arrays may be longer than needed, so that one
/// batch object serves every update without allocation.
/// </summary>
/// <example>
/// The gradient of one batch:
/// <code>
/// NetworkSpec spec = new(inputSize: 2, hiddenSize: 8, outputSize: 1);
/// using RecurrentNetwork&lt;double&gt; network = new(spec);
/// network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
/// Batch&lt;double&gt; batch = new(spec, steps: 3, size: 2);
/// batch.Inputs[(((1 * 2) + 0) * 2) + 1] = 0.5; // step 1, sequence 0, input 1
/// batch.Targets[1] = 1; // sequence 1
/// double loss = network.Gradient(batch);
/// Span&lt;double&gt; ofRecurrentWeights = network.RecurrentWeights.Of(network.Gradients);
/// </code>
/// </example>
/// <typeparam name="T">float or double.</typeparam>
public sealed partial class Batch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Room for batches of at most the given sizes.</summary>
    /// <param name="spec">The network the batch is for.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="size">B, 1 or more.</param>
    /// <param name="oneHot">Whether each input is one of I symbols, given by its index in
    /// <see cref="InputIndices"/> instead of a vector: the same bits, and no product with a
    /// matrix of zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the batch would have
    /// more numbers than an array can hold.</exception>
    public Batch(NetworkSpec spec, int steps, int size, bool oneHot = false)
    {
        if (steps < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"a sequence of {steps} steps; 1 or more are needed");
        }
        if (size < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"a batch of {size} sequences; 1 or more are needed");
        }
        Steps = steps;
        Size = size;
        InputSize = spec.InputSize;
        OutputSize = spec.OutputSize;
        int rows = spec.HasLossAtEveryStep ? steps : 1;
        IsOneHot = oneHot;
        Inputs = new T[oneHot ? 0 : Numbers(steps, size, spec.InputSize, "inputs")];
        InputIndices = new int[oneHot ? Numbers(steps, size, 1, "inputs") : 0];
        Classes = new int[spec.HasClasses ? Numbers(rows, size, 1, "classes") : 0];
        Targets = new T[
            spec.HasClasses ? 0 : Numbers(rows, size, spec.OutputSize, "targets")];
    }

    private static int Numbers(int steps, int size, int each, string what)
    {
        UInt128 all = (UInt128)steps * (uint)size * (uint)each;
        return all <= (uint)Array.MaxLength
            ? (int)all
            : throw new ArgumentOutOfRangeException(
                nameof(size), size,
                $"a batch of {size} sequences of {steps} steps with {each} {what} each has {all} "
                + $"of them, more than the {Array.MaxLength} that an array can hold; make it "
                + "shorter or smaller");
    }

    /// <summary>T, time steps.</summary>
    public int Steps { get; set; }

    /// <summary>B, sequences.</summary>
    public int Size { get; set; }

    /// <summary>I of the network that the batch is for.</summary>
    public int InputSize { get; }

    /// <summary>O of the network that the batch is for.</summary>
    public int OutputSize { get; }

    /// <summary>Whether the inputs are symbols in <see cref="InputIndices"/>.</summary>
    public bool IsOneHot { get; }

    /// <summary>Inputs, [T, B, I]; empty when they are symbols.</summary>
    public T[] Inputs { get; }

    /// <summary>Which input is 1, 0 … I−1, [T, B]; empty when inputs are vectors.</summary>
    public int[] InputIndices { get; }

    /// <summary>Targets of a linear or Bernoulli readout, [B, O] or [T, B, O].</summary>
    public T[] Targets { get; }

    /// <summary>
    /// What each loss counts, [T, B] or [B]; null when each counts 1/B. Weight 0 masks a step
    /// that is not there. With weights the loss is Σ weight · loss, not divided by B.
    /// </summary>
    public T[]? Weights { get; set; }

    /// <summary>h_0 of each sequence, [B, H]; null for zeros. A constant to the gradient.
    /// </summary>
    public T[]? InitialStates { get; set; }

    /// <summary>Receives h_T of each sequence, [B, H], when not null.</summary>
    public T[]? FinalStates { get; set; }

    /// <summary>Dropout before the readout, for a gradient; evaluation has none.</summary>
    public Dropout? Dropout { get; set; }

    /// <summary>
    /// What each element of dE/ds_t is cut to, above and below zero, at every step of a backward
    /// sweep: the gradient of the pre-activations of a step, of all gates of an LSTM, before the
    /// weights and the step before receive it. Finite and above 0, in units of the loss; null
    /// cuts nothing. Evaluation and tangents know nothing of it.
    /// Source: Lasagne 2016, <c>grad_clipping</c>.
    /// </summary>
    public double? MessageLimit { get; set; }

    /// <summary>Classes of a softmax readout, 0 … O−1, [B] or [T, B].</summary>
    public int[] Classes { get; }
}
