using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>Which sequences.</summary>
public enum Fold
{
    /// <summary>For the gradient.</summary>
    Training,

    /// <summary>For choices and curves.</summary>
    Validation,

    /// <summary>For the final figure, read once.</summary>
    Test,
}

/// <summary>
/// A source of sequences with targets and a score. Sequence i of a fold is a pure function of
/// (seed, fold, i), so nothing about the data is saved in a checkpoint.
/// </summary>
public abstract class SequenceTask
{
    /// <summary>The task's name, as in a run's spec.</summary>
    public abstract string Name { get; }

    /// <summary>Raised by hand when the same seed would give other sequences or scores.</summary>
    public abstract int BehaviourVersion { get; }

    /// <summary>The components that a run on this task uses: the task and its readout.</summary>
    internal virtual IEnumerable<PartVersion> Parts =>
        [new("task." + Name, BehaviourVersion), Readout.Part()];

    /// <summary>The task in a run's settings; part of ids.</summary>
    internal JsonObject Describe()
    {
        JsonObject node = new() { ["name"] = Name, ["steps"] = Steps };
        foreach ((string name, object value) in Settings)
        {
            node[name] = JsonOf(name, value);
        }
        return node;
    }

    private JsonValue JsonOf(string name, object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int whole => JsonValue.Create(whole),
        long whole => JsonValue.Create(whole),
        ulong whole => JsonValue.Create(whole),
        double number => JsonValue.Create(number),
        _ => throw new InvalidOperationException(
            $"setting '{name}' of task '{Name}' is {value} of type {value.GetType()}; a string, "
            + "bool, int, long, ulong or double is needed"),
    };

    /// <summary>T, time steps of a sequence; of the longest, where lengths differ.</summary>
    public abstract int Steps { get; }

    /// <summary>I, inputs a step.</summary>
    public abstract int InputSize { get; }

    /// <summary>O, outputs.</summary>
    public abstract int OutputSize { get; }

    /// <summary>What the outputs mean.</summary>
    public abstract Readout Readout { get; }

    /// <summary>Whether each input is one of I symbols; batches then hold indices.</summary>
    public virtual bool IsOneHot => false;

    /// <summary>Whether <see cref="Fill"/> sets what each loss counts, for sequences of unequal
    /// lengths; batches then hold weights.</summary>
    public virtual bool HasWeights => false;

    /// <summary>
    /// Whether a sequence goes on where the one in the same place of the batch before ended, so
    /// that the hidden state is carried over. Such a task is visited in its own order.
    /// </summary>
    public virtual bool CarriesState => false;

    /// <summary>Sequences of a batch at which a carried state is set back to zero.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="index">The index of the batch's first sequence.</param>
    public virtual bool StartsAnew(Fold fold, long index) => index == 0;

    /// <summary>The sum by which scores are divided, such as the number of steps; null for the
    /// number of sequences.</summary>
    public virtual string? Denominator => null;

    /// <summary>Sequences evaluated together.</summary>
    public virtual int EvaluationBatch => 100;

    /// <summary>
    /// T of the sequences filled together, 1 … <see cref="Steps"/>: a pure function of its
    /// arguments and the seed.
    /// </summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="group">The update's number in the training fold, counted from 0; elsewhere
    /// the index of a sequence divided by <see cref="EvaluationBatch"/>.</param>
    public virtual int StepsOf(Fold fold, long group) => Steps;

    /// <summary>The same task with sequences of one other length, for a trained network.</summary>
    /// <param name="steps">T, 1 or more.</param>
    /// <exception cref="NotSupportedException">The task has one length only.</exception>
    public virtual SequenceTask AtLength(int steps) => throw new NotSupportedException(
        $"task '{Name}' has sequences of {Steps} steps only; {steps} cannot be had");

    /// <summary>Where the loss sits.</summary>
    public virtual LossPlacement LossAt => LossPlacement.LastStep;

    /// <summary>Settings that change the sequences, for the run's spec: name → value, each a
    /// string, bool, int, long, ulong or double.</summary>
    public abstract IReadOnlyDictionary<string, object> Settings { get; }

    /// <summary>SHA-256 of each file the task reads; empty for generated data.</summary>
    public virtual IReadOnlyDictionary<string, string> DataHashes { get; } =
        new Dictionary<string, string>();

    /// <summary>Sequences in a fold; null when fresh ones never end.</summary>
    public abstract long? Count(Fold fold);

    /// <summary>Writes sequence <paramref name="index"/> into row <paramref name="slot"/>.
    /// </summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="index">0 … Count − 1.</param>
    /// <param name="batch">Inputs [T, B, I]; its sizes T and B must be set.</param>
    /// <param name="slot">b, 0 … B − 1.</param>
    public abstract void Fill(Fold fold, long index, Batch<float> batch, int slot);

    /// <summary>
    /// Adds the score of a batch to named sums, each to be divided by the number of sequences.
    /// </summary>
    /// <param name="batch">The targets.</param>
    /// <param name="outputs">[B, O] or [T, B, O], before softmax or logistic.</param>
    /// <param name="sums">Sums by metric.</param>
    public abstract void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums);

    /// <summary>A network of this task's sizes.</summary>
    public NetworkSpec Network(int hiddenSize, Activation activation) =>
        new(InputSize, hiddenSize, OutputSize, activation, Readout, LossAt);

    /// <summary>The purpose of a fold's random numbers.</summary>
    protected static uint PurposeOf(Fold fold) => fold switch
    {
        Fold.Training => RandomPurpose.TrainingSequences,
        Fold.Validation => RandomPurpose.ValidationSequences,
        Fold.Test => RandomPurpose.TestSequences,
        _ => throw Unknown.Member(fold),
    };
}
