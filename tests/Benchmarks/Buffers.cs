using Repro.Engine.Numerics;

namespace Repro.Benchmarks;

internal static class Buffers
{
    /// <summary>Numbers uniform in [0, 1).</summary>
    public static AlignedBuffer<float> Uniform(long length, uint purpose)
    {
        AlignedBuffer<float> buffer = new(length);
        new Philox(2013, purpose).Fill(buffer.Span);
        return buffer;
    }
}
