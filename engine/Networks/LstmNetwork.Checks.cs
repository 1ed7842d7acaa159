namespace Repro.Engine.Networks;

/// <summary>What a batch must be before a sweep reads it.</summary>
public sealed unsafe partial class LstmNetwork<T>
{
    private void Check(Batch<T> batch)
    {
        bool last = Spec.LossAt == LossPlacement.LastStep;
        long rows = last ? batch.Size : (long)batch.Steps * batch.Size;
        if (batch.Steps < 1 || batch.Size < 1)
        {
            throw new ArgumentException(
                $"a batch of {batch.Size} sequences of {batch.Steps} steps is empty");
        }
        CheckInputs(batch);
        if (Spec.Readout != Readout.Softmax)
        {
            if (batch.Targets.Length < rows * Spec.OutputSize)
            {
                throw new ArgumentException(
                    $"the batch holds {batch.Targets.Length} targets; the network needs "
                    + $"{rows}×{Spec.OutputSize}");
            }
            return;
        }
        if (batch.Classes.Length < rows)
        {
            throw new ArgumentException(
                $"the batch holds {batch.Classes.Length} classes; the network needs {rows}");
        }
        for (int i = 0; i < rows; i++)
        {
            if ((uint)batch.Classes[i] >= (uint)Spec.OutputSize)
            {
                throw new ArgumentException(
                    $"class {batch.Classes[i]} at position {i} is outside 0 … "
                    + $"{Spec.OutputSize - 1}");
            }
        }
    }

    private void CheckInputs(Batch<T> batch)
    {
        long places = (long)batch.Steps * batch.Size;
        if (!batch.IsOneHot)
        {
            long inputs = places * Spec.InputSize;
            if (batch.Inputs.Length < inputs)
            {
                throw new ArgumentException(
                    $"the batch holds {batch.Inputs.Length} inputs; {batch.Steps} steps × "
                    + $"{batch.Size} sequences × {Spec.InputSize} inputs need {inputs}");
            }
            return;
        }
        if (batch.InputIndices.Length < places)
        {
            throw new ArgumentException(
                $"the batch holds {batch.InputIndices.Length} input indices; {batch.Steps} steps "
                + $"× {batch.Size} sequences need {places}");
        }
        for (int i = 0; i < places; i++)
        {
            if ((uint)batch.InputIndices[i] >= (uint)Spec.InputSize)
            {
                throw new ArgumentException(
                    $"input index {batch.InputIndices[i]} at position {i} is outside 0 … "
                    + $"{Spec.InputSize - 1}");
            }
        }
    }
}
