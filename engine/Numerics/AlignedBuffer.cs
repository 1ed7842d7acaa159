using System.Runtime.InteropServices;

namespace Repro.Engine.Numerics;

/// <summary>Zeroed memory that stays where it is, aligned to 64 bytes.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    // One vector more than asked: a kernel may read, never use, a vector past the end.
    private const int Margin = 128;

    private T[]? array;
    private readonly int first;

    /// <param name="length">Elements.</param>
    /// <param name="isCollected">Whether the memory is the garbage collector's, so that a span of
    /// it stays valid when the buffer has been disposed of: for what is handed to users. Other
    /// memory is given back at once.</param>
    public AlignedBuffer(long length, bool isCollected = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        if (isCollected)
        {
            int padding = (Margin + Alignment) / sizeof(T);
            array = GC.AllocateArray<T>(checked((int)length + padding), pinned: true);
            T* start = (T*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
            Pointer = (T*)(((nuint)start + Alignment - 1) & ~(nuint)(Alignment - 1));
            first = (int)(Pointer - start);
            GC.SuppressFinalize(this);
            return;
        }
        nuint bytes = ((nuint)length * (nuint)sizeof(T)) + Margin;
        Pointer = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(Pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Free();

    public T* Pointer { get; private set; }

    public long Length { get; }

    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(Pointer == null, this);
            int length = checked((int)Length);
            return array is null ? new Span<T>(Pointer, length) : array.AsSpan(first, length);
        }
    }

    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Length * (nuint)sizeof(T));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (array is not null)
        {
            array = null;
            Pointer = null;
        }
        if (Pointer != null)
        {
            NativeMemory.AlignedFree(Pointer);
            Pointer = null;
            GC.RemoveMemoryPressure((Length * sizeof(T)) + Margin);
        }
    }
}
