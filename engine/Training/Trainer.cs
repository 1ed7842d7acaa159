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
public sealed class Trainer : IDisposable
{
    /// <summary>Version of what <see cref="Save"/> writes: raised with every change of it, so
    /// that a state of another layout is refused instead of misread.</summary>
    public const int Layout = 2;

    private readonly Learner learner;
    private readonly RuleAtWork[] rules;
    private readonly ModelSelection? selection;
    private readonly bool hasExtremes;
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
        Network = network;
        Task = task;
        Spec = spec;
        Seed = seed;
        Evaluator = new Evaluator(network, task);
        rules = [.. spec.Rules.Select(rule => rule.Start(this))];
        selection = rules.OfType<ModelSelection>().FirstOrDefault();
        // A run without Ω and guard has none of the measures that came with them, so that records
        // of older runs stay what they are.
        hasExtremes = spec.Rule<RegularizerSchedule>() is not null
            || spec.Rule<GradientGuard>() is not null;
        learner = spec.Optimizer.NewLearner(this);
    }

    /// <summary>The network being trained.</summary>
    public SequenceNetwork<float> Network { get; }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private set; }

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

    /// <summary>Whether saving now costs little beside the work since the last save.</summary>
    public bool IsSavePoint => learner.IsSavePoint;

    /// <summary>Update whose state is tested, when the spec selects one.</summary>
    public long? SelectedUpdate => selection?.BestUpdate;

    /// <summary>What was measured along the way.</summary>
    public TrainingCurves Curves { get; } = new();

    internal SequenceTask Task { get; }

    internal TrainingSpec Spec { get; }

    internal ulong Seed { get; }

    internal Evaluator Evaluator { get; }

    /// <summary>SHA-256 of the parameters as little-endian float32.</summary>
    public string WeightsHash() => Convert.ToHexStringLower(
        SHA256.HashData(MemoryMarshal.AsBytes(Network.Parameters)));

    /// <summary>One update, and the evaluation that is due after it.</summary>
    /// <param name="pause">Whether to pause within an update, where the learner can; null for
    /// never.</param>
    /// <returns>False when nothing is left to do.</returns>
    public bool Advance(Func<bool>? pause = null)
    {
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

    /// <summary>Mean scores over a fold.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    public SortedDictionary<string, double> Score(Fold fold, long? limit = null) =>
        Evaluator.Score(fold, limit);

    /// <summary>Mean scores over test sequences of another length.</summary>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    /// <exception cref="NotSupportedException">The task has one length only.</exception>
    public SortedDictionary<string, double> ScoreAtLength(int steps, long? limit = null) =>
        new Evaluator(Network, Task.AtLength(steps)).Score(Fold.Test, limit);

    /// <summary>Puts the selected state's weights into the network, where the spec selects one,
    /// and scores it: test sequences and what the rules add. Training cannot go on from there.
    /// </summary>
    /// <returns>Scores by name; NaN for a run that has no state worth a score.</returns>
    public SortedDictionary<string, double> Finish()
    {
        selection?.CopyTo(Network.Parameters);
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

    /// <summary>Everything that a later <see cref="Restore"/> needs.</summary>
    public byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Layout);
        writer.Write(Network.Spec.ToString());
        writer.Write(Updates);
        window.Write(writer);
        writer.Write(Network.Parameters.Length);
        writer.Write(MemoryMarshal.AsBytes(Network.Parameters));
        Curves.Write(writer);
        learner.Write(writer);
        foreach (RuleAtWork rule in rules)
        {
            rule.Write(writer);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Continues where a saved state stands.</summary>
    /// <exception cref="InvalidDataException">The state is of another layout or network.
    /// </exception>
    public void Restore(byte[] state)
    {
        using BinaryReader reader = new(new MemoryStream(state));
        int layout = state.Length < sizeof(int) ? 0 : reader.ReadInt32();
        if (layout != Layout)
        {
            throw new InvalidDataException(
                $"the saved state has layout {layout}, and this program reads {Layout}; train "
                + "anew");
        }
        string network = reader.ReadString();
        if (network != Network.Spec.ToString())
        {
            throw new InvalidDataException(
                $"the saved state is of {network}, and the network is {Network.Spec}");
        }
        Updates = reader.ReadInt64();
        window = TrainingWindow.Read(reader);
        int length = reader.ReadInt32();
        if (length != Network.Parameters.Length)
        {
            throw new InvalidDataException(
                $"the saved state has {length} parameters, the network "
                + $"{Network.Parameters.Length}");
        }
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(Network.Parameters));
        Curves.Read(reader);
        learner.Read(reader);
        foreach (RuleAtWork rule in rules)
        {
            rule.Read(reader);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => learner.Dispose();

    internal void BeforeGradient(Batch<float> batch)
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
