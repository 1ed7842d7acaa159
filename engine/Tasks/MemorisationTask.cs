using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// Noiseless memorisation: a pattern of P values, T blanks, a cue, and P − 1 blanks, T + 2P steps
/// in all. The target is a blank at each of the first T + P steps, then the pattern in its order;
/// so the answer begins in the very step of the cue, step T + P counted from 0. A sequence is
/// wrong when any step is. Inputs: values 0 … V − 1, blank V, cue V + 1; classes: values, blank V.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement, after Martens and Sutskever 2011; the
/// authors' memorization.py.
/// </summary>
public sealed class MemorisationTask : FreshTask
{
    internal const string Word = "memorisation";

    private const string AllWord = "all";
    private const string RandomWord = "random";

    /// <summary>The most patterns a task that shows them all in turn may have.</summary>
    public const int MostPatterns = 1024;

    private readonly int patterns;

    /// <summary>A task of given lengths and patterns.</summary>
    /// <param name="length">T, blanks between the pattern and the cue, 1 or more.</param>
    /// <param name="seed">The seed of sequences and lengths.</param>
    /// <param name="positions">P, 1 or more.</param>
    /// <param name="values">V, 2 or more.</param>
    /// <param name="allPatterns">Whether sequence i of a fold has pattern i mod V^P, so that a
    /// batch of V^P is all of them, instead of a random one.</param>
    /// <param name="testCount">Test sequences; null for V^P of all patterns, or 10,000 of random
    /// ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range, or the test fold does
    /// not hold each of all patterns equally often.</exception>
    public MemorisationTask(
        SequenceLength length, ulong seed, int positions, int values, bool allPatterns,
        int? testCount = null)
        : base(AtLeast(length, 1, "a blank"), seed,
            testCount ?? (allPatterns ? PatternsOf(positions, values) : 10_000),
            length.Minimum + Ends(positions), length.Maximum + Ends(positions))
    {
        Positions = positions;
        Values = Several(values);
        AllPatterns = allPatterns;
        patterns = allPatterns ? PatternsOf(positions, values) : 0;
        if (allPatterns && TestCount % patterns != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(testCount), testCount,
                $"{testCount} test sequences do not hold each of {patterns} patterns equally "
                + $"often; give a multiple of {patterns}");
        }
    }

    /// <summary>P, values to remember.</summary>
    public int Positions { get; }

    /// <summary>V, different values.</summary>
    public int Values { get; }

    /// <summary>Whether all patterns come in turn.</summary>
    public bool AllPatterns { get; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int InputSize => Values + 2;

    /// <inheritdoc/>
    public override int OutputSize => Values + 1;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Softmax;

    /// <inheritdoc/>
    public override LossPlacement LossAt => LossPlacement.EveryStep;

    /// <inheritdoc/>
    public override bool IsOneHot => true;

    /// <summary>Sequences evaluated together: all patterns, or 20.</summary>
    public override int EvaluationBatch => AllPatterns ? patterns : base.EvaluationBatch;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "shortest", "longest", "test", "patterns", "positions",
            "values");
        return new MemorisationTask(
            SequenceTasks.Length(node), seed, node["positions"].Count, node["values"].Count,
            node["patterns"].Choice((AllWord, () => true), (RandomWord, () => false)),
            node["test"].Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings
    {
        get
        {
            SortedDictionary<string, object> settings = CommonSettings();
            settings["patterns"] = AllPatterns ? AllWord : RandomWord;
            settings["positions"] = Positions;
            settings["values"] = Values;
            return settings;
        }
    }

    /// <summary>The original task: all 32 patterns of five binary values.</summary>
    /// <param name="length">T, 1 or more.</param>
    /// <param name="seed">The seed of lengths.</param>
    public static MemorisationTask Original(SequenceLength length, ulong seed) =>
        new(length, seed, 5, 2, allPatterns: true);

    /// <summary>The extended task: random patterns of ten values out of five.</summary>
    /// <param name="length">T, 1 or more.</param>
    /// <param name="seed">The seed of sequences and lengths.</param>
    /// <param name="testCount">Test sequences.</param>
    public static MemorisationTask Extended(
        SequenceLength length, ulong seed, int testCount = 10_000) =>
        new(length, seed, 10, 5, allPatterns: false, testCount);

    /// <summary>T + 2P of a group.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="group">As in <see cref="SequenceTask.StepsOf"/>.</param>
    public override int StepsOf(Fold fold, long group) =>
        base.StepsOf(fold, group) + Ends(Positions);

    /// <summary>The same task at one other T; sequences then have T + 2P steps.</summary>
    /// <param name="steps">T, 1 or more.</param>
    public override SequenceTask AtLength(int steps) =>
        new MemorisationTask(steps, Seed, Positions, Values, AllPatterns, TestCount);

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        int steps = StepsIn(batch);
        int width = batch.Size;
        int[] symbols = batch.InputIndices;
        int[] classes = batch.Classes;
        int cue = ((steps - Positions) * width) + slot;
        int end = (steps * width) + slot;
        int blank = Values;
        // Two loops: stores that alternate between the arrays take five times as long.
        for (int at = slot; at < end; at += width)
        {
            symbols[at] = blank;
        }
        for (int at = slot; at < end; at += width)
        {
            classes[at] = blank;
        }
        symbols[cue] = blank + 1;
        uint number = checked((uint)index);
        Philox random = new(Seed, PurposeOf(fold), number);
        uint rest = AllPatterns ? number % (uint)patterns : 0;
        for (int k = 0; k < Positions; k++)
        {
            int value = AllPatterns
                ? (int)(rest % (uint)Values)
                : (int)random.Below((ulong)k, (uint)Values);
            rest /= (uint)Values;
            symbols[(k * width) + slot] = value;
            classes[cue + (k * width)] = value;
        }
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        ClassScore.AddSequences(
            batch.Steps, batch.Size, OutputSize, batch.Classes, outputs, sums);

    // The pattern and its answer.
    private static int Ends(int positions) => positions >= 1
        ? checked(2 * positions)
        : throw new ArgumentOutOfRangeException(
            nameof(positions), positions,
            $"patterns of {positions} positions; 1 or more are needed");

    private static int Several(int values) => values >= 2
        ? values
        : throw new ArgumentOutOfRangeException(
            nameof(values), values,
            $"patterns made of {values} different values; 2 or more are needed");

    private static int PatternsOf(int positions, int values)
    {
        long patterns = 1;
        for (int k = 0; k < positions && patterns <= MostPatterns; k++)
        {
            patterns *= Several(values);
        }
        return patterns <= MostPatterns ? (int)patterns : throw new ArgumentOutOfRangeException(
            nameof(positions), positions,
            $"{values} values at {positions} positions make more than {MostPatterns} patterns; "
            + "use random ones");
    }
}
