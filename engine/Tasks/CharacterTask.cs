using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// The character so many steps ahead, after every character of a text. A fold is cut into as
/// many streams as a batch has sequences; each batch goes on where the one before ended, with
/// the hidden state carried over. Line ends stand before the text, so that every character is
/// predicted exactly once an epoch; training leaves out the last ones that do not fill a chunk
/// of every stream.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement (200-step sequences, state carried over,
/// cost summed over the steps).
/// </summary>
public sealed class CharacterTask : SequenceTask
{
    internal const string Word = "characters";

    /// <summary>The sum that divides the scores.</summary>
    public const string Characters = "characters";

    // 1 / ln 2, to turn nats into bits.
    private const double BitsPerNat = 1.4426950408889634;

    private readonly CharacterText text;
    private readonly int ahead;
    private readonly int streams;
    private readonly int trained;

    /// <summary>The task over a text.</summary>
    /// <param name="text">Its three folds.</param>
    /// <param name="ahead">How many characters after the input the predicted one stands, 1 or
    /// more.</param>
    /// <param name="streams">B, streams read side by side, in evaluation too; 1 or more.</param>
    /// <param name="chunk">T, characters of a sequence, 1 or more.</param>
    /// <param name="prefix">Training characters used, from the first on; null for all.</param>
    /// <exception cref="ArgumentException">A setting is below 1, or the text too short for one
    /// chunk of every stream.</exception>
    public CharacterTask(
        CharacterText text, int ahead = 1, int streams = 20, int chunk = 200, int? prefix = null)
    {
        if (ahead < 1 || streams < 1 || chunk < 1)
        {
            throw new ArgumentException(
                $"the character {ahead} ahead in {streams} streams of chunks of {chunk}; each "
                + "must be 1 or more");
        }
        trained = prefix ?? text.Training.Length;
        if (trained > text.Training.Length || trained / streams < chunk)
        {
            throw new ArgumentException(
                $"{trained} of {text.Training.Length} characters to train on in {streams} streams "
                + $"of chunks of {chunk}; at least {streams * chunk} are needed and no more than "
                + "there are");
        }
        if (text.Validation.Length == 0 || text.Test.Length == 0)
        {
            throw new ArgumentException(
                $"{text.Validation.Length} characters for validation and {text.Test.Length} for "
                + "the test; 1 or more of each are needed");
        }
        this.text = text;
        this.ahead = ahead;
        this.streams = streams;
        Steps = chunk;
    }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize => text.Symbols;

    /// <inheritdoc/>
    public override int OutputSize => text.Symbols;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Softmax;

    /// <inheritdoc/>
    public override LossPlacement LossAt => LossPlacement.EveryStep;

    /// <inheritdoc/>
    public override bool IsOneHot => true;

    /// <inheritdoc/>
    public override bool HasWeights => true;

    /// <inheritdoc/>
    public override bool CarriesState => true;

    /// <inheritdoc/>
    public override string? Denominator => Characters;

    /// <inheritdoc/>
    public override int EvaluationBatch => streams;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "ahead", "characters", "chunk", "streams");
        return new CharacterTask(
            CharacterText.PennTreebank(sources.Data), node["ahead"].Count,
            node["streams"].Count, node["chunk"].Count,
            node.Has("characters") ? node["characters"].Count : null);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings =>
        new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["ahead"] = ahead,
            ["characters"] = trained,
            ["chunk"] = Steps,
            ["streams"] = streams,
        };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> DataHashes => text.Hashes;

    /// <inheritdoc/>
    public override long? Count(Fold fold) =>
        (StreamLength(fold) + Steps - 1L) / Steps * streams;

    /// <inheritdoc/>
    public override int StepsOf(Fold fold, long group) => fold switch
    {
        Fold.Training => Steps,
        Fold.Validation or Fold.Test =>
            (int)Math.Min(Steps, StreamLength(fold) - (group * Steps)),
        _ => throw Unknown.Member(fold),
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such sequence, or the batch has no
    /// weights.</exception>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        if (index < 0 || index >= Count(fold))
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"the {fold} fold has {Count(fold)} sequences, from 0 on");
        }
        if (batch.Weights is not { } weights)
        {
            throw new ArgumentException("the batch has no weights; this task needs them");
        }
        byte[] all = Of(fold);
        int length = StreamLength(fold);
        int within = checked((int)(index / streams)) * Steps;
        long origin = index % streams * length;
        float weight = 1f / batch.Size;
        for (int t = 0; t < batch.Steps; t++)
        {
            int row = (t * batch.Size) + slot;
            long at = origin + within + t;
            bool isThere = within + t < length && at < all.Length;
            weights[row] = isThere ? weight : 0;
            batch.Classes[row] = isThere ? all[at] : 0;
            batch.InputIndices[row] = isThere && at >= ahead ? all[at - ahead] : text.LineEnd;
        }
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums)
    {
        double loss = 0;
        long characters = 0;
        for (int row = 0; row < batch.Steps * batch.Size; row++)
        {
            if (batch.Weights![row] > 0)
            {
                ClassScore.Row(
                    outputs.Slice(row * OutputSize, OutputSize), batch.Classes[row],
                    out double entropy);
                loss += entropy;
                characters++;
            }
        }
        sums[MetricNames.BitsPerCharacter] =
            sums.GetValueOrDefault(MetricNames.BitsPerCharacter) + (BitsPerNat * loss);
        sums[Characters] = sums.GetValueOrDefault(Characters) + characters;
    }

    // The training fold has whole chunks only; the others every character, their last streams
    // being shorter.
    private int StreamLength(Fold fold) => fold switch
    {
        Fold.Training => trained / streams / Steps * Steps,
        Fold.Validation or Fold.Test => (Of(fold).Length + streams - 1) / streams,
        _ => throw Unknown.Member(fold),
    };

    private byte[] Of(Fold fold) => fold switch
    {
        Fold.Training => text.Training,
        Fold.Validation => text.Validation,
        Fold.Test => text.Test,
        _ => throw Unknown.Member(fold),
    };
}
