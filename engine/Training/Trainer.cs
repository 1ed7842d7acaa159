using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>
/// Trains one network on one task, update by update. The state after n updates depends on the
/// specs and the seed alone; it can be saved and restored at any update.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly SequenceTask task;
    private readonly TrainingSpec spec;
    private readonly TrainingOrder order;
    private readonly Batch<float> batch;
    private readonly Optimizer<float> optimizer;
    private readonly Evaluator evaluator;
    private readonly TrainingCurves curves = new();
    private readonly ModelSelection? selection;
    private readonly RateHalving? halving;
    private readonly ulong seed;
    private TrainingWindow window = new();

    /// <summary>A trainer at update 0 of an initialised network.</summary>
    /// <param name="network">The network; the caller keeps it and disposes of it.</param>
    /// <param name="task">Where sequences come from.</param>
    /// <param name="spec">Budget, steps and evaluation.</param>
    /// <param name="seed">Decides the order of the training sequences.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or network and task have
    /// different sizes.</exception>
    public Trainer(
        SequenceNetwork<float> network, SequenceTask task, TrainingSpec spec, ulong seed)
    {
        spec.Validate();
        NetworkSpec wanted = task.Network(network.Spec.HiddenSize, network.Spec.Activation);
        if (wanted != network.Spec)
        {
            throw new ArgumentException(
                $"the network is {network.Spec}, but task '{task.Name}' needs {wanted}");
        }
        if (spec.Success is { } success && success.Sequences % task.EvaluationBatch != 0)
        {
            throw new ArgumentException(
                $"a check of {success.Sequences} sequences is not whole batches of "
                + $"{task.EvaluationBatch}, as task '{task.Name}' evaluates them");
        }
        Network = network;
        this.task = task;
        this.spec = spec;
        this.seed = seed;
        order = new TrainingOrder(task.Count(Fold.Training), seed, task.CarriesState);
        batch = new Batch<float>(network.Spec, task.Steps, spec.BatchSize, task.IsOneHot);
        if (task.HasWeights)
        {
            bool every = network.Spec.LossAt == LossPlacement.EveryStep;
            batch.Weights = new float[(every ? task.Steps : 1) * spec.BatchSize];
        }
        if (task.CarriesState)
        {
            batch.InitialStates = new float[spec.BatchSize * network.Spec.HiddenSize];
            batch.FinalStates = batch.InitialStates;
        }
        selection = spec.Selection is { } rule ? new(rule, network.Parameters.Length) : null;
        halving = spec.Halving is { } halvingRule ? new(halvingRule) : null;
        optimizer = new Optimizer<float>(
            network, spec.Optimizer, spec.Clipping, spec.LossFactor, spec.Guard);
        evaluator = new Evaluator(network, task);
    }

    /// <summary>The network being trained.</summary>
    public SequenceNetwork<float> Network { get; }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private set; }

    /// <summary>Whether loss or gradient left the finite numbers; training stops there.</summary>
    public bool Diverged { get; private set; }

    /// <summary>Whether the success rule was met; training stops there.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Whether the futility rule ended the run.</summary>
    public bool Futile { get; private set; }

    /// <summary>Whether nothing is left to do: the budget is used up, or the run has diverged,
    /// succeeded, been given up or not become better for as long as the selection waits.</summary>
    public bool Finished => Diverged || Succeeded || Futile || Updates >= spec.Updates
        || selection is { Exhausted: true };

    /// <summary>Update whose state is tested, when the spec selects one.</summary>
    public long? SelectedUpdate => selection?.BestUpdate;

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
        batch.Steps = task.StepsOf(Fold.Training, Updates);
        long first = Updates * spec.BatchSize;
        for (int b = 0; b < spec.BatchSize; b++)
        {
            task.Fill(Fold.Training, order.At(first + b), batch, b);
        }
        if (task.CarriesState && task.StartsAnew(Fold.Training, order.At(first)))
        {
            batch.InitialStates.AsSpan().Clear();
        }
        if (spec.Dropout > 0)
        {
            batch.Dropout = new Dropout(spec.Dropout, seed, checked((uint)Updates));
        }
        double alpha = spec.Regularizer?.AlphaAt(Updates) ?? 0;
        double loss = Network.Gradient(batch, alpha / spec.LossFactor, spec.Regularizer?.Form);
        if (spec.FreezesBiases)
        {
            ClearBiasGradients();
        }
        StepReport report = optimizer.Step(spec.RateAt(Updates) * (halving?.Factor ?? 1));
        if (!report.Finite || !double.IsFinite(loss))
        {
            Diverged = true;
            return false;
        }
        window.Add(loss, report, alpha > 0 ? Network.Regularizer : null);
        if (spec.Trace is { } trace && Updates >= trace.From && Updates < trace.To)
        {
            curves.Add(TrainingCurves.Trace, report.GradientNorm);
        }
        Updates++;
        bool measured = Updates % spec.EvaluateEvery == 0 || Updates == spec.Updates;
        if (measured)
        {
            Measure();
        }
        ApplyStoppingRules();
        if (Finished && !measured)
        {
            Measure();
        }
        return !Finished;
    }

    /// <summary>Mean scores over a fold.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    public SortedDictionary<string, double> Score(Fold fold, long? limit = null) =>
        evaluator.Score(fold, limit);

    /// <summary>Mean scores over test sequences of another length.</summary>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    /// <exception cref="NotSupportedException">The task has one length only.</exception>
    public SortedDictionary<string, double> ScoreAtLength(int steps, long? limit = null) =>
        new Evaluator(Network, task.AtLength(steps)).Score(Fold.Test, limit);

    /// <summary>Everything that a later <see cref="Restore"/> needs.</summary>
    public byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Updates);
        window.Write(writer, HasExtremes);
        writer.Write(Network.Parameters.Length);
        writer.Write(MemoryMarshal.AsBytes(Network.Parameters));
        writer.Write(MemoryMarshal.AsBytes(optimizer.State));
        curves.Write(writer);
        selection?.Write(writer);
        halving?.Write(writer);
        if (batch.InitialStates is { } carried)
        {
            writer.Write(MemoryMarshal.AsBytes(carried.AsSpan()));
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Continues where a saved state stands.</summary>
    /// <exception cref="InvalidDataException">The state is not of this network.</exception>
    public void Restore(byte[] state)
    {
        using BinaryReader reader = new(new MemoryStream(state));
        Updates = reader.ReadInt64();
        window = TrainingWindow.Read(reader, HasExtremes);
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
        selection?.Read(reader);
        halving?.Read(reader);
        if (batch.InitialStates is { } carried)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(carried.AsSpan()));
        }
    }

    /// <summary>Puts the weights of the selected state into the network, for its test. Training
    /// cannot go on from there.</summary>
    public void Select() => selection?.CopyTo(Network.Parameters);

    /// <inheritdoc/>
    public void Dispose() => optimizer.Dispose();

    // A run without Ω and guard has none of the measures that came with them, so that records
    // and checkpoints of older runs stay what they are.
    private bool HasExtremes => spec.Regularizer is not null || spec.Guard is not null;

    private void ApplyStoppingRules()
    {
        if (spec.Success is { } success && Updates % success.CheckEvery == 0)
        {
            // Check n reads sequences n·N … (n + 1)·N − 1: the first N are the curve's.
            long check = Updates / success.CheckEvery;
            Succeeded = evaluator.IsWithin(
                Fold.Validation, check * success.Sequences, success.Sequences,
                success.MaximumWrong);
        }
        if (!Succeeded && spec.Futility is { } futility && Updates == futility.AtUpdate)
        {
            double best = double.PositiveInfinity;
            foreach (double loss in curves[TrainingCurves.TrainingLoss])
            {
                best = Math.Min(best, loss);
            }
            Futile = best > futility.LossAbove;
        }
    }

    private void Measure()
    {
        curves.Add(TrainingCurves.Updates, Updates);
        window.AddTo(curves, HasExtremes, spec.Regularizer is not null);
        window = new TrainingWindow();
        if (spec.Halving is { IsOfTraining: true } && curves[TrainingCurves.TrainingLoss] is
            { Count: > 0 } losses)
        {
            halving?.Offer(losses[^1]);
        }
        if (spec.Spectrum && Network is RecurrentNetwork<float>)
        {
            MeasureSpectrum();
        }
        if (spec.ValidationSequences > 0)
        {
            SortedDictionary<string, double> scores =
                Score(Fold.Validation, spec.ValidationSequences);
            foreach ((string name, double value) in scores)
            {
                curves.Add("validation " + name, value);
            }
            selection?.Offer(scores, Updates, Network.Parameters);
            if (spec.Halving is { IsOfTraining: false })
            {
                halving?.Offer(scores);
            }
        }
        if (halving is not null)
        {
            curves.Add(TrainingCurves.LearningRate, spec.RateAt(Updates) * halving.Factor);
        }
        if (spec.TestCurve)
        {
            foreach ((string name, double value) in Score(Fold.Test, spec.TestSequences))
            {
                curves.Add("test " + name, value);
            }
        }
    }

    private void ClearBiasGradients()
    {
        foreach (ParameterView view in Network.Views)
        {
            if (view.Name.EndsWith("bias", StringComparison.Ordinal))
            {
                view.Of(Network.Gradients).Clear();
            }
        }
    }

    private void MeasureSpectrum()
    {
        int hidden = Network.Spec.HiddenSize;
        Span<float> weights = Network.RecurrentWeights.Of(Network.Parameters);
        double[,] w = new double[hidden, hidden];
        for (int i = 0; i < weights.Length; i++)
        {
            if (!float.IsFinite(weights[i]))
            {
                curves.Add(TrainingCurves.SpectralRadius, double.NaN);
                curves.Add(TrainingCurves.LargestSingularValue, double.NaN);
                return;
            }
            w[i / hidden, i % hidden] = weights[i];
        }
        curves.Add(TrainingCurves.SpectralRadius, Spectrum.Radius(w));
        curves.Add(TrainingCurves.LargestSingularValue, Spectrum.SingularValues(w)[0]);
    }
}
