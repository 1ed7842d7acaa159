using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// Random permutation: T + 1 symbols s_0 … s_T, of which the network reads the first T; s_0 and
/// s_T are the same one of two symbols (0, 1), the others uniform over the rest of the alphabet.
/// The network has to name s_T after its T inputs, and by the paper's text also each s_{t+1}
/// after s_t; either way a sequence is right when s_T is. T counts inputs, as the authors' code
/// does.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement, after Martens and Sutskever 2011; the
/// authors' permutation.py.
/// </summary>
public sealed class RandomPermutationTask : FreshTask
{
    internal const string Word = "random-permutation";

    /// <summary>The largest alphabet: beyond it, four symbols from 64 bits lose uniformity.
    /// </summary>
    public const int LargestAlphabet = 1024;

    // Far beyond the blocks that the symbols between use.
    private const ulong FirstBlock = 1UL << 40;

    /// <summary>A task of sequences of given lengths.</summary>
    /// <param name="length">T, 2 or more.</param>
    /// <param name="seed">The seed of sequences and lengths.</param>
    /// <param name="alphabet">Symbols, 4 … <see cref="LargestAlphabet"/>.</param>
    /// <param name="lossAt">The last step by the code, every step by the text.</param>
    /// <param name="testCount">Test sequences.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sequence of one step, an alphabet out of
    /// range, or an empty test fold.</exception>
    public RandomPermutationTask(
        SequenceLength length, ulong seed, int alphabet = 100,
        LossPlacement lossAt = LossPlacement.LastStep, int testCount = 10_000)
        : base(AtLeast(length, 2, "a symbol between first and last"), seed, testCount,
            length.Minimum, length.Maximum)
    {
        if (alphabet is < 4 or > LargestAlphabet)
        {
            throw new ArgumentOutOfRangeException(
                nameof(alphabet), alphabet,
                $"an alphabet of {alphabet} symbols; 4 to {LargestAlphabet} can be had");
        }
        Alphabet = alphabet;
        _ = PlacementWord(lossAt);
        LossAt = lossAt;
    }

    /// <summary>Symbols.</summary>
    public int Alphabet { get; }

    /// <inheritdoc/>
    public override LossPlacement LossAt { get; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int InputSize => Alphabet;

    /// <inheritdoc/>
    public override int OutputSize => Alphabet;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Softmax;

    /// <inheritdoc/>
    public override bool IsOneHot => true;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "shortest", "longest", "test", "alphabet", "predict");
        return new RandomPermutationTask(
            SequenceTasks.Length(node), seed, node["alphabet"].Count,
            node["predict"].Member<LossPlacement>(p => PlacementWord(p)),
            node["test"].Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings
    {
        get
        {
            SortedDictionary<string, object> settings = CommonSettings();
            settings["alphabet"] = Alphabet;
            settings["predict"] = PlacementWord(LossAt);
            return settings;
        }
    }

    /// <inheritdoc/>
    public override SequenceTask AtLength(int steps) =>
        new RandomPermutationTask(steps, Seed, Alphabet, LossAt, TestCount);

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        int steps = StepsIn(batch);
        int width = batch.Size;
        int[] symbols = batch.InputIndices;
        int[] classes = batch.Classes;
        Philox random = new(Seed, PurposeOf(fold), checked((uint)index));
        random.Block(FirstBlock, out uint first, out _, out _, out _);
        int repeated = (int)(first & 1);
        symbols[slot] = repeated;
        int t = 1;
        for (ulong block = 0; t < steps; block++)
        {
            random.Block(block, out uint w0, out uint w1, out uint w2, out uint w3);
            t = Between(symbols, t, steps, width, slot, ((ulong)w1 << 32) | w0);
            t = Between(symbols, t, steps, width, slot, ((ulong)w3 << 32) | w2);
        }
        if (LossAt == LossPlacement.LastStep)
        {
            classes[slot] = repeated;
            return;
        }
        int last = ((steps - 1) * width) + slot;
        for (int at = slot; at < last; at += width)
        {
            classes[at] = symbols[at + width];
        }
        classes[last] = repeated;
    }

    /// <summary>Adds accuracy and cross-entropy of the last symbol, wherever the loss sits.
    /// </summary>
    /// <param name="batch">The targets.</param>
    /// <param name="outputs">[B, O], or [T, B, O] where the loss sits at every step.</param>
    /// <param name="sums">Sums by metric.</param>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums)
    {
        int row = LossAt == LossPlacement.LastStep ? 0 : (batch.Steps - 1) * batch.Size;
        ClassScore.Add(
            batch.Size, Alphabet, batch.Classes.AsSpan(row), outputs[(row * Alphabet)..], sums);
    }

    /// <summary>What the network predicts, as in run ids.</summary>
    internal static string PlacementWord(LossPlacement lossAt) => lossAt switch
    {
        LossPlacement.LastStep => "last",
        LossPlacement.EveryStep => "next",
        _ => throw Unknown.Member(lossAt),
    };

    // Four symbols from 64 bits: the high word of a product is a symbol, the low word is what
    // the next one is made of.
    private int Between(int[] symbols, int t, int steps, int width, int slot, ulong bits)
    {
        ulong others = (ulong)Alphabet - 2;
        int end = Math.Min(t + 4, steps);
        for (int at = (t * width) + slot; t < end; t++, at += width)
        {
            symbols[at] = 2 + (int)Math.BigMul(bits, others, out bits);
        }
        return t;
    }
}
