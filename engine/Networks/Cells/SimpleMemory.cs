using System.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>What a simple cell keeps on a tape beside the states.</summary>
/// <param name="leaky">What leaky units keep, or null.</param>
internal sealed class SimpleMemory<T>(IDisposable? leaky) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What leaky units keep, or null.</summary>
    public IDisposable? Leaky => leaky;

    /// <summary>What Ω keeps, once it was asked for.</summary>
    public OmegaTape<T>? Omega { get; set; }

    public void Dispose()
    {
        leaky?.Dispose();
        Omega?.Dispose();
    }
}
