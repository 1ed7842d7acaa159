using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// Sequential MNIST: the 784 pixels of an image, one a step in scan-line order, scaled to
/// [0, 1] or as they are; ten classes at the last step. The last images of the training file are
/// the validation fold.
/// Source: Le, Jaitly, Hinton 2015; Talathi and Vartak 2016, §4.3.
/// </summary>
public sealed class SequentialMnist : SequenceTask
{
    internal const string Word = "sequential-mnist";
    private const string PixelsMember = "pixels";

    /// <summary>Pixels of an image.</summary>
    public const int Pixels = 784;

    private readonly MnistImages training;
    private readonly MnistImages test;
    private readonly int[] order;
    private readonly int pool;
    private readonly ulong? permutationSeed;
    private readonly PixelScale pixels;

    /// <summary>The task over images already read.</summary>
    /// <param name="training">The training file's images.</param>
    /// <param name="test">The test file's images.</param>
    /// <param name="validationCount">
    /// Images kept from training for validation; 0 trains on all of them, as the paper does, and
    /// leaves the validation fold empty.
    /// </param>
    /// <param name="permutationSeed">The seed of a fixed order of the pixels; null for scan-line
    /// order.</param>
    /// <param name="pool">Side of the square of pixels averaged into one step: 1 for the paper's
    /// 784 steps, 2 for 196, 4 for 49.</param>
    /// <param name="pixels">What a pixel is as an input.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too few images are left, or the pool does
    /// not divide 28.</exception>
    public SequentialMnist(
        MnistImages training, MnistImages test, int validationCount = 0,
        ulong? permutationSeed = null, int pool = 1, PixelScale pixels = PixelScale.Unit)
    {
        if (validationCount < 0 || validationCount >= training.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationCount), validationCount,
                $"of {training.Count} training images, 0 … {training.Count - 1} can be kept");
        }
        if (pool is not (1 or 2 or 4 or 7 or 14))
        {
            throw new ArgumentOutOfRangeException(
                nameof(pool), pool, "a pool of 1, 2, 4, 7 or 14 pixels is needed");
        }
        this.training = training;
        this.test = test;
        _ = pixels.Word();
        this.pool = pool;
        this.pixels = pixels;
        this.permutationSeed = permutationSeed;
        ValidationCount = validationCount;
        Steps = Pixels / (pool * pool);
        order = Shuffle.Identity(Steps);
        if (permutationSeed is { } seed)
        {
            Shuffle.InPlace(order, new Philox(seed, RandomPurpose.InputPermutation));
        }
    }

    /// <summary>Images kept from training for validation.</summary>
    public int ValidationCount { get; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize => 1;

    /// <inheritdoc/>
    public override int OutputSize => 10;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Softmax;

    internal override IEnumerable<PartVersion> Parts => pixels == PixelScale.Unit
        ? base.Parts
        : base.Parts.Append(new PartVersion("pixel-scale", 1));

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "pool", "validation", "permutation", PixelsMember);
        return MnistTask.Load(
            sources.Data, node["validation"].Count,
            node.Has("permutation") ? checked((ulong)node["permutation"].Whole) : null,
            node["pool"].Count,
            node.Has(PixelsMember)
                ? node[PixelsMember].Member<PixelScale>(p => p.Word())
                : PixelScale.Unit);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings
    {
        get
        {
            SortedDictionary<string, object> settings = new(StringComparer.Ordinal)
            {
                ["pool"] = pool,
                ["validation"] = ValidationCount,
            };
            if (permutationSeed is { } seed)
            {
                settings["permutation"] = seed;
            }
            if (pixels != PixelScale.Unit)
            {
                settings[PixelsMember] = pixels.Word();
            }
            return settings;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> DataHashes =>
        new Dictionary<string, string>
        {
            ["mnist/train"] = training.ContentHash,
            ["mnist/t10k"] = test.ContentHash,
        };

    /// <inheritdoc/>
    public override long? Count(Fold fold) => fold switch
    {
        Fold.Training => training.Count - ValidationCount,
        Fold.Validation => ValidationCount,
        Fold.Test => test.Count,
        _ => throw Unknown.Member(fold),
    };

    /// <inheritdoc/>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        if (index < 0 || index >= Count(fold))
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"the {fold} fold has {Count(fold)} images, from 0 on");
        }
        (MnistImages images, int from) = fold switch
        {
            Fold.Training => (training, 0),
            Fold.Validation => (training, training.Count - ValidationCount),
            Fold.Test => (test, 0),
            _ => throw Unknown.Member(fold),
        };
        int image = (int)index + from;
        ReadOnlySpan<byte> values = images.Image(image);
        int side = 28 / pool;
        float scale = 1f / (255 / pixels.White() * pool * pool);
        for (int t = 0; t < Steps; t++)
        {
            int cell = order[t];
            int corner = (cell / side * pool * 28) + (cell % side * pool);
            int sum = 0;
            for (int y = 0; y < pool; y++)
            {
                for (int x = 0; x < pool; x++)
                {
                    sum += values[corner + (y * 28) + x];
                }
            }
            batch.Inputs[(t * batch.Size) + slot] = sum * scale;
        }
        batch.Classes[slot] = images.Label(image);
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        ClassScore.Add(batch.Size, OutputSize, batch.Classes, outputs, sums);
}

/// <summary>Images and labels of one MNIST file pair.</summary>
/// <param name="images">[N, 784] bytes.</param>
/// <param name="labels">[N] bytes, 0 … 9.</param>
/// <param name="contentHash">SHA-256 of both files' contents, for run ids.</param>
public sealed class MnistImages(byte[] images, byte[] labels, string contentHash)
{
    /// <summary>N.</summary>
    public int Count => labels.Length;

    /// <summary>SHA-256 of both files' contents.</summary>
    public string ContentHash => contentHash;

    /// <summary>The pixels of image i, 784 bytes in scan-line order.</summary>
    public ReadOnlySpan<byte> Image(int i) =>
        images.AsSpan(i * SequentialMnist.Pixels, SequentialMnist.Pixels);

    /// <summary>The label of image i.</summary>
    public int Label(int i) => labels[i];
}
