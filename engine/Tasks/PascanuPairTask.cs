using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>What the network has to make of the two marked numbers.</summary>
public enum PairOperation
{
    /// <summary>Their mean, (a + b) / 2.</summary>
    Addition,

    /// <summary>Their product, a·b.</summary>
    Multiplication,
}

/// <summary>The operations' words in specs.</summary>
public static class PairOperations
{
    /// <summary>The task's name; part of run ids.</summary>
    public static string Word(this PairOperation operation) => operation switch
    {
        PairOperation.Addition => "pascanu-addition",
        PairOperation.Multiplication => "pascanu-multiplication",
        _ => throw Unknown.Member(operation),
    };
}

/// <summary>
/// Addition and multiplication in Pascanu, Mikolov and Bengio's form: two channels, numbers
/// uniform in [0, 1) and a mask with two ones; the target at the last step is the mean or the
/// product of the marked numbers; a sequence is wrong when its squared error is above 0.04. The
/// sequences of a group have T′ steps, T′ uniform from T on by up to a tenth of T.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement, after Hochreiter and Schmidhuber 1997; the
/// authors' addition.py and multiplication.py.
/// </summary>
public sealed class PascanuPairTask : FreshTask
{
    /// <summary>Squared error above which a sequence is wrong.</summary>
    public const double Tolerance = 0.04;

    // Far beyond the blocks that numbers use.
    private const ulong MarksBlock = 1UL << 40;

    private readonly float[] numbers;

    /// <summary>A task of sequences of given lengths.</summary>
    /// <param name="operation">Mean or product.</param>
    /// <param name="length">T, 10 or more.</param>
    /// <param name="seed">The seed of sequences and lengths.</param>
    /// <param name="source">By the code T′ is T … T + ⌊.1T⌋ − 1, and the marks lie, steps counted
    /// from 0, in the first ⌊.1T′⌋ steps and in the ⌊.4T′⌋ after them. By the text T′ is
    /// T … ⌊1.1T⌋, and the marks lie, steps counted from 1, in [1, .1T′] and [.1T′, .5T′]; a step
    /// at .1T′ is the first mark's, so that the marks never meet.</param>
    /// <param name="testCount">Test sequences.</param>
    /// <exception cref="ArgumentOutOfRangeException">T leaves no room for the marks, or the test
    /// fold is empty.</exception>
    public PascanuPairTask(
        PairOperation operation, SequenceLength length, ulong seed,
        ProtocolSource source = ProtocolSource.AuthorsCode, int testCount = 10_000)
        : base(AtLeast(length, 10, "the first mark's tenth"), seed, testCount,
            length.Minimum, length.Maximum + Extra(length.Maximum, source) - 1)
    {
        _ = operation.Word();
        Operation = operation;
        Source = source;
        numbers = new float[Steps];
    }

    /// <summary>Mean or product.</summary>
    public PairOperation Operation { get; }

    /// <summary>Which lengths and windows.</summary>
    public ProtocolSource Source { get; }

    /// <inheritdoc/>
    public override string Name => Operation.Word();

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int InputSize => 2;

    /// <inheritdoc/>
    public override int OutputSize => 1;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Linear;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "shortest", "longest", "test", "windows");
        return new PascanuPairTask(
            node["name"].Member<PairOperation>(o => o.Word()),
            SequenceTasks.Length(node), seed, ProtocolSources.Read(node["windows"]),
            node["test"].Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings
    {
        get
        {
            SortedDictionary<string, object> settings = CommonSettings();
            settings["windows"] = Source.Word();
            return settings;
        }
    }

    /// <summary>T′ of a group.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="group">As in <see cref="SequenceTask.StepsOf"/>.</param>
    public override int StepsOf(Fold fold, long group)
    {
        int steps = Length.Of(Seed, fold, group);
        Philox random = SequenceLength.Numbers(Seed, fold, group);
        return steps + (int)random.Below(1, (uint)Extra(steps, Source));
    }

    /// <summary>The same task at one other T; T′ still differs by group.</summary>
    /// <param name="steps">T, 10 or more.</param>
    public override SequenceTask AtLength(int steps) =>
        new PascanuPairTask(Operation, steps, Seed, Source, TestCount);

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        int steps = StepsIn(batch);
        Span<float> drawn = numbers.AsSpan(0, steps);
        Philox random = new(Seed, PurposeOf(fold), checked((uint)index));
        random.Fill(drawn);
        random.Block(MarksBlock, out uint one, out uint two, out _, out _);
        (int early, int late) = Windows(steps);
        int first = Scaled(one, early);
        int second = early + Scaled(two, late);
        PairSequence.Fill(drawn, first, second, batch, slot);
        float a = numbers[first];
        float b = numbers[second];
        batch.Targets[slot] = Operation switch
        {
            PairOperation.Addition => (a + b) / 2,
            PairOperation.Multiplication => a * b,
            _ => throw Unknown.Member(Operation),
        };
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        PairSequence.Score(
            batch, outputs, sums, static (output, target) => (double)output - target,
            static error => error * error <= Tolerance);

    /// <summary>Steps that the first mark may take from step 0 on, and after them the second.
    /// </summary>
    /// <param name="steps">T′.</param>
    internal (int Early, int Late) Windows(int steps)
    {
        int tenth = steps / 10;
        int late = Source switch
        {
            ProtocolSource.AuthorsCode => (int)((long)steps * 4 / 10),
            ProtocolSource.PaperText => (steps / 2) - tenth,
            _ => throw Unknown.Member(Source),
        };
        return (tenth, late);
    }

    // How many values T′ has.
    private static int Extra(int steps, ProtocolSource source) =>
        (steps / 10) + source switch
        {
            ProtocolSource.AuthorsCode => 0,
            ProtocolSource.PaperText => 1,
            _ => throw Unknown.Member(source),
        };
}
