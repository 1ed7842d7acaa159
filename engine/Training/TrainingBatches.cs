using System.Numerics;
using System.Runtime.InteropServices;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training;

/// <summary>
/// The training sequences in their order, a batch at a time, with the hidden state that a task
/// carries from one batch to the next.
/// </summary>
internal sealed class TrainingBatches<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SequenceTask task;
    private readonly TrainingOrder order;
    private readonly int size;
    private readonly TaskBatch<T> both;
    private readonly NetworkSpec network;
    private TaskBatch<T>? single;

    /// <param name="network">Its sizes.</param>
    /// <param name="task">Where sequences come from.</param>
    /// <param name="size">B.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="replaces">Whether sequences are drawn with replacement.</param>
    /// <exception cref="ArgumentException">None can be drawn from the task's.</exception>
    public TrainingBatches(
        NetworkSpec network, SequenceTask task, int size, ulong seed, bool replaces = false)
    {
        if (replaces)
        {
            ReplacementRule.Check(task);
        }
        this.task = task;
        this.size = size;
        this.network = network;
        order = new TrainingOrder(task.Count(Fold.Training), seed, task.CarriesState, replaces);
        both = new TaskBatch<T>(network, task, size);
    }

    /// <summary>The batch that <see cref="Fill"/> fills.</summary>
    public Batch<T> Batch => both.Read;

    /// <summary>Makes <see cref="Batch"/> that of an update counted from 0.</summary>
    public void Fill(long update)
    {
        both.SetSizes(task.StepsOf(Fold.Training, update), size);
        long first = update * size;
        for (int b = 0; b < size; b++)
        {
            task.Fill(Fold.Training, order.At(first + b), both.Filled, b);
        }
        both.HandOver();
        if (task.CarriesState && task.StartsAnew(Fold.Training, order.At(first)))
        {
            Batch.InitialStates.AsSpan().Clear();
        }
    }

    /// <summary>Batches of one sequence each, of those of an update: one batch object, filled
    /// anew. A task that carries its state has none.</summary>
    public IEnumerable<Batch<T>> Singles(long update)
    {
        single ??= new TaskBatch<T>(network, task, 1);
        single.SetSizes(task.StepsOf(Fold.Training, update), 1);
        for (int b = 0; b < size; b++)
        {
            task.Fill(Fold.Training, order.At((update * size) + b), single.Filled, 0);
            single.HandOver();
            yield return single.Read;
        }
    }

    /// <summary>Writes the carried state, where there is one.</summary>
    public void Write(BinaryWriter writer)
    {
        if (Batch.InitialStates is { } carried)
        {
            writer.Write(MemoryMarshal.AsBytes(carried.AsSpan()));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        if (Batch.InitialStates is { } carried)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(carried.AsSpan()));
        }
    }
}
