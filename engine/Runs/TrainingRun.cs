using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Runs;

/// <summary>
/// One training run as an experiment: task, variant, scales and training spec under one seed.
/// The same seed makes data, weights and order, each from a stream of its own.
/// </summary>
public sealed class TrainingRun : IRunnable
{
    private const int CurvePoints = 200;
    private const int TracePoints = 1_000;

    private readonly SequenceTask task;
    private readonly Variant variant;
    private readonly WeightScales scales;
    private readonly TrainingSpec training;
    private readonly int hiddenSize;
    private readonly ulong seed;
    private readonly LstmInitializer? lstm;
    private readonly LeakRule? leaks;

    /// <summary>A run.</summary>
    /// <param name="label">A name for people.</param>
    /// <param name="task">Makes the run's own task from the seed; no other run may share it.
    /// </param>
    /// <param name="variant">Recurrent initialiser and nonlinearity.</param>
    /// <param name="scales">Scales of input and readout weights.</param>
    /// <param name="training">Budget, steps and evaluation.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="lstm">Makes the network an LSTM with these weights; variant and scales then
    /// say nothing.</param>
    /// <param name="leaks">Which units are leaky; null for none.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TrainingRun(
        string label, Func<ulong, SequenceTask> task, Variant variant, WeightScales scales,
        TrainingSpec training, int hiddenSize, ulong seed, LstmInitializer? lstm = null,
        LeakRule? leaks = null)
    {
        if (lstm is not null && (leaks is not null || training.Regularizer is not null))
        {
            throw new ArgumentException(
                "an LSTM has neither leaky units nor Ω; leave both out of the run");
        }
        this.lstm = lstm;
        this.leaks = leaks;
        leaks?.Rates(hiddenSize, seed);
        training.Validate();
        Label = label;
        this.task = task(seed);
        this.variant = variant;
        this.scales = scales;
        this.training = training;
        this.hiddenSize = hiddenSize;
        this.seed = seed;
        _ = this.task.Network(hiddenSize, Activation);
    }

    /// <inheritdoc/>
    public string Label { get; }

    /// <summary>The run's seed.</summary>
    public ulong Seed => seed;

    /// <inheritdoc/>
    public JsonObject Spec => TrainingRunSpec.Of(
        task, variant, scales, training, hiddenSize, seed, lstm, leaks);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Behaviour => BehaviourVersions.Of(
        task, variant, training, lstm is not null, leaks is not null);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> DataHashes => task.DataHashes;

    /// <inheritdoc/>
    public double EstimatedCost
    {
        get
        {
            double gates = lstm is null ? 1 : 4;
            double inputs = task.IsOneHot ? 1 : task.InputSize;
            double weights = gates * hiddenSize * (hiddenSize + inputs + 1);
            double step = 2 * weights * task.Steps;
            double points = (training.Updates / training.EvaluateEvery) + 1;
            double test = Math.Min(
                training.TestSequences ?? long.MaxValue, task.Count(Fold.Test) ?? 0);
            double evaluated = (points * training.ValidationSequences)
                + (test * (training.TestCurve ? points : 1));
            // A batch of one runs at about half the rate of a larger one.
            double rate = training.BatchSize < 4 ? 2 : 1;
            return step * ((3 * rate * training.Updates * training.BatchSize) + evaluated);
        }
    }

    /// <inheritdoc/>
    public RunResult Execute(IRunContext context)
    {
        using SequenceNetwork<float> network = NewNetwork();
        using Trainer trainer = new(network, task, training, seed);
        if (context.LoadCheckpoint() is { } state)
        {
            trainer.Restore(state);
        }
        long reported = 0;
        while (trainer.Advance())
        {
            if ((trainer.Updates & 15) != 0)
            {
                continue;
            }
            if (context.CheckpointDue)
            {
                context.SaveCheckpoint(trainer.Save());
                context.Cancellation.ThrowIfCancellationRequested();
            }
            if (trainer.Updates - reported >= Math.Max(16, training.Updates / 200))
            {
                reported = trainer.Updates;
                context.Report((double)reported / training.Updates, "");
            }
        }
        trainer.Select();
        // A run that selects its state by validation scores has one even if it diverged later.
        bool lost = trainer.Diverged && trainer.SelectedUpdate is null or < 0;
        SortedDictionary<string, double> metrics = new(StringComparer.Ordinal);
        if (trainer.SelectedUpdate is { } selected)
        {
            metrics["selected update"] = selected;
        }
        foreach ((string name, double value) in trainer.Score(Fold.Test, training.TestSequences))
        {
            metrics["test " + name] = lost ? double.NaN : value;
        }
        if (training.TrainingScoreSequences > 0)
        {
            foreach ((string name, double value) in
                trainer.Score(Fold.Training, training.TrainingScoreSequences))
            {
                metrics["training " + name] = lost ? double.NaN : value;
            }
        }
        foreach (int length in training.TestLengths)
        {
            foreach ((string name, double value) in
                trainer.ScoreAtLength(length, training.TestSequences))
            {
                metrics[$"test {name} at {length}"] = lost ? double.NaN : value;
            }
        }
        string outcome = trainer switch
        {
            { Diverged: true } => Outcomes.Diverged,
            { Succeeded: true } => Outcomes.Succeeded,
            { Futile: true } => Outcomes.Futile,
            _ => Outcomes.Completed,
        };
        return new RunResult(
            outcome, metrics, CurvesOf(trainer.Curves, training.Trace), trainer.WeightsHash(),
            trainer.Updates);
    }

    private Activation Activation => lstm is null ? variant.Activation : Activation.Tanh;

    private SequenceNetwork<float> NewNetwork()
    {
        NetworkSpec spec = task.Network(hiddenSize, Activation);
        if (lstm is not null)
        {
            LstmNetwork<float> gated = new(spec);
            lstm.Initialize(gated, seed);
            return gated;
        }
        RecurrentNetwork<float> network = new(spec);
        network.Initialize(variant.Recurrent, scales, seed);
        if (leaks is not null)
        {
            network.SetLeakRates(leaks.Rates(hiddenSize, seed));
        }
        return network;
    }

    // Six digits are more than a figure shows, and keep a record at a few kilobytes.
    private static double Digits(double v) => Rounding.Significant((float)v, 6);

    private static SortedDictionary<string, Curve> CurvesOf(
        TrainingCurves curves, TraceWindow? trace)
    {
        double[] updates = [.. curves[TrainingCurves.Updates]];
        SortedDictionary<string, Curve> result = new(StringComparer.Ordinal);
        foreach (string name in curves.Names.Where(n => n != TrainingCurves.Updates))
        {
            if (name == TrainingCurves.Trace)
            {
                result[name] = Peaks(trace?.From ?? 0, curves[name]);
                continue;
            }
            // Averages over a window have no value at update 0.
            double[] y = [.. curves[name].Select(Digits)];
            result[name] = new Curve(updates[(updates.Length - y.Length)..], y).Thin(CurvePoints);
        }
        return result;
    }

    /// <summary>The largest norm of each group of neighbouring updates: peaks are what a trace
    /// is kept for, and thinning would lose them.</summary>
    private static Curve Peaks(long from, IReadOnlyList<double> norms)
    {
        int group = Math.Max(1, (norms.Count + TracePoints - 1) / TracePoints);
        List<double> x = [];
        List<double> y = [];
        for (int at = 0; at < norms.Count; at += group)
        {
            int best = at;
            for (int i = at; i < Math.Min(norms.Count, at + group); i++)
            {
                best = norms[i] > norms[best] ? i : best;
            }
            x.Add(from + best);
            y.Add(Digits(norms[best]));
        }
        return new Curve([.. x], [.. y]);
    }
}
