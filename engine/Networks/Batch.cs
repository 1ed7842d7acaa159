using System.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// B sequences of T steps with their targets. The arrays may be longer than needed, so that one
/// batch object serves every update without allocation.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Batch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Room for batches of at most the given sizes.</summary>
    /// <param name="spec">The network the batch is for.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="size">B, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Batch(NetworkSpec spec, int steps, int size)
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
        int targets = spec.LossAt == LossPlacement.LastStep ? size : checked(steps * size);
        Inputs = new T[checked(steps * size * spec.InputSize)];
        Classes = new int[spec.Readout == Readout.Softmax ? targets : 0];
        Targets = new T[spec.Readout == Readout.Softmax ? 0 : checked(targets * spec.OutputSize)];
    }

    /// <summary>T, time steps.</summary>
    public int Steps { get; set; }

    /// <summary>B, sequences.</summary>
    public int Size { get; set; }

    /// <summary>Inputs, [T, B, I].</summary>
    public T[] Inputs { get; }

    /// <summary>Targets of a linear or Bernoulli readout, [B, O] or [T, B, O].</summary>
    public T[] Targets { get; }

    /// <summary>Classes of a softmax readout, 0 … O−1, [B] or [T, B].</summary>
    public int[] Classes { get; }
}
