namespace Repro.Engine.Networks;

/// <summary>
/// Sequences swept together: larger batches are cut into shards of about 20, which stay in cache.
/// The order in which shards are added is fixed.
/// </summary>
/// <param name="First">Index of the shard's first sequence.</param>
/// <param name="Rows">R, its sequences.</param>
internal readonly record struct Shard(int First, int Rows)
{
    /// <summary>Most sequences of a shard.</summary>
    public const int MostRows = 20;

    /// <summary>Rows whose outer products are summed from zero before they join the gradient:
    /// short partial sums stay in cache and round 3–9 times less.</summary>
    public const int OuterRows = 96;

    /// <summary>Most rows of a block of steps, and of the two steps beside it.</summary>
    public const int BlockRows = OuterRows + (2 * MostRows);

    /// <summary>Time steps whose outer products are summed together.</summary>
    public int StepsPerBlock => Math.Max(1, OuterRows / Rows);

    /// <summary>Blocks of so many time steps.</summary>
    public int BlocksOf(int steps) => (steps + StepsPerBlock - 1) / StepsPerBlock;

    /// <summary>Shards of a batch of B sequences.</summary>
    public static int Count(int size) => (size + MostRows - 1) / MostRows;

    /// <summary>Shard `index` of a batch of B sequences; the first is never the smaller.
    /// </summary>
    public static Shard Of(int size, int index)
    {
        int shards = Count(size);
        int rest = size % shards;
        return new Shard(
            (index * (size / shards)) + Math.Min(index, rest),
            (size / shards) + (index < rest ? 1 : 0));
    }
}
