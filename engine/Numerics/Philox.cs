using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// Counter-based random numbers: Philox 4×32 with 10 rounds. A draw is a pure function of
/// (seed, purpose, step, index), so the order of execution never matters and nothing has to be
/// saved in a checkpoint.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011),
/// with its multipliers and Weyl constants. What the words of counter and key mean is the project's
/// own.
/// </summary>
/// <example>
/// The seventh number after the first of a purpose of one's own:
/// <code>
/// Philox random = new(seed: 1, purpose: 1000);
/// double seventh = random.Uniform(7);
/// </code>
/// </example>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">What the numbers are for; see <see cref="RandomPurpose"/>.</param>
/// <param name="step">An update, sequence or matrix number within the purpose.</param>
public readonly struct Philox(ulong seed, uint purpose, uint step = 0)
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;

    /// <summary>The four 32-bit words of block <paramref name="block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Block(ulong block, out uint w0, out uint w1, out uint w2, out uint w3)
    {
        uint c0 = (uint)block;
        uint c1 = (uint)(block >> 32);
        uint c2 = step;
        uint c3 = purpose;
        uint k0 = (uint)seed;
        uint k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong a = (ulong)MultiplierA * c0;
            ulong b = (ulong)MultiplierB * c2;
            uint n0 = (uint)(b >> 32) ^ c1 ^ k0;
            uint n2 = (uint)(a >> 32) ^ c3 ^ k1;
            c1 = (uint)b;
            c3 = (uint)a;
            c0 = n0;
            c2 = n2;
            k0 += WeylA;
            k1 += WeylB;
        }
        w0 = c0;
        w1 = c1;
        w2 = c2;
        w3 = c3;
    }

    /// <summary>A uniform double in [0, 1) with 53 random bits.</summary>
    /// <param name="index">Any index; equal indices give equal numbers.</param>
    public double Uniform(ulong index)
    {
        return (Bits64(index) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A uniform integer in [0, n), by multiply-shift on 64 random bits.</summary>
    /// <param name="index">Any index; equal indices give equal numbers.</param>
    /// <param name="n">Number of values, 1 or more.</param>
    public uint Below(ulong index, uint n)
    {
        ArgumentOutOfRangeException.ThrowIfZero(n);
        return (uint)Math.BigMul(Bits64(index), n, out _);
    }

    /// <summary>A standard normal number: the inverse distribution function of a uniform one; see
    /// <see cref="Gaussian"/>.</summary>
    /// <param name="index">Any index; equal indices give equal numbers.</param>
    public double Normal(ulong index)
    {
        // The half-step keeps the argument strictly inside (0, 1).
        double p = ((Bits64(index) >> 12) + 0.5) * (1.0 / (1UL << 52));
        return Gaussian.InverseCdf(p);
    }

    /// <summary>
    /// Fills <paramref name="destination"/> with uniform floats in [0, 1), 24 random bits each.
    /// Element i depends on i alone, not on the length.
    /// </summary>
    public void Fill(Span<float> destination)
    {
        const float scale = 1f / (1 << 24);
        int i = 0;
        ulong block = 0;
        for (; i + 4 <= destination.Length; i += 4, block++)
        {
            Block(block, out uint w0, out uint w1, out uint w2, out uint w3);
            destination[i] = (w0 >> 8) * scale;
            destination[i + 1] = (w1 >> 8) * scale;
            destination[i + 2] = (w2 >> 8) * scale;
            destination[i + 3] = (w3 >> 8) * scale;
        }
        if (i < destination.Length)
        {
            Span<uint> words = stackalloc uint[4];
            Block(block, out words[0], out words[1], out words[2], out words[3]);
            for (int j = 0; i < destination.Length; i++, j++)
            {
                destination[i] = (words[j] >> 8) * scale;
            }
        }
    }

    private ulong Bits64(ulong index)
    {
        Block(index >> 1, out uint w0, out uint w1, out uint w2, out uint w3);
        return (index & 1) == 0 ? ((ulong)w1 << 32) | w0 : ((ulong)w3 << 32) | w2;
    }
}

/// <summary>
/// What a random number is for. Each purpose has its own stream, so a new use never shifts the
/// numbers of an old one. Values are frozen: changing one changes every recorded run.
/// </summary>
public static class RandomPurpose
{
    /// <summary>Recurrent weights.</summary>
    public const uint RecurrentWeights = 1;

    /// <summary>Input weights.</summary>
    public const uint InputWeights = 2;

    /// <summary>Readout weights.</summary>
    public const uint ReadoutWeights = 3;

    /// <summary>Training sequences.</summary>
    public const uint TrainingSequences = 10;

    /// <summary>Validation sequences.</summary>
    public const uint ValidationSequences = 11;

    /// <summary>Test sequences.</summary>
    public const uint TestSequences = 12;

    /// <summary>Lengths of training sequences, one a minibatch.</summary>
    public const uint TrainingLengths = 13;

    /// <summary>Lengths of validation sequences, one a group.</summary>
    public const uint ValidationLengths = 14;

    /// <summary>Lengths of test sequences, one a group.</summary>
    public const uint TestLengths = 15;

    /// <summary>Order in which a fixed training set is visited.</summary>
    public const uint Shuffle = 20;

    /// <summary>A fixed permutation of the inputs (permuted sequential MNIST).</summary>
    public const uint InputPermutation = 21;

    /// <summary>Training sequences drawn with replacement.</summary>
    public const uint Replacement = 22;

    /// <summary>Which hidden units dropout leaves out.</summary>
    public const uint Dropout = 30;

    /// <summary>How leaky each leaky unit is.</summary>
    public const uint Leaks = 31;

    /// <summary>Resampling in statistics.</summary>
    public const uint Resampling = 90;
}
