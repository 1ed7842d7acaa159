using System.Numerics;
using System.Runtime.InteropServices;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>Random sizes and random contents for kernel tests.</summary>
internal sealed class Shapes(ulong seed)
{
    private readonly Philox random = new(seed, 1010);
    private ulong at;

    public int Between(int low, int high) =>
        low + (int)random.Below(at++, (uint)(high - low + 1));

    /// <summary>An aligned buffer of normal numbers.</summary>
    public AlignedBuffer<T> Normal<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignedBuffer<T> buffer = new(length);
        foreach (ref T value in buffer.Span)
        {
            value = T.CreateChecked(random.Normal(at++));
        }
        return buffer;
    }

    public static AlignedBuffer<T> Copy<T>(AlignedBuffer<T> from)
        where T : unmanaged
    {
        AlignedBuffer<T> copy = new(from.Length);
        from.Span.CopyTo(copy.Span);
        return copy;
    }

    public static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();
}
