using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Repro.Engine.Networks;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training;

/// <summary>
/// Trains one network on one task, update by update. The state after n updates depends on the
/// specs and the seed alone; it can be saved and restored at any update.
/// </summary>
/// <example>
/// Trains IRNN in double precision on addition, watched, until it is done or stopped:
/// <code>
/// MarkedPairTask task = new(PairTarget.Sum, steps: 10, seed: 1, testCount: 500);
/// using RecurrentNetwork&lt;double&gt; network = new(task.Network(24, Activation.Relu));
/// network.Initialize(Variant.Named("IRNN").Recurrent, new WeightScales(), seed: 1);
/// TrainingSpec spec = new()
/// {
///     BatchSize = 4,
///     Updates = 400,
///     LearningRate = 0.01,
///     Clipping = new(ClippingKind.Norm, Threshold: 10),
///     EvaluateEvery = 100,
/// };
/// using Trainer&lt;double&gt; trainer = new(network, task, spec, seed: 1);
/// TrainingCallbacks callbacks = new() { AtPoint = p =&gt; Console.WriteLine(p) };
/// trainer.Run(stop, callbacks: callbacks);
/// byte[] state = trainer.Save();
/// </code>
/// </example>
/// <typeparam name="T">float or double: the network's numbers. A task's sequences are of single
/// precision, and what a network of double precision says of them is rounded to it before it is
/// scored.</typeparam>
public partial class Trainer<T> : TrainingLoop
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Version of what <see cref="Save"/> writes: raised with every change of it, so
    /// that a state of another layout is refused instead of misread.</summary>
    public const int Layout = 2;

    private readonly Evaluator<T> evaluator;
    private readonly Learner learner;
    private readonly RuleAtWork[] rules;
    private readonly ModelSelection? selection;
    private readonly bool hasExtremes;
    private TrainingWindow window = new();
    private UpdateReport last = new(double.NaN, double.NaN, false, true, false, null);
    private bool isDisposed;

    /// <summary>A trainer at update 0 of an initialised network.</summary>
    /// <param name="network">The network; the caller keeps it and disposes of it.</param>
    /// <param name="task">Where sequences come from.</param>
    /// <param name="spec">Budget, steps and evaluation.</param>
    /// <param name="seed">Decides the order of the training sequences.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or network and task have
    /// different sizes.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public Trainer(SequenceNetwork<T> network, SequenceTask task, TrainingSpec spec, ulong seed)
        : base(task, spec, seed)
    {
        spec.Validate();
        NetworkSpec wanted = task.Network(network.Spec.HiddenSize, network.Spec.Activation);
        if (wanted != network.Spec)
        {
            throw new ArgumentException(
                $"the network is {network.Spec}, but task '{task.Name}' needs {wanted}");
        }
        Network = network;
        evaluator = new Evaluator<T>(network, task);
        rules = [.. spec.Rules.Select(rule => rule.Start(this))];
        selection = rules.OfType<ModelSelection>().FirstOrDefault();
        // A run without Ω and guard has none of the measures that came with them, so that records
        // of older runs stay what they are.
        hasExtremes = spec.Rule<RegularizerSchedule>() is not null
            || spec.Rule<GradientGuard>() is not null;
        learner = spec.Optimizer.NewLearner(this);
    }

    /// <summary>The network being trained.</summary>
    public SequenceNetwork<T> Network { get; }

    /// <summary>What ended the run before its budget, one of <see cref="Outcomes"/>; null while
    /// nothing has.</summary>
    public string? Ended { get; private set; }

    /// <summary>Whether loss or gradient left the finite numbers; training stops there.</summary>
    public bool Diverged => Ended == Outcomes.Diverged;

    /// <summary>Whether nothing is left to do: the budget is used up, a rule has ended the run or
    /// waits no longer, or it has diverged.</summary>
    public bool Finished
    {
        get
        {
            if (Ended is not null || Updates >= Spec.Updates)
            {
                return true;
            }
            foreach (RuleAtWork rule in rules)
            {
                if (rule.IsExhausted)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>The share of the run that is done if nothing ends it early, 0 to 1: of its updates,
    /// or of what a rule limits, whichever is more.</summary>
    public double Share
    {
        get
        {
            double share = (double)Updates / Spec.Updates;
            foreach (RuleAtWork rule in rules)
            {
                share = Math.Max(share, rule.Share);
            }
            return share;
        }
    }

    /// <summary>Whether saving now costs little beside the work since the last save.</summary>
    public bool IsSavePoint => learner.IsSavePoint;

    /// <summary>Update whose state is tested, when the spec selects one.</summary>
    public long? SelectedUpdate => selection?.BestUpdate;

    internal override IReadOnlyList<ParameterView> Views => Network.Views;

    internal override ParameterView RecurrentWeights => Network.RecurrentWeights;

    internal override Spending? Spent => learner.Spent;

    internal override Span<byte> ParameterBytes => MemoryMarshal.AsBytes(Network.Parameters);

    /// <summary>SHA-256 of the parameters as little-endian numbers, float32 or float64.</summary>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public string WeightsHash() => Convert.ToHexStringLower(SHA256.HashData(ParameterBytes));

    /// <summary>One update, and the evaluation that is due after it.</summary>
    /// <param name="pause">Whether to pause within an update, where the learner can; null for
    /// never.</param>
    /// <returns>False when nothing is left to do.</returns>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public bool Advance(Func<bool>? pause = null)
    {
        ThrowIfDisposed();
        if (Finished)
        {
            return false;
        }
        if (Curves[TrainingCurves.Updates].Count == 0)
        {
            Measure();
        }
        if (learner.Update(RateFactor(), pause) is not { } report)
        {
            return true;
        }
        last = report;
        if (!report.Finite)
        {
            Ended = Outcomes.Diverged;
            return false;
        }
        window.Add(report);
        Updates++;
        foreach (RuleAtWork rule in rules)
        {
            rule.AfterUpdate(report);
        }
        bool measured = Updates % Spec.EvaluateEvery == 0 || Updates == Spec.Updates;
        if (measured)
        {
            Measure();
        }
        Decide();
        if (Finished && !measured)
        {
            Measure();
        }
        return !Finished;
    }

    /// <summary>Trains until nothing is left to do.</summary>
    /// <param name="cancellation">Stops between two updates: the trainer can be saved then, and
    /// goes on in the next call.</param>
    /// <param name="progress">Told at every point of the curves.</param>
    /// <param name="callbacks">What is called along the way.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public void Run(
        CancellationToken cancellation = default, IProgress<TrainingProgress>? progress = null,
        TrainingCallbacks? callbacks = null)
    {
        int points = Curves[TrainingCurves.Updates].Count;
        for (bool goesOn = true; goesOn;)
        {
            cancellation.ThrowIfCancellationRequested();
            long before = Updates;
            goesOn = Advance();
            TrainingProgress now = new(Updates, Spec.Updates, last.Loss, last.GradientNorm);
            if (Updates > before)
            {
                callbacks?.AfterUpdate?.Invoke(now);
            }
            int measured = Curves[TrainingCurves.Updates].Count;
            if (measured > points)
            {
                points = measured;
                callbacks?.AtPoint?.Invoke(now);
                progress?.Report(now);
            }
        }
    }

    /// <inheritdoc/>
    public override SortedDictionary<string, double> Score(Fold fold, long? limit = null)
    {
        ThrowIfDisposed();
        return evaluator.Score(fold, limit);
    }

    /// <inheritdoc/>
    public override SortedDictionary<string, double> ScoreAtLength(int steps, long? limit = null)
    {
        ThrowIfDisposed();
        return new Evaluator<T>(Network, Task.AtLength(steps)).Score(Fold.Test, limit);
    }

    /// <summary>Puts the selected state's weights into the network, where the spec selects one,
    /// and scores it: test sequences and what the rules add. Training cannot go on from there.
    /// </summary>
    /// <returns>Scores by name; NaN for a run that has no state worth a score.</returns>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public SortedDictionary<string, double> Finish()
    {
        ThrowIfDisposed();
        selection?.CopyTo(ParameterBytes);
        // A run that selects its state by validation scores has one even if it diverged later.
        bool lost = Diverged && SelectedUpdate is null or < 0;
        SortedDictionary<string, double> metrics = new(StringComparer.Ordinal);
        if (SelectedUpdate is { } selected)
        {
            metrics["selected update"] = selected;
        }
        void Add(string name, double value) => metrics[name] = lost ? double.NaN : value;
        foreach ((string name, double value) in Score(Fold.Test, Spec.TestSequences))
        {
            Add("test " + name, value);
        }
        foreach (RuleAtWork rule in rules)
        {
            rule.AddScores(Add);
        }
        learner.AddScores((name, value) => metrics[name] = value);
        return metrics;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        isDisposed = true;
        learner.Dispose();
        GC.SuppressFinalize(this);
    }

    internal override bool IsWithin(Fold fold, long first, int count, int maximumWrong) =>
        evaluator.IsWithin(fold, first, count, maximumWrong);

    internal override SweepCost CostOf(int steps) => Network.CostOf(steps, Task.IsOneHot);

    internal override void ClearGradient(ParameterView view) => view.Of(Network.Gradients).Clear();

    internal override double[] Parameters(ParameterView view)
    {
        Span<T> block = view.Of(Network.Parameters);
        double[] values = new double[block.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateTruncating(block[i]);
        }
        return values;
    }

    internal void BeforeGradient(Batch<T> batch)
    {
        foreach (RuleAtWork rule in rules)
        {
            rule.BeforeGradient(batch);
        }
    }

    internal void AfterGradient()
    {
        foreach (RuleAtWork rule in rules)
        {
            rule.AfterGradient();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(isDisposed, this);

    private double RateFactor()
    {
        double factor = 1;
        foreach (RuleAtWork rule in rules)
        {
            factor *= rule.RateFactor;
        }
        return factor;
    }

    // A run that has learnt its task is not given up at the same update.
    private void Decide()
    {
        foreach (RuleAtWork rule in rules)
        {
            string? outcome = rule.Decide();
            Ended = outcome == Outcomes.Succeeded ? outcome : Ended ?? outcome;
        }
    }

    private void Measure()
    {
        Curves.Add(TrainingCurves.Updates, Updates);
        window.AddTo(Curves, hasExtremes, Spec.Rule<RegularizerSchedule>() is not null);
        window = new TrainingWindow();
        learner.AddTo(Curves);
        SortedDictionary<string, double>? scores = null;
        if (Spec.ValidationSequences > 0)
        {
            scores = Score(Fold.Validation, Spec.ValidationSequences);
            foreach ((string name, double value) in scores)
            {
                Curves.Add("validation " + name, value);
            }
        }
        foreach (RuleAtWork rule in rules)
        {
            rule.AtPoint(scores);
        }
        if (Spec.TestCurve)
        {
            foreach ((string name, double value) in Score(Fold.Test, Spec.TestSequences))
            {
                Curves.Add("test " + name, value);
            }
        }
    }
}

/// <summary>
/// A trainer of a network of single precision, which every recorded run is.
/// </summary>
public sealed class Trainer : Trainer<float>
{
    /// <inheritdoc cref="Trainer{T}(SequenceNetwork{T}, SequenceTask, TrainingSpec, ulong)"/>
    public Trainer(
        SequenceNetwork<float> network, SequenceTask task, TrainingSpec spec, ulong seed)
        : base(network, task, spec, seed)
    {
    }
}
