namespace Repro.Engine.Networks;

/// <summary>
/// How threads share the gradient of a batch: `Together` shards at a time, each cut into windows
/// of neighbouring sequences. Results do not depend on it.
/// Source: the project's own measurements of what a sweep by few rows and a meeting cost.
/// </summary>
/// <param name="Threads">How many; 1 where a split would not pay.</param>
/// <param name="Together">Shards in work at once.</param>
/// <param name="ChunkSteps">Steps whose deltas are kept until the sums are made.</param>
/// <param name="FewestRows">Fewest sequences of a window.</param>
internal readonly record struct ThreadPlan(
    int Threads, int Together, int ChunkSteps, int FewestRows)
{
    // Fewer rows leave the arithmetic waiting for its own results.
    private const int Fewest = 4;

    // A step of a window: where it is shorter, neighbouring windows that write into one another's
    // cache lines cost more than the second thread gives.
    private const double FewestStepOperations = 4e4;

    // A gradient, for each thread: one that is shorter is over before all threads are awake.
    private const double FewestOperations = 2.5e7;

    // Deltas of a chunk, in elements, that stay in the caches beside the states.
    private const int ChunkElements = 1 << 18;

    /// <summary>One thread.</summary>
    public static ThreadPlan Single => new(1, 1, 0, 0);

    /// <summary>The plan for a batch.</summary>
    /// <param name="threads">Most threads.</param>
    /// <param name="size">B.</param>
    /// <param name="steps">T.</param>
    /// <param name="stackedRows">I + 1 + H.</param>
    /// <param name="columns">Columns of the pre-activations.</param>
    /// <param name="stride">Distance of two rows of deltas.</param>
    /// <param name="splitsSmall">Whether to split what is too small for it to pay.</param>
    public static ThreadPlan For(
        int threads, int size, int steps, int stackedRows, int columns, int stride,
        bool splitsSmall)
    {
        int rows = Shard.Of(size, 0).Rows;
        double step = 2.0 * stackedRows * columns;
        int fewest = splitsSmall
            ? Fewest
            : (int)Math.Clamp(Math.Ceiling(FewestStepOperations / step), Fewest, int.MaxValue);
        int most = Math.Min(threads, Shard.Count(size) * (rows / fewest));
        if (!splitsSmall)
        {
            most = (int)Math.Min(most, 3 * step * size * steps / FewestOperations);
        }
        if (most < 2)
        {
            return Single;
        }
        int together = Math.Clamp(most / 2, 1, Shard.Count(size));
        int perBlock = new Shard(0, rows).StepsPerBlock;
        int blocks = Math.Max(1, ChunkElements / (rows * stride * perBlock));
        return new ThreadPlan(
            most, together, together == 1 ? Math.Min(blocks * perBlock, steps) : steps,
            fewest);
    }

    /// <summary>Threads of an evaluation, whose shards are whole.</summary>
    /// <param name="threads">Most threads.</param>
    /// <param name="size">B.</param>
    /// <param name="steps">T.</param>
    /// <param name="stackedRows">I + 1 + H.</param>
    /// <param name="columns">Columns of the pre-activations.</param>
    /// <param name="splitsSmall">Whether to split what is too small for it to pay.</param>
    public static int Readers(
        int threads, int size, int steps, int stackedRows, int columns, bool splitsSmall)
    {
        double operations = 2.0 * stackedRows * columns * size * steps;
        int most = Math.Min(threads, Shard.Count(size));
        return splitsSmall
            ? most
            : (int)Math.Clamp(operations / FewestOperations, 1, most);
    }

    /// <summary>Windows of each shard, when `shards` are in work at once.</summary>
    /// <param name="shards">1 or more.</param>
    /// <param name="rows">Sequences of a shard.</param>
    public int Windows(int shards, int rows) =>
        Math.Clamp(Threads / shards, 1, Math.Max(1, rows / FewestRows));
}
