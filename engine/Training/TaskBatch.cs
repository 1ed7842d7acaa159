using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>
/// A batch that a task fills and a network reads. They are one object where the network is of the
/// precision that tasks have, and otherwise two: what the task wrote is copied before each use.
/// </summary>
internal sealed class TaskBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="network">The network's sizes.</param>
    /// <param name="task">Where sequences come from.</param>
    /// <param name="size">B.</param>
    public TaskBatch(NetworkSpec network, SequenceTask task, int size)
    {
        Filled = new Batch<float>(network, task.Steps, size, task.IsOneHot);
        Read = Filled as Batch<T> ?? new Batch<T>(network, task.Steps, size, task.IsOneHot);
        if (task.HasWeights)
        {
            int rows = network.HasLossAtEveryStep ? checked(task.Steps * size) : size;
            Filled.Weights = new float[rows];
            Read.Weights ??= new T[rows];
        }
        if (task.CarriesState)
        {
            Read.InitialStates = new T[checked(size * network.HiddenSize)];
            Read.FinalStates = Read.InitialStates;
        }
    }

    /// <summary>What the task fills.</summary>
    public Batch<float> Filled { get; }

    /// <summary>What the network reads, with the state that is carried.</summary>
    public Batch<T> Read { get; }

    /// <summary>Sets T and B of both.</summary>
    public void SetSizes(int steps, int size)
    {
        Filled.Steps = Read.Steps = steps;
        Filled.Size = Read.Size = size;
    }

    /// <summary>Hands what the task has filled to the network.</summary>
    public void HandOver()
    {
        if (ReferenceEquals(Filled, Read))
        {
            return;
        }
        Filled.InputIndices.CopyTo(Read.InputIndices, 0);
        Filled.Classes.CopyTo(Read.Classes, 0);
        Convert<float, T>(Filled.Inputs, Read.Inputs);
        Convert<float, T>(Filled.Targets, Read.Targets);
        if (Filled.Weights is { } weights)
        {
            Convert<float, T>(weights, Read.Weights);
        }
    }

    /// <summary>Every number rounded to another precision.</summary>
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = TTo.CreateTruncating(from[i]);
        }
    }
}
