using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Repro.Engine.Numerics;

namespace Repro.Torture.Functions;

/// <summary>What a scan of a function found.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Paths">The paths that ran, all with the bytes of the first.</param>
/// <param name="Inputs">Arguments.</param>
/// <param name="Sha256">Of the values in the order of their arguments' bits, little-endian, each
/// NaN as 7fc00000 (in double 7ff8000000000000).</param>
/// <param name="Domain">Where the error is measured.</param>
/// <param name="WorstUlps">The largest error there, in units of the last place; null where MPFR
/// is not installed or errors were not asked for.</param>
/// <param name="WorstAt">Its argument.</param>
internal sealed record FunctionFigures(
    string Function, IReadOnlyList<string> Paths, long Inputs, string Sha256, string Domain,
    double? WorstUlps, double? WorstAt);

/// <summary>A path whose values are not those of the scalar one.</summary>
internal sealed class PathsDifferException(string message) : Exception(message);

/// <summary>
/// A function over every float, or every n-th, on every path of this machine: the values' hash,
/// and the worst error. The estimate in double leaves the arguments whose error is within 1e-6 of
/// the worst, which is a hundred times what the estimate can be wrong by; MPFR decides between
/// them.
/// </summary>
internal static unsafe class FunctionScan
{
    private const int Chunk = 1 << 18;
    private const double Doubt = 1e-6;

    /// <summary>Every n-th bit pattern, beginning with 0.</summary>
    /// <param name="function">The function.</param>
    /// <param name="stride">n, 1 or more.</param>
    /// <param name="measuresError">Whether the worst error is wanted.</param>
    /// <exception cref="PathsDifferException">Two paths part.</exception>
    public static FunctionFigures Of(FloatFunction function, long stride, bool measuresError)
    {
        InstructionSet[] sets =
            [.. Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported)];
        using AlignedBuffer<float> x = new(Chunk);
        using AlignedBuffer<float> first = new(Chunk);
        using AlignedBuffer<float> other = new(Chunk);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Worst worst = new(function);
        long inputs = ((1L << 32) + stride - 1) / stride;
        for (long begin = 0; begin < inputs; begin += Chunk)
        {
            int count = (int)Math.Min(Chunk, inputs - begin);
            Span<uint> bits = MemoryMarshal.Cast<float, uint>(x.Span[..Chunk]);
            for (int i = 0; i < bits.Length; i++)
            {
                bits[i] = (uint)((begin + i) * stride);
            }
            FloatFunctions.Apply(InstructionSet.Scalar, function, x.Pointer, first.Pointer, Chunk);
            Span<uint> values = Plain(first);
            foreach (InstructionSet set in sets)
            {
                FloatFunctions.Apply(set, function, x.Pointer, other.Pointer, Chunk);
                Span<uint> those = Plain(other);
                int at = values.CommonPrefixLength(those);
                if (at < Chunk)
                {
                    throw new PathsDifferException(
                        $"{function.Word()} of the float {bits[at]:x8} is {values[at]:x8} on the "
                        + $"path Scalar and {those[at]:x8} on {set.Word()}");
                }
            }
            hash.AppendData(MemoryMarshal.AsBytes(values[..count]));
            if (measuresError)
            {
                worst.Look(x.Span[..count], first.Span[..count]);
            }
        }
        (double Ulps, double At)? found = measuresError ? worst.Decide() : null;
        return new FunctionFigures(
            function.Word(), [.. sets.Select(set => set.Word())], inputs,
            Convert.ToHexStringLower(hash.GetHashAndReset()), Estimate.Domain(function),
            found?.Ulps, found?.At);
    }

    // Which NaN an operation hands on is the processor's own choice.
    private static Span<uint> Plain(AlignedBuffer<float> buffer)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(buffer.Span[..Chunk]);
        foreach (ref uint value in bits)
        {
            value = (value & 0x7FFFFFFF) > 0x7F800000 ? 0x7FC00000 : value;
        }
        return bits;
    }

    /// <summary>The arguments that may be the worst.</summary>
    private sealed class Worst(FloatFunction function)
    {
        private List<(float X, float Y, double Ulps)> near = [];

        // Below half a unit a value is the nearest float, and there is nothing to decide.
        private double largest = 0.5;

        public void Look(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        {
            double before = largest;
            for (int i = 0; i < x.Length; i++)
            {
                if (!Estimate.IsInDomain(function, x[i]))
                {
                    continue;
                }
                double truth = Estimate.Of(function, x[i]);
                double ulps = Math.Abs(y[i] - truth) / Estimate.Unit(truth);
                if (ulps >= largest - Doubt)
                {
                    near.Add((x[i], y[i], ulps));
                    largest = Math.Max(largest, ulps);
                }
            }
            if (largest > before)
            {
                near = [.. near.Where(n => n.Ulps >= largest - Doubt)];
            }
        }

        public (double Ulps, double At)? Decide()
        {
            if (!Mpfr.IsThere || near.Count == 0)
            {
                return null;
            }
            using Mpfr truth = new();
            return near
                .Select(n => (Ulps: truth.Ulps(function, n.X, n.Y), At: (double)n.X))
                .MaxBy(n => n.Ulps);
        }
    }
}
