namespace Repro.Engine.Tests.Numerics;

/// <summary>What a piece of work leaves for the garbage collector.</summary>
internal static class Allocations
{
    /// <summary>The least bytes that one of several trials of the work allocates on this thread.
    /// The runtime itself allocates there now and then, when it compiles a hot method anew; what
    /// the work allocates, it allocates each time.</summary>
    public static long LeastBy(Action work)
    {
        long least = long.MaxValue;
        for (int trial = 0; trial < 4 && least > 0; trial++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
