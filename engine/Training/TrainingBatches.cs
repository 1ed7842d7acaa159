using System.Runtime.InteropServices;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training;

/// <summary>
/// The training sequences in their order, a batch at a time, with the hidden state that a task
/// carries from one batch to the next.
/// </summary>
internal sealed class TrainingBatches
{
    private readonly SequenceTask task;
    private readonly TrainingOrder order;
    private readonly int size;
    private readonly NetworkSpec network;
    private Batch<float>? single;

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
        Batch = NewBatch(size);
        if (task.CarriesState)
        {
            Batch.InitialStates = new float[size * network.HiddenSize];
            Batch.FinalStates = Batch.InitialStates;
        }
    }

    /// <summary>The batch that <see cref="Fill"/> fills.</summary>
    public Batch<float> Batch { get; }

    /// <summary>Makes <see cref="Batch"/> that of an update counted from 0.</summary>
    public void Fill(long update)
    {
        Batch.Steps = task.StepsOf(Fold.Training, update);
        long first = update * size;
        for (int b = 0; b < size; b++)
        {
            task.Fill(Fold.Training, order.At(first + b), Batch, b);
        }
        if (task.CarriesState && task.StartsAnew(Fold.Training, order.At(first)))
        {
            Batch.InitialStates.AsSpan().Clear();
        }
    }

    /// <summary>Batches of one sequence each, of those of an update: one batch object, filled
    /// anew. A task that carries its state has none.</summary>
    public IEnumerable<Batch<float>> Singles(long update)
    {
        single ??= NewBatch(1);
        single.Steps = task.StepsOf(Fold.Training, update);
        for (int b = 0; b < size; b++)
        {
            task.Fill(Fold.Training, order.At((update * size) + b), single, 0);
            yield return single;
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

    private Batch<float> NewBatch(int room)
    {
        Batch<float> made = new(network, task.Steps, room, task.IsOneHot);
        if (task.HasWeights)
        {
            bool every = network.LossAt == LossPlacement.EveryStep;
            made.Weights = new float[(every ? task.Steps : 1) * room];
        }
        return made;
    }
}
