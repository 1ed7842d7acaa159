using Repro.Engine.Data;

namespace Repro.Engine.Tasks;

/// <summary>Sequential MNIST from the data folder.</summary>
public static class MnistTask
{
    /// <summary>The images of one file pair.</summary>
    public static MnistImages Images(DataStore store, MnistSplit split)
    {
        Mnist mnist = Mnist.Load(store, split);
        return new MnistImages(mnist.Images, mnist.Labels, mnist.ContentHash);
    }

    /// <summary>The task over the real files.</summary>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public static SequentialMnist Load(
        DataStore store, int validationCount = 0, ulong? permutationSeed = null, int pool = 1,
        PixelScale pixels = PixelScale.Unit) =>
        new(
            Images(store, MnistSplit.Train), Images(store, MnistSplit.Test),
            validationCount, permutationSeed, pool, pixels);
}
