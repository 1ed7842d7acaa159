using Repro.Engine.Data;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// Polyphonic music: which of 88 keys sound in each frame, from the frames before. The input of
/// a step is the frame before it, zeros where the piece begins, so that every frame is predicted
/// exactly once. A training sequence is a chunk of a piece, its loss the mean over its frames,
/// and starts from a hidden state of zero; validation and test sequences are whole pieces,
/// shortest first.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement ("sequences of 200 steps", "cost averaged
/// over the sequence"); Boulanger-Lewandowski, Bengio, Vincent 2012 for the measure.
/// </summary>
public sealed class MusicTask : SequenceTask
{
    internal const string Word = "polyphonic-music";

    /// <summary>The sum that divides the scores.</summary>
    public const string Frames = "frames";

    private readonly int chunk;
    private readonly int trainingSteps;
    private readonly Excerpt[] training;
    private readonly Excerpt[] validation;
    private readonly Excerpt[] test;

    /// <summary>The task over a set.</summary>
    /// <param name="set">The pieces.</param>
    /// <param name="chunk">Most frames of a training sequence, 1 or more.</param>
    /// <exception cref="ArgumentException">There is nothing to cut, or a fold has no piece.
    /// </exception>
    public MusicTask(MusicSet set, int chunk = 200)
        : this(
            set.Train, set.Valid, set.Test, set.Collection.Word(), set.ContentHash, chunk)
    {
    }

    internal MusicTask(
        IReadOnlyList<MusicPiece> train, IReadOnlyList<MusicPiece> valid,
        IReadOnlyList<MusicPiece> test, string collection, string contentHash, int chunk)
    {
        if (chunk < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(chunk), chunk, $"chunks of {chunk} frames; 1 or more are needed");
        }
        if (train.Count == 0 || valid.Count == 0 || test.Count == 0)
        {
            throw new ArgumentException(
                $"{train.Count} training, {valid.Count} validation and {test.Count} test pieces; "
                + "1 or more of each are needed");
        }
        this.chunk = chunk;
        Collection = collection;
        DataHashes = new Dictionary<string, string> { [$"polymusic/{collection}"] = contentHash };
        training = [.. train.SelectMany(piece => Cut(piece, chunk))];
        validation = Whole(valid);
        this.test = Whole(test);
        trainingSteps = training.Max(e => e.Length);
        Steps = Math.Max(trainingSteps, Math.Max(validation[^1].Length, this.test[^1].Length));
    }

    /// <summary>The set's name.</summary>
    public string Collection { get; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize => MusicSet.Keys;

    /// <inheritdoc/>
    public override int OutputSize => MusicSet.Keys;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Bernoulli;

    /// <inheritdoc/>
    public override LossPlacement LossAt => LossPlacement.EveryStep;

    /// <inheritdoc/>
    public override bool HasWeights => true;

    /// <inheritdoc/>
    public override string? Denominator => Frames;

    /// <inheritdoc/>
    /// <remarks>Pieces of a group are of like length, and few, so that little is padding.
    /// </remarks>
    public override int EvaluationBatch => 10;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "chunk", "set");
        MusicCollection set = node["set"].Member<MusicCollection>(c => c.Word());
        return new MusicTask(MusicSet.Load(sources.Data, set), node["chunk"].Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings =>
        new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["chunk"] = chunk,
            ["set"] = Collection,
        };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> DataHashes { get; }

    /// <inheritdoc/>
    public override long? Count(Fold fold) => Of(fold).Length;

    /// <inheritdoc/>
    public override int StepsOf(Fold fold, long group)
    {
        Excerpt[] excerpts = Of(fold);
        return fold switch
        {
            Fold.Training => trainingSteps,
            Fold.Validation or Fold.Test =>
                excerpts[Math.Min((group + 1) * EvaluationBatch, excerpts.Length) - 1].Length,
            _ => throw Unknown.Member(fold),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such sequence, or the batch has no weights
    /// or too few steps for it.</exception>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        Excerpt[] excerpts = Of(fold);
        if (index < 0 || index >= excerpts.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index,
                $"the {fold} fold has {excerpts.Length} sequences, from 0 on");
        }
        (MusicPiece piece, int start, int length) = excerpts[index];
        if (batch.Weights is not { } weights || batch.Steps < length)
        {
            throw new ArgumentException(
                $"sequence {index} of the {fold} fold has {length} frames, but the batch has "
                + (batch.Weights is null ? "no weights" : $"{batch.Steps} steps"));
        }
        float weight = 1f / ((float)length * batch.Size);
        for (int t = 0; t < batch.Steps; t++)
        {
            int row = (t * batch.Size) + slot;
            Span<float> input = batch.Inputs.AsSpan(row * MusicSet.Keys, MusicSet.Keys);
            Span<float> target = batch.Targets.AsSpan(row * MusicSet.Keys, MusicSet.Keys);
            bool isThere = t < length;
            weights[row] = isThere ? weight : 0;
            Put(isThere ? start + t - 1 : -1, piece, input);
            Put(isThere ? start + t : -1, piece, target);
        }
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums)
    {
        double loss = 0;
        long frames = 0;
        for (int row = 0; row < batch.Steps * batch.Size; row++)
        {
            if (batch.Weights![row] > 0)
            {
                loss += Loss(
                    outputs.Slice(row * MusicSet.Keys, MusicSet.Keys),
                    batch.Targets.AsSpan(row * MusicSet.Keys, MusicSet.Keys));
                frames++;
            }
        }
        sums[MetricNames.NegativeLogLikelihood] =
            sums.GetValueOrDefault(MetricNames.NegativeLogLikelihood) + loss;
        sums[Frames] = sums.GetValueOrDefault(Frames) + frames;
    }

    // Each key costs log(1 + e^o) − x·o = max(o, 0) − x·o + log(1 + e^−|o|). The 88 factors
    // 1 + e^−|o| lie in (1, 2], so that their product is finite and one logarithm is enough.
    private static double Loss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target)
    {
        double linear = 0;
        double product = 1;
        for (int k = 0; k < outputs.Length; k++)
        {
            double o = outputs[k];
            linear += target[k] > 0 ? Math.Max(-o, 0) : Math.Max(o, 0);
            product *= 1 + Elementary.Exp(-Math.Abs(o));
        }
        return linear + Elementary.Log(product);
    }

    private static void Put(int frame, MusicPiece piece, Span<float> to)
    {
        if (frame < 0)
        {
            to.Clear();
            return;
        }
        ReadOnlySpan<byte> keys = piece.Frame(frame);
        for (int k = 0; k < keys.Length; k++)
        {
            to[k] = keys[k];
        }
    }

    private static IEnumerable<Excerpt> Cut(MusicPiece piece, int chunk)
    {
        for (int start = 0; start < piece.Steps; start += chunk)
        {
            yield return new Excerpt(piece, start, Math.Min(chunk, piece.Steps - start));
        }
    }

    private static Excerpt[] Whole(IReadOnlyList<MusicPiece> pieces) =>
        [.. pieces.Select(p => new Excerpt(p, 0, p.Steps)).OrderBy(e => e.Length)];

    private Excerpt[] Of(Fold fold) => fold switch
    {
        Fold.Training => training,
        Fold.Validation => validation,
        Fold.Test => test,
        _ => throw Unknown.Member(fold),
    };

    /// <summary>Some frames of a piece.</summary>
    private readonly record struct Excerpt(MusicPiece Piece, int Start, int Length);
}
