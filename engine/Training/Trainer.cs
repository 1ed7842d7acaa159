using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>
/// Trains one network on one task, update by update. The state after n updates depends on the
/// specs and the seed alone; it can be saved and restored at any update.
/// </summary>
public sealed class Trainer : IDisposable
{
    private const int EvaluationBatch = 100;

    private readonly SequenceTask task;
    private readonly TrainingSpec spec;
    private readonly TrainingOrder order;
    private readonly Batch<float> batch;
    private readonly Optimizer<float> optimizer;
    private readonly TrainingCurves curves = new();
    private Batch<float>? evaluationBatch;
    private double windowLoss;
    private double windowNorm;
    private long windowClipped;
    private long windowUpdates;

    /// <summary>A trainer at update 0 of an initialised network.</summary>
    /// <param name="network">The network; the caller keeps it and disposes of it.</param>
    /// <param name="task">Where sequences come from.</param>
    /// <param name="spec">Budget, steps and evaluation.</param>
    /// <param name="seed">Decides the order of the training sequences.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or network and task have
    /// different sizes.</exception>
    public Trainer(
        RecurrentNetwork<float> network, SequenceTask task, TrainingSpec spec, ulong seed)
    {
        spec.Validate();
        NetworkSpec wanted = task.Network(network.Spec.HiddenSize, network.Spec.Activation);
        if (wanted != network.Spec)
        {
            throw new ArgumentException(
                $"the network is {network.Spec}, but task '{task.Name}' needs {wanted}");
        }
        Network = network;
        this.task = task;
        this.spec = spec;
        order = new TrainingOrder(task.Count(Fold.Training), seed);
        batch = new Batch<float>(network.Spec, task.Steps, spec.BatchSize);
        optimizer = new Optimizer<float>(network, spec.Optimizer, spec.Clipping, spec.LossFactor);
    }

    /// <summary>The network being trained.</summary>
    public RecurrentNetwork<float> Network { get; }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private set; }

    /// <summary>Whether loss or gradient left the finite numbers; training stops there.</summary>
    public bool Diverged { get; private set; }

    /// <summary>Whether the budget is used up or the run has diverged.</summary>
    public bool Finished => Diverged || Updates >= spec.Updates;

    /// <summary>What was measured along the way.</summary>
    public TrainingCurves Curves => curves;

    /// <summary>SHA-256 of the parameters as little-endian float32.</summary>
    public string WeightsHash() => Convert.ToHexStringLower(
        SHA256.HashData(MemoryMarshal.AsBytes(Network.Parameters)));

    /// <summary>One update, and the evaluation that is due after it.</summary>
    /// <returns>False when nothing is left to do.</returns>
    public bool Advance()
    {
        if (Finished)
        {
            return false;
        }
        if (Updates == 0)
        {
            Measure();
        }
        long first = Updates * spec.BatchSize;
        for (int b = 0; b < spec.BatchSize; b++)
        {
            task.Fill(Fold.Training, order.At(first + b), batch, b);
        }
        double loss = Network.Gradient(batch);
        StepReport report = optimizer.Step(spec.RateAt(Updates));
        if (!report.Finite || !double.IsFinite(loss))
        {
            Diverged = true;
            return false;
        }
        windowLoss += loss;
        windowNorm += report.GradientNorm;
        windowClipped += report.Clipped ? 1 : 0;
        windowUpdates++;
        Updates++;
        if (Updates % spec.EvaluateEvery == 0 || Updates == spec.Updates)
        {
            Measure();
        }
        return !Finished;
    }

    /// <summary>Mean scores over a fold.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    public SortedDictionary<string, double> Score(Fold fold, long? limit = null)
    {
        long count = task.Count(fold) is { } all ? Math.Min(limit ?? all, all) : limit ?? 0;
        SortedDictionary<string, double> sums = new(StringComparer.Ordinal);
        evaluationBatch ??= new Batch<float>(Network.Spec, task.Steps, EvaluationBatch);
        Batch<float> e = evaluationBatch;
        int rowsOf = Network.Spec.LossAt == LossPlacement.EveryStep ? task.Steps : 1;
        for (long at = 0; at < count; at += EvaluationBatch)
        {
            e.Size = (int)Math.Min(EvaluationBatch, count - at);
            for (int b = 0; b < e.Size; b++)
            {
                task.Fill(fold, at + b, e, b);
            }
            float[] outputs = new float[rowsOf * e.Size * Network.Spec.OutputSize];
            Network.Evaluate(e, outputs);
            task.Score(e, outputs, sums);
        }
        foreach (string name in sums.Keys.ToArray())
        {
            sums[name] /= count;
        }
        return sums;
    }

    /// <summary>Everything that a later <see cref="Restore"/> needs.</summary>
    public byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Updates);
        writer.Write(windowLoss);
        writer.Write(windowNorm);
        writer.Write(windowClipped);
        writer.Write(windowUpdates);
        writer.Write(Network.Parameters.Length);
        writer.Write(MemoryMarshal.AsBytes(Network.Parameters));
        writer.Write(MemoryMarshal.AsBytes(optimizer.State));
        curves.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Continues where a saved state stands.</summary>
    /// <exception cref="InvalidDataException">The state is not of this network.</exception>
    public void Restore(byte[] state)
    {
        using BinaryReader reader = new(new MemoryStream(state));
        Updates = reader.ReadInt64();
        windowLoss = reader.ReadDouble();
        windowNorm = reader.ReadDouble();
        windowClipped = reader.ReadInt64();
        windowUpdates = reader.ReadInt64();
        int length = reader.ReadInt32();
        if (length != Network.Parameters.Length)
        {
            throw new InvalidDataException(
                $"the saved state has {length} parameters, the network "
                + $"{Network.Parameters.Length}");
        }
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(Network.Parameters));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(optimizer.State));
        curves.Read(reader);
    }

    /// <inheritdoc/>
    public void Dispose() => optimizer.Dispose();

    private void Measure()
    {
        curves.Add(TrainingCurves.Updates, Updates);
        if (windowUpdates > 0)
        {
            curves.Add(TrainingCurves.TrainingLoss, windowLoss / windowUpdates);
            curves.Add(TrainingCurves.GradientNorm, windowNorm / windowUpdates);
            curves.Add(TrainingCurves.Clipped, (double)windowClipped / windowUpdates);
        }
        (windowLoss, windowNorm, windowClipped, windowUpdates) = (0, 0, 0, 0);
        if (spec.ValidationSequences > 0)
        {
            foreach ((string name, double value) in
                Score(Fold.Validation, spec.ValidationSequences))
            {
                curves.Add("validation " + name, value);
            }
        }
        if (spec.TestCurve)
        {
            foreach ((string name, double value) in Score(Fold.Test, spec.TestSequences))
            {
                curves.Add("test " + name, value);
            }
        }
    }
}
