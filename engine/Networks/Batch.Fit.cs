namespace Repro.Engine.Networks;

/// <summary>Whether a batch fits a network.</summary>
public sealed partial class Batch<T>
{
    /// <summary>Refuses what a network cannot read, before a sweep reads it.</summary>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    internal void CheckFits(NetworkSpec spec)
    {
        if (Steps < 1 || Size < 1)
        {
            throw new ArgumentException($"a batch of {Size} sequences of {Steps} steps is empty");
        }
        CheckSize(InputSize, spec.InputSize, "inputs");
        CheckSize(OutputSize, spec.OutputSize, "outputs");
        CheckInputs();
        long rows = spec.HasLossAtEveryStep ? (long)Steps * Size : Size;
        CheckOptions(spec, rows);
        CheckTargets(spec, rows);
    }

    /// <summary>Refuses outputs that have no room for the network's.</summary>
    /// <exception cref="ArgumentException">Their number is not that of the batch.</exception>
    internal void CheckOutputs(NetworkSpec spec, ReadOnlySpan<T> outputs)
    {
        int rows = spec.HasLossAtEveryStep ? Steps * Size : Size;
        if (!outputs.IsEmpty && outputs.Length != rows * spec.OutputSize)
        {
            throw new ArgumentException(
                $"outputs has {outputs.Length} elements; this batch gives "
                + $"{rows}×{spec.OutputSize}", nameof(outputs));
        }
    }

    private static void CheckSize(int own, int network, string name)
    {
        if (own != network)
        {
            throw new ArgumentException(
                $"the batch is for a network of {own} {name}, this one has {network}; make the "
                + "batch with the spec of the network that reads it");
        }
    }

    private void CheckInputs()
    {
        long places = (long)Steps * Size;
        if (!IsOneHot)
        {
            long inputs = places * InputSize;
            if (Inputs.Length < inputs)
            {
                throw new ArgumentException(
                    $"the batch holds {Inputs.Length} inputs; {Steps} steps × {Size} sequences × "
                    + $"{InputSize} inputs need {inputs}");
            }
            return;
        }
        if (InputIndices.Length < places)
        {
            throw new ArgumentException(
                $"the batch holds {InputIndices.Length} input indices; {Steps} steps × {Size} "
                + $"sequences need {places}");
        }
        for (int i = 0; i < places; i++)
        {
            if ((uint)InputIndices[i] >= (uint)InputSize)
            {
                throw new ArgumentException(
                    $"input index {InputIndices[i]} at position {i} is outside 0 … "
                    + $"{InputSize - 1}");
            }
        }
    }

    private void CheckOptions(NetworkSpec spec, long rows)
    {
        Dropout?.Validate();
        if (MessageLimit is { } limit && !(double.IsFinite(limit) && limit > 0))
        {
            throw new ArgumentException(
                $"messages are cut at {limit}; a finite number above 0 is needed, or none");
        }
        if (Weights is { } weights && weights.Length < rows)
        {
            throw new ArgumentException(
                $"the batch holds {weights.Length} weights; the network needs {rows}");
        }
        CheckStates(spec, InitialStates, "initial");
        CheckStates(spec, FinalStates, "final");
    }

    private void CheckStates(NetworkSpec spec, T[]? states, string name)
    {
        long needed = (long)Size * spec.HiddenSize;
        if (states is not null && states.Length < needed)
        {
            throw new ArgumentException(
                $"the batch has room for {states.Length} {name} state values; {Size} sequences "
                + $"× {spec.HiddenSize} hidden units need {needed}");
        }
    }

    private void CheckTargets(NetworkSpec spec, long rows)
    {
        if (!spec.HasClasses)
        {
            if (Targets.Length < rows * OutputSize)
            {
                throw new ArgumentException(
                    $"the batch holds {Targets.Length} targets; the network needs "
                    + $"{rows}×{OutputSize}");
            }
            return;
        }
        if (Classes.Length < rows)
        {
            throw new ArgumentException(
                $"the batch holds {Classes.Length} classes; the network needs {rows}");
        }
        for (int i = 0; i < rows; i++)
        {
            if ((uint)Classes[i] >= (uint)OutputSize)
            {
                throw new ArgumentException(
                    $"class {Classes[i]} at position {i} is outside 0 … {OutputSize - 1}");
            }
        }
    }
}
