using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// How the four gates of H units share a row of 4H columns: cache line by cache line, [i f g o]
/// of the first units, [i f g o] of the next, and the H mod line last units without padding
/// between their gates. All gates of a unit are near each other, whole lines are aligned, and
/// no product computes padding: 4H = 400 is 25 lines of float32, four times 100 padded is 28.
/// Source: the project's own.
/// </summary>
/// <param name="hidden">H, 1 or more.</param>
internal readonly unsafe struct GateColumns<T>(int hidden)
    where T : unmanaged
{
    /// <summary>Gates of a unit: input, forget, candidate, output.</summary>
    public const int Gates = 4;

    /// <summary>Elements of a cache line.</summary>
    public static int Line => 64 / Unsafe.SizeOf<T>();

    /// <summary>4H.</summary>
    public int Count => Gates * hidden;

    /// <summary>4H rounded up to whole cache lines.</summary>
    public int Padded => Padding.Columns<T>(Count);

    /// <summary>Distance of two rows: room for whole vectors of the last units' gates.</summary>
    public int Stride
    {
        get
        {
            int rest = hidden % Line;
            int whole = Gates * (hidden - rest);
            return Padding.Stride<T>(whole + (rest == 0 ? 0 : (3 * rest) + Line));
        }
    }

    /// <summary>One row from [i | f | g | o], H columns each, to this order.</summary>
    public void Interleave(T* from, T* to)
    {
        for (int unit = 0; unit < hidden; unit += Line)
        {
            int units = Math.Min(Line, hidden - unit);
            for (int gate = 0; gate < Gates; gate++)
            {
                new ReadOnlySpan<T>(from + (gate * hidden) + unit, units)
                    .CopyTo(new Span<T>(to + (Gates * unit) + (gate * units), units));
            }
        }
    }

    /// <summary>One row from this order to [i | f | g | o].</summary>
    public void Separate(T* from, T* to)
    {
        for (int unit = 0; unit < hidden; unit += Line)
        {
            int units = Math.Min(Line, hidden - unit);
            for (int gate = 0; gate < Gates; gate++)
            {
                new ReadOnlySpan<T>(from + (Gates * unit) + (gate * units), units)
                    .CopyTo(new Span<T>(to + (gate * hidden) + unit, units));
            }
        }
    }
}
