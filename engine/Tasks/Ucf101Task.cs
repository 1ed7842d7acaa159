using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Repro.Engine.Data;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// Clips of UCF-101: the features of T frames, one frame a step, and the clip's class at the last
/// step. One group of the training part is the validation fold and does not train; the split's
/// test part is the test fold.
/// Source: Talathi and Vartak 2016, §4.4.
/// </summary>
public sealed class Ucf101Task : SequenceTask
{
    internal const string Word = "ucf101";

    /// <summary>The group that the paper validates on, of its training groups 8–25.</summary>
    public const int PaperValidationGroup = 25;

    // Reduced clips are kept; whole ones are decoded each time, as fast as memory is read.
    private const long MostBytesKept = 1L << 28;

    private static readonly ConditionalWeakTable<
        Ucf101Features, ConcurrentDictionary<(int, int), Lazy<float[]>>> Kept = [];

    private readonly Ucf101Features features;
    private readonly int pool;
    private readonly int validationGroup;
    private readonly int[] training;
    private readonly int[] validation;
    private readonly int length;
    private readonly Lazy<float[]>? kept;
    private float[] clip = [];
    private float[] reduced = [];

    /// <summary>The task over features at hand.</summary>
    /// <param name="features">Features with labels and split; may be shared.</param>
    /// <param name="validationGroup">The group of the training part that validates.</param>
    /// <param name="frames">T, frames kept of each clip, evenly spread: the middle ones of so
    /// many equal parts. Null for all.</param>
    /// <param name="pool">Neighbouring features averaged into one input; divides their number.
    /// </param>
    /// <exception cref="ArgumentException">No training clip is of that group, or all are.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">Frames or pool are out of range.</exception>
    public Ucf101Task(
        Ucf101Features features, int validationGroup = PaperValidationGroup, int? frames = null,
        int pool = 1)
    {
        Steps = frames ?? features.Steps;
        if (Steps < 1 || Steps > features.Steps)
        {
            throw new ArgumentOutOfRangeException(
                nameof(frames), frames, $"of {features.Steps} frames, 1 … {features.Steps} can be "
                + "kept");
        }
        if (pool < 1 || features.Size % pool != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(pool), pool, $"a divisor of the {features.Size} features is needed");
        }
        bool Validates(int row) => features.Clips[row].Group == validationGroup;
        training = [.. features.TrainRows.Where(row => !Validates(row))];
        validation = [.. features.TrainRows.Where(Validates)];
        if (training.Length == 0 || validation.Length == 0)
        {
            throw new ArgumentException(
                $"group {validationGroup} has {validation.Length} of the "
                + $"{features.TrainRows.Count} training clips; some must be in it and some not");
        }
        this.features = features;
        this.pool = pool;
        this.validationGroup = validationGroup;
        InputSize = features.Size / pool;
        length = Steps * InputSize;
        if (!IsWhole && (long)features.Count * length * sizeof(float) <= MostBytesKept)
        {
            kept = Kept.GetOrCreateValue(features).GetOrAdd(
                (Steps, pool), _ => new Lazy<float[]>(ReduceAll));
        }
    }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize { get; }

    /// <inheritdoc/>
    public override int OutputSize => features.Classes.Count;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Softmax;

    // A batch of whole clips is large: 400 KiB each.
    /// <inheritdoc/>
    public override int EvaluationBatch => 40;

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "pool", "validationGroup");
        return new Ucf101Task(
            sources.Features(sources.Data), node["validationGroup"].Count,
            node.Has("steps") ? node["steps"].Count : null, node["pool"].Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings =>
        new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["pool"] = pool,
            ["validationGroup"] = validationGroup,
        };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> DataHashes =>
        new Dictionary<string, string> { ["ucf101"] = features.ContentHash };

    /// <inheritdoc/>
    public override long? Count(Fold fold) => Rows(fold).Count;

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        ReadOnlySpan<float> frames = Frames(fold, index);
        for (int t = 0; t < Steps; t++)
        {
            int at = ((t * batch.Size) + slot) * InputSize;
            frames.Slice(t * InputSize, InputSize).CopyTo(batch.Inputs.AsSpan(at));
        }
        batch.Classes[slot] = Label(fold, index);
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        ClassScore.Add(batch.Size, OutputSize, batch.Classes, outputs, sums);

    /// <summary>The inputs of a clip, [T, I]; valid until the next call.</summary>
    /// <param name="fold">Which clips.</param>
    /// <param name="index">0 … Count − 1.</param>
    public ReadOnlySpan<float> Frames(Fold fold, long index)
    {
        int row = RowOf(fold, index);
        if (kept is not null)
        {
            return kept.Value.AsSpan(row * length, length);
        }
        clip = clip.Length > 0 ? clip : NewClip();
        features.CopyTo(row, clip);
        if (IsWhole)
        {
            return clip;
        }
        reduced = reduced.Length > 0 ? reduced : new float[length];
        Reduce(clip, reduced);
        return reduced;
    }

    /// <summary>The class of a clip, 0 … O − 1.</summary>
    /// <param name="fold">Which clips.</param>
    /// <param name="index">0 … Count − 1.</param>
    public int Label(Fold fold, long index) => features.Labels[RowOf(fold, index)];

    private bool IsWhole => Steps == features.Steps && pool == 1;

    private float[] NewClip() => new float[features.Steps * features.Size];

    private IReadOnlyList<int> Rows(Fold fold) => fold switch
    {
        Fold.Training => training,
        Fold.Validation => validation,
        Fold.Test => features.TestRows,
        _ => throw Unknown.Member(fold),
    };

    private int RowOf(Fold fold, long index)
    {
        IReadOnlyList<int> rows = Rows(fold);
        return index >= 0 && index < rows.Count
            ? rows[(int)index]
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"the {fold} fold has {rows.Count} clips, from 0 on");
    }

    private float[] ReduceAll()
    {
        float[] whole = NewClip();
        float[] all = new float[features.Count * length];
        for (int row = 0; row < features.Count; row++)
        {
            features.CopyTo(row, whole);
            Reduce(whole, all.AsSpan(row * length, length));
        }
        return all;
    }

    private void Reduce(ReadOnlySpan<float> whole, Span<float> into)
    {
        float share = 1f / pool;
        for (int t = 0; t < Steps; t++)
        {
            int frame = ((2 * t) + 1) * features.Steps / (2 * Steps);
            ReadOnlySpan<float> from = whole.Slice(frame * features.Size, features.Size);
            for (int i = 0; i < InputSize; i++)
            {
                float sum = 0;
                foreach (float value in from.Slice(i * pool, pool))
                {
                    sum += value;
                }
                into[(t * InputSize) + i] = sum * share;
            }
        }
    }
}
