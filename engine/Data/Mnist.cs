using System.Collections.Concurrent;
using Repro.Engine.Numerics;

namespace Repro.Engine.Data;

/// <summary>One of MNIST's two official splits.</summary>
public enum MnistSplit
{
    /// <summary>60,000 images.</summary>
    Train,

    /// <summary>10,000 images.</summary>
    Test,
}

/// <summary>
/// One split of MNIST in memory. Instances are shared by all runs of a process, so nobody may
/// write to the arrays.
/// </summary>
public sealed class Mnist
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    /// <summary>Pixels of an image: 784.</summary>
    public const int Pixels = Side * Side;

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    private static readonly ConcurrentDictionary<(MnistSplit, string), Lazy<Mnist>> Loaded = new();

    private Mnist(MnistSplit split, byte[] images, byte[] labels)
    {
        Split = split;
        Images = images;
        Labels = labels;
    }

    /// <summary>Which split this is.</summary>
    public MnistSplit Split { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Pixels 0 (background) to 255, [Count, 28, 28] row-major. Shared: read only.
    /// </summary>
    public byte[] Images { get; }

    /// <summary>Digits 0–9, [Count]. Shared: read only.</summary>
    public byte[] Labels { get; }

    /// <summary>One hash of the contents of both files, for run ids.</summary>
    public string ContentHash => ContentHashOf(Split);

    /// <summary>The pixels of one image in scan-line order, [784].</summary>
    /// <param name="index">0 to Count − 1.</param>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Images.AsSpan(index * Pixels, Pixels);
    }

    /// <summary>The catalogue entries of a split: images, then labels.</summary>
    public static IReadOnlyList<DataFile> FilesOf(MnistSplit split) => split switch
    {
        MnistSplit.Train => [Catalogue.MnistTrainImages, Catalogue.MnistTrainLabels],
        MnistSplit.Test => [Catalogue.MnistTestImages, Catalogue.MnistTestLabels],
        _ => throw Unknown.Member(split),
    };

    /// <summary>One hash of the contents of a split's files; needs no file on disk.</summary>
    public static string ContentHashOf(MnistSplit split) =>
        DataSet.ContentHashOf(FilesOf(split));

    /// <summary>
    /// Loads a split, downloading its files if the store lacks them. The first call reads and
    /// verifies; later ones, from any thread, return the same instance. A failed load is not
    /// remembered.
    /// </summary>
    /// <exception cref="DataException">The files cannot be had or are damaged.</exception>
    public static Mnist Load(DataStore store, MnistSplit split) => LoadOnce.From(
        Loaded, (split, store.Folder.Path), () => Read(store, split));

    private static Mnist Read(DataStore store, MnistSplit split)
    {
        int count = split switch
        {
            MnistSplit.Train => 60_000,
            MnistSplit.Test => 10_000,
            _ => throw Unknown.Member(split),
        };
        IReadOnlyList<DataFile> files = FilesOf(split);
        IdxArray images = IdxReader.Read(store.Require(files[0]), count, Side, Side);
        string labelPath = store.Require(files[1]);
        IdxArray labels = IdxReader.Read(labelPath, count);
        int wrong = labels.Data.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(Classes - 1));
        if (wrong >= 0)
        {
            throw new DataException(
                DataErrorKind.Malformed, labelPath,
                $"Label {wrong} is {labels.Data[wrong]}, expected 0 to 9.",
                "Delete the file and run again to download it anew.");
        }

        return new Mnist(split, images.Data, labels.Data);
    }
}
