using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Repro.Engine.Networks;

/// <summary>
/// Threads that share the sweeps of one network: the caller's and some of its own, which wait
/// between two pieces of work. Nothing is allocated after the start.
/// </summary>
internal sealed class SweepTeam : IDisposable
{
    private readonly Shared shared;
    private bool isDisposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Their number with the caller's, 2 or more.</param>
    public SweepTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 2);
        Threads = threads;
        shared = new Shared(threads - 1);
        // They know what they share and not the team, so that a team nobody holds is collected.
        for (int i = 1; i < threads; i++)
        {
            new Thread(shared.Work) { IsBackground = true, Name = $"sweep {i}" }.Start();
        }
    }

    ~SweepTeam()
    {
        shared.Stop();
    }

    /// <summary>Threads, the caller's among them.</summary>
    public int Threads { get; }

    /// <summary>Does all units of a piece of work, each once, in any order, and returns when they
    /// are done.</summary>
    /// <param name="units">How many; work(i) is called for i from 0 on.</param>
    /// <param name="work">What a unit is. The first exception of any reaches the caller, after
    /// the others have ended.</param>
    public void Run(int units, Action<int> work)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        shared.Run(units, work);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            shared.Stop();
            GC.SuppressFinalize(this);
        }
    }

    private sealed class Shared(int helpers)
    {
        // To wake a thread that sleeps takes as long as a short piece of work: one that waits
        // watches for a while first.
        private static readonly long Patience = Stopwatch.Frequency / 1000;

        private readonly object gate = new();
        private readonly bool watches = helpers < Environment.ProcessorCount;
        private volatile Action<int>? work;
        private ExceptionDispatchInfo? trouble;
        private Counters counters;

        public void Run(int count, Action<int> piece)
        {
            (counters.Units, counters.Taken, trouble) = (count, 0, null);
            work = piece;
            Begin();
            Take(piece);
            WaitUntil(ref counters.Busy, 0);
            work = null;
            trouble?.Throw();
        }

        /// <summary>Between two pieces of work: the threads end.</summary>
        public void Stop()
        {
            work = null;
            Begin();
        }

        public void Work()
        {
            for (int pieces = 1; ; pieces++)
            {
                WaitUntil(ref counters.Begun, pieces);
                if (work is not { } piece)
                {
                    return;
                }
                Take(piece);
                if (Interlocked.Decrement(ref counters.Busy) == 0)
                {
                    Wake();
                }
            }
        }

        private void Begin()
        {
            Volatile.Write(ref counters.Busy, helpers);
            Interlocked.Increment(ref counters.Begun);
            Wake();
        }

        private void Take(Action<int> piece)
        {
            try
            {
                int units = counters.Units;
                for (int i = Next(); i < units; i = Next())
                {
                    piece(i);
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(
                    ref trouble, ExceptionDispatchInfo.Capture(error), null);
            }
        }

        private int Next() => Interlocked.Increment(ref counters.Taken) - 1;

        private void WaitUntil(ref int counter, int value)
        {
            if (watches)
            {
                long end = Stopwatch.GetTimestamp() + Patience;
                do
                {
                    for (int i = 0; i < 50; i++)
                    {
                        if (Volatile.Read(ref counter) == value)
                        {
                            return;
                        }
                        Thread.SpinWait(2);
                    }
                }
                while (Stopwatch.GetTimestamp() < end);
            }
            lock (gate)
            {
                Interlocked.Increment(ref counters.Asleep);
                while (Volatile.Read(ref counter) != value)
                {
                    Monitor.Wait(gate);
                }
                Interlocked.Decrement(ref counters.Asleep);
            }
        }

        // A counter is changed, then sleepers are counted; a sleeper is counted, then looks at the
        // counter; a full fence lies between the two on both sides, so none is left asleep.
        private void Wake()
        {
            if (Volatile.Read(ref counters.Asleep) > 0)
            {
                lock (gate)
                {
                    Monitor.PulseAll(gate);
                }
            }
        }
    }

    // Each in a cache line of its own: a thread that watches one does not slow who writes another.
    [StructLayout(LayoutKind.Explicit, Size = 5 * 128)]
    private struct Counters
    {
        [FieldOffset(128)]
        public int Begun;

        [FieldOffset(256)]
        public int Busy;

        [FieldOffset(384)]
        public int Taken;

        [FieldOffset(388)]
        public int Units;

        [FieldOffset(512)]
        public int Asleep;
    }
}
