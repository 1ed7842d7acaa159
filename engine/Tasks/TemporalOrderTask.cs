using System.Runtime.CompilerServices;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>How many marks a temporal-order sequence has.</summary>
public enum TemporalOrder
{
    /// <summary>Two marks, four classes.</summary>
    TwoMarks,

    /// <summary>Three marks, eight classes: the 3-bit task.</summary>
    ThreeMarks,
}

/// <summary>The tasks' words in specs.</summary>
public static class TemporalOrders
{
    /// <summary>The task's name; part of run ids.</summary>
    public static string Word(this TemporalOrder order) => order switch
    {
        TemporalOrder.TwoMarks => "temporal-order",
        TemporalOrder.ThreeMarks => "temporal-order-3bit",
        _ => throw Unknown.Member(order),
    };
}

/// <summary>
/// Temporal order: symbols A or B (0, 1) at two or three marked steps among distractors (2 … 5);
/// the class at the last step is Σ v_k·2^k over the marks' symbols v_k in the order of time.
/// Source: Pascanu, Mikolov, Bengio 2013, §4.1 and supplement, after Hochreiter and Schmidhuber
/// 1997; the authors' tempOrder.py and tempOrder3bit.py.
/// </summary>
public sealed class TemporalOrderTask : FreshTask
{
    /// <summary>A, B and four distractors.</summary>
    public const int Symbols = 6;

    // Far beyond the blocks that distractors use.
    private const ulong MarksBlock = 1UL << 40;

    // Tenths of T at which each mark's window opens.
    private readonly int[] opens;

    /// <summary>A task of sequences of given lengths.</summary>
    /// <param name="length">T, 10 or more.</param>
    /// <param name="seed">The seed of sequences and lengths.</param>
    /// <param name="order">Two marks or three.</param>
    /// <param name="source">Where the windows lie. By the code they hold ⌊T/10⌋ steps each, from
    /// steps ⌊.1T⌋ and ⌊.5T⌋ counted from 0 (three marks: ⌊.1T⌋, ⌊.3T⌋, ⌊.6T⌋). By the text the
    /// steps counted from 1 lie in [.1T, .2T] and [.4T, .5T] (three marks: [.1T, .2T],
    /// [.3T, .4T], [.6T, .7T]).</param>
    /// <param name="testCount">Test sequences.</param>
    /// <exception cref="ArgumentOutOfRangeException">T leaves a window empty, or the test fold is
    /// empty.</exception>
    public TemporalOrderTask(
        SequenceLength length, ulong seed, TemporalOrder order = TemporalOrder.TwoMarks,
        ProtocolSource source = ProtocolSource.AuthorsCode, int testCount = 10_000)
        : base(AtLeast(length, 10, "a step in each mark's window"), seed, testCount,
            length.Minimum, length.Maximum)
    {
        Order = order;
        Source = source;
        opens = (order, source) switch
        {
            (TemporalOrder.TwoMarks, ProtocolSource.AuthorsCode) => [1, 5],
            (TemporalOrder.TwoMarks, ProtocolSource.PaperText) => [1, 4],
            (TemporalOrder.ThreeMarks, ProtocolSource.AuthorsCode or ProtocolSource.PaperText) =>
                [1, 3, 6],
            (TemporalOrder.TwoMarks or TemporalOrder.ThreeMarks, _) =>
                throw Unknown.Member(source),
            _ => throw Unknown.Member(order),
        };
    }

    /// <summary>Two marks or three.</summary>
    public TemporalOrder Order { get; }

    /// <summary>Where the windows lie.</summary>
    public ProtocolSource Source { get; }

    /// <inheritdoc/>
    public override string Name => Order.Word();

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int InputSize => Symbols;

    /// <inheritdoc/>
    public override int OutputSize => 1 << opens.Length;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Softmax;

    /// <inheritdoc/>
    public override bool IsOneHot => true;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "shortest", "longest", "test", "windows");
        return new TemporalOrderTask(
            SequenceTasks.Length(node), seed,
            node["name"].Member<TemporalOrder>(o => o.Word()),
            ProtocolSources.Read(node["windows"]), node["test"].Count);
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

    /// <inheritdoc/>
    public override SequenceTask AtLength(int steps) =>
        new TemporalOrderTask(steps, Seed, Order, Source, TestCount);

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        int steps = StepsIn(batch);
        int width = batch.Size;
        int[] symbols = batch.InputIndices;
        Philox random = new(Seed, PurposeOf(fold), checked((uint)index));
        int t = 0;
        for (ulong block = 0; t < steps; block++)
        {
            random.Block(block, out uint w0, out uint w1, out uint w2, out uint w3);
            t = Distractors(symbols, t, steps, width, slot, ((ulong)w1 << 32) | w0);
            t = Distractors(symbols, t, steps, width, slot, ((ulong)w3 << 32) | w2);
        }
        random.Block(MarksBlock, out uint first, out uint second, out uint third, out uint values);
        int label = 0;
        for (int k = 0; k < opens.Length; k++)
        {
            (int from, int count) = Window(steps, k);
            int at = from + Scaled(k == 0 ? first : k == 1 ? second : third, count);
            int value = (int)(values >> k) & 1;
            symbols[(at * width) + slot] = value;
            label |= value << k;
        }
        batch.Classes[slot] = label;
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        ClassScore.Add(batch.Size, OutputSize, batch.Classes, outputs, sums);

    /// <summary>The steps mark <paramref name="mark"/> may take, counted from 0.</summary>
    /// <param name="steps">T.</param>
    /// <param name="mark">0 for the earliest.</param>
    internal (int From, int Count) Window(int steps, int mark)
    {
        long tenths = (long)steps * opens[mark];
        switch (Source)
        {
            case ProtocolSource.AuthorsCode:
                return ((int)(tenths / 10), steps / 10);
            case ProtocolSource.PaperText:
                int first = (int)((tenths + 9) / 10);
                int last = (int)((tenths + steps) / 10);
                return (first - 1, last - first + 1);
            default:
                throw Unknown.Member(Source);
        }
    }

    // Two bits a distractor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Distractors(
        int[] symbols, int t, int steps, int width, int slot, ulong bits)
    {
        int end = Math.Min(t + 32, steps);
        for (int at = (t * width) + slot; t < end; t++, at += width)
        {
            symbols[at] = 2 + (int)(bits & 3);
            bits >>= 2;
        }
        return t;
    }
}
