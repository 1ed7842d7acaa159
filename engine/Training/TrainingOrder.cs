using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>
/// The order of the training sequences: a fixed set is visited in a new random order each epoch,
/// fresh sequences and those that carry their state in their own order; with replacement each
/// position has a draw of its own. A pure function of the seed and the position.
/// </summary>
internal sealed class TrainingOrder(
    long? count, ulong seed, bool keepsOrder = false, bool replaces = false)
{
    private readonly Philox draws = new(seed, RandomPurpose.Replacement);
    private int[]? epochOrder;
    private long epoch = -1;

    /// <summary>The index of the sequence at a position counted from 0 over all epochs.</summary>
    public long At(long position)
    {
        if (count is not { } n)
        {
            return position;
        }
        if (keepsOrder)
        {
            return position % n;
        }
        if (replaces)
        {
            return draws.Below(checked((ulong)position), checked((uint)n));
        }
        long wanted = position / n;
        if (wanted != epoch || epochOrder is null)
        {
            epochOrder ??= new int[checked((int)n)];
            Shuffle.SetIdentity(epochOrder);
            Shuffle.InPlace(
                epochOrder, new Philox(seed, RandomPurpose.Shuffle, checked((uint)wanted)));
            epoch = wanted;
        }
        return epochOrder[position % n];
    }
}
