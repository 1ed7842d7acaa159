using System.Runtime.ExceptionServices;

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
        shared = new Shared(threads);
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

    private sealed class Shared(int threads)
    {
        // Everyone meets before a piece of work and after it.
        private readonly Barrier meeting = new(threads);
        private volatile Action<int>? work;
        private ExceptionDispatchInfo? trouble;
        private int units;
        private int taken;

        public void Run(int count, Action<int> piece)
        {
            (units, taken, trouble) = (count, 0, null);
            work = piece;
            meeting.SignalAndWait();
            Take(piece);
            meeting.SignalAndWait();
            work = null;
            trouble?.Throw();
        }

        /// <summary>Between two pieces of work: the threads end.</summary>
        public void Stop()
        {
            work = null;
            meeting.SignalAndWait();
        }

        public void Work()
        {
            while (true)
            {
                meeting.SignalAndWait();
                if (work is not { } piece)
                {
                    return;
                }
                Take(piece);
                meeting.SignalAndWait();
            }
        }

        private void Take(Action<int> piece)
        {
            try
            {
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

        private int Next() => Interlocked.Increment(ref taken) - 1;
    }
}
