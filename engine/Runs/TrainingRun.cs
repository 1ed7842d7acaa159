using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Runs;

/// <summary>
/// One training run as an experiment: task, network setup and training spec under one seed. The
/// same seed makes data, weights and order, each from a stream of its own. Its settings and its
/// behaviour are those of its parts, put together.
/// </summary>
public sealed class TrainingRun : IRunnable
{
    private const int CurvePoints = 200;
    private const int TracePoints = 1_000;

    private readonly SequenceTask task;
    private readonly NetworkSetup setup;
    private readonly TrainingSpec training;
    private readonly NetworkSpec network;

    /// <summary>A run.</summary>
    /// <param name="label">A name for people.</param>
    /// <param name="task">Makes the run's own task from the seed; no other run may share it.
    /// </param>
    /// <param name="setup">Cell and initialisation.</param>
    /// <param name="training">Budget, steps and evaluation.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TrainingRun(
        string label, Func<ulong, SequenceTask> task, NetworkSetup setup, TrainingSpec training,
        int hiddenSize, ulong seed)
    {
        training.Validate();
        setup.Validate(hiddenSize);
        if (training.Rule<RegularizerSchedule>() is not null && !setup.HasRegularizer)
        {
            throw new ArgumentException(
                $"a cell of kind '{setup.Cell}' has no Ω; leave the regulariser out of the run");
        }
        Label = label;
        Seed = seed;
        this.task = task(seed);
        if (training.Rule<ReplacementRule>() is not null)
        {
            ReplacementRule.Check(this.task);
        }
        if (training.Rule<KeptOutputs>() is not null)
        {
            KeptOutputs.Check(this.task);
        }
        training.Optimizer.ValidateRun(setup, this.task);
        this.setup = setup;
        this.training = training;
        network = this.task.Network(hiddenSize, setup.Activation);
    }

    /// <summary>The run that settings describe: the members <c>task</c>, <c>network</c>,
    /// <c>initializer</c> and <c>training</c> of a recorded run's spec, in the same words.
    /// </summary>
    /// <param name="label">A name for people.</param>
    /// <param name="settings">The settings; a spec's <c>kind</c> and <c>seed</c> may be there.
    /// </param>
    /// <param name="sources">Where tasks that read data find it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="SettingsException">A member is missing, misspelt or of another kind.
    /// </exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static TrainingRun Read(
        string label, SettingsNode settings, TaskSources sources, ulong seed)
    {
        settings.Only("kind", "seed", "task", "network", "initializer", "training");
        return new TrainingRun(
            label, s => SequenceTasks.Read(settings["task"], sources, s),
            NetworkSetup.Read(settings["network"], settings["initializer"]),
            TrainingSpec.Read(settings["training"]), settings["network"]["hidden"].Count, seed);
    }

    /// <inheritdoc/>
    public string Label { get; }

    /// <summary>The run's seed.</summary>
    public ulong Seed { get; }

    /// <inheritdoc/>
    /// <remarks>A setting that an older run did not have is written only where it differs from
    /// what the older run did, so ids stay.</remarks>
    public JsonObject Spec
    {
        get
        {
            JsonObject cell = new() { ["hidden"] = network.HiddenSize };
            JsonObject initializer = [];
            setup.Describe(cell, initializer);
            return new JsonObject
            {
                ["kind"] = "training",
                ["seed"] = Seed,
                ["task"] = task.Describe(),
                ["network"] = cell,
                ["initializer"] = initializer,
                ["training"] = training.Describe(),
            };
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Behaviour => PartVersion.Union(Parts);

    /// <summary>The components that the run uses.</summary>
    internal IEnumerable<PartVersion> Parts =>
        [PartVersion.Kernels, .. setup.Parts, .. task.Parts, .. training.Parts];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> DataHashes => task.DataHashes;

    /// <inheritdoc/>
    public double EstimatedCost
    {
        get
        {
            double inputs = task.IsOneHot ? 1 : task.InputSize;
            double hidden = network.HiddenSize;
            double step = 2 * setup.Gates * hidden * (hidden + inputs + 1);
            double points = (training.Updates / training.EvaluateEvery) + 1;
            double test = Math.Min(
                training.TestSequences ?? long.MaxValue, task.Count(Fold.Test) ?? 0);
            double validated = points * training.ValidationSequences;
            double tested = test * (training.TestCurve ? points : 1);
            // A batch of one runs at about half the rate of a larger one.
            double rate = training.BatchSize < 4 ? 2 : 1;
            double sequences =
                training.Updates * training.Optimizer.GradientsPerUpdate * training.BatchSize;
            if (training.Rule<BudgetRule>()?.Sequences is { } budget)
            {
                sequences = Math.Min(sequences, budget);
            }
            return step * ((3 * rate * sequences * MeanSteps(Fold.Training))
                + (validated * MeanSteps(Fold.Validation)) + (tested * MeanSteps(Fold.Test)));
        }
    }

    // The longest piece of a set of music is twenty times as long as the chunks trained on, and
    // lengths drawn from a range are shorter than its end: a few groups tell.
    private double MeanSteps(Fold fold)
    {
        const int looks = 32;
        long last = task.Count(fold) is { } count
            ? Math.Max(0, (count / task.EvaluationBatch) - 1)
            : looks;
        return Enumerable.Range(0, looks)
            .Average(i => (double)task.StepsOf(fold, last * i / looks));
    }

    /// <inheritdoc/>
    public RunResult Execute(IRunContext context)
    {
        using SequenceNetwork<float> made = setup.Make(network, Seed);
        using Trainer trainer = new(made, task, training, Seed);
        if (context.LoadCheckpoint(Trainer.Layout) is { } state)
        {
            trainer.Restore(state);
        }
        made.Threads = context.Threads;
        while (trainer.Advance(() => context.CheckpointDue))
        {
            context.HasUsed(made.ThreadsUsed);
            made.Threads = context.Threads;
            if (!trainer.IsSavePoint)
            {
                continue;
            }
            if (context.CheckpointDue)
            {
                context.SaveCheckpoint(Trainer.Layout, trainer.Save());
                context.Cancellation.ThrowIfCancellationRequested();
            }
            context.Report(trainer.Share, "");
        }
        SortedDictionary<string, double> metrics = trainer.Finish();
        SortedDictionary<string, Curve> curves =
            CurvesOf(trainer.Curves, training.Rule<TraceWindow>());
        if (training.Rule<KeptOutputs>() is not null && !trainer.Diverged)
        {
            double[] outputs = [.. KeptOutputs.Of(trainer).Select(Digits)];
            curves[KeptOutputs.Curve] =
                new Curve([.. Enumerable.Range(0, outputs.Length).Select(t => (double)t)], outputs);
        }
        return new RunResult(
            trainer.Ended ?? Outcomes.Completed, metrics, curves, trainer.WeightsHash(),
            trainer.Updates);
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
