namespace Repro.Engine.Networks;

/// <summary>
/// How threads share the gradient of a batch: of the first `Whole` shards each thread takes one
/// after the other; of the rest all take `Together` at a time, each cut into windows of
/// neighbouring sequences. Results do not depend on it.
/// Source: the project's own measurements of what a sweep by few rows and a meeting cost.
/// </summary>
/// <param name="Threads">How many; 1 where a split would not pay.</param>
/// <param name="Whole">Shards that are one thread's each.</param>
/// <param name="Helped">How many of them, the last ones, another thread helps with.</param>
/// <param name="Together">Shards of the others in work at once.</param>
/// <param name="ChunkSteps">Steps whose deltas are kept until the sums are made.</param>
/// <param name="FewestRows">Fewest sequences of a window.</param>
internal readonly record struct ThreadPlan(
    int Threads, int Whole, int Helped, int Together, int ChunkSteps, int FewestRows)
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

    // Sums of blocks that a thread keeps, in elements. Where they are more, windows are as fast.
    private const long KeptElements = 1 << 23;

    // Windows do their work at about this share of the speed of whole shards.
    private const double WindowSpeed = 0.6;

    /// <summary>One thread.</summary>
    public static ThreadPlan Single => new(1, 0, 0, 1, 0, 0);

    /// <summary>The plan for a batch.</summary>
    /// <param name="threads">Most threads.</param>
    /// <param name="size">B.</param>
    /// <param name="steps">T.</param>
    /// <param name="stackedRows">I + 1 + H.</param>
    /// <param name="columns">Columns of the pre-activations.</param>
    /// <param name="stride">Distance of two rows of deltas.</param>
    /// <param name="splitsSmall">Whether to split what is too small for it to pay.</param>
    /// <param name="splitsRows">Whether shards can be cut into windows.</param>
    /// <param name="addsByBlocks">Whether a shard's sums can wait for their turn.</param>
    public static ThreadPlan For(
        int threads, int size, int steps, int stackedRows, int columns, int stride,
        bool splitsSmall, bool splitsRows = true, bool addsByBlocks = false)
    {
        int shards = Shard.Count(size);
        int rows = Shard.Of(size, 0).Rows;
        int blocks = new Shard(0, rows).BlocksOf(steps);
        bool keeps = addsByBlocks && (long)blocks * stackedRows * stride <= KeptElements;
        double step = 2.0 * stackedRows * columns;
        int fewest = splitsSmall
            ? Fewest
            : (int)Math.Clamp(Math.Ceiling(FewestStepOperations / step), Fewest, int.MaxValue);
        int cuts = splitsRows ? rows / fewest : 0;
        int most = Math.Min(threads, Math.Max(shards * cuts, keeps ? shards : 1));
        if (!splitsSmall)
        {
            most = (int)Math.Min(most, 3 * step * size * steps / FewestOperations);
        }
        if (most < 2)
        {
            return Single;
        }
        int whole = 0;
        int helped = 0;
        if (keeps)
        {
            int rest = shards % most;
            helped = 2 * rest == most && shards > most ? rest : 0;
            bool cutsRest = cuts > 1 && rest < WindowSpeed * most && helped == 0;
            whole = cutsRest ? shards - rest : shards;
        }
        int together = Math.Clamp(shards - whole, 1, most);
        int perBlock = new Shard(0, rows).StepsPerBlock;
        int chunk = Math.Max(1, ChunkElements / (rows * stride * perBlock)) * perBlock;
        return new ThreadPlan(
            most, whole, helped, together, together == 1 ? Math.Min(chunk, steps) : steps, fewest);
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
