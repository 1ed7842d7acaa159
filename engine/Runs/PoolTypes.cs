using Repro.Engine.Records;

namespace Repro.Engine.Runs;

/// <summary>A run wanted by an item; several items may want the same run.</summary>
/// <param name="Item">Name of the figure or table, as in the targets.</param>
/// <param name="Run">The run.</param>
public sealed record PoolItem(string Item, IRunnable Run);

/// <summary>How a pool works; nothing here changes a result.</summary>
public sealed record PoolOptions
{
    /// <summary>Runs made at once; 1 or more. When fewer are left, they share the idle workers'
    /// cores: see <see cref="MostThreads"/>.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Most threads of one run, 1 or more. Runs at work share <see cref="Cores"/>, so one
    /// has more than one only where these are more than the runs at work and a split pays; results
    /// are the same. Threads wait for one another many times an update: on a machine that is busy
    /// otherwise more than one is slower.</summary>
    public int MostThreads { get; init; } = 1;

    /// <summary>Cores that the pool uses at most: the larger of <see cref="Workers"/> and
    /// <see cref="MostThreads"/>.</summary>
    public int Cores => Math.Max(Workers, MostThreads);

    /// <summary>Set where other machines work in the same store.</summary>
    public SharedWork? Shared { get; init; }

    /// <summary>Seconds between checkpoints; above 0.</summary>
    public double CheckpointSeconds { get; init; } = 20;

    /// <summary>Facts for the notes.</summary>
    public MachineFacts Machine { get; init; } = MachineFacts.Here("not stated");

    /// <summary>The commit of the sources, for the notes; null where unknown.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether the sources hold changes that are not committed, for the notes; null where
    /// unknown.</summary>
    public bool? Dirty { get; init; }

    /// <summary>How long runs took before; without them the time left comes from this sitting
    /// alone.</summary>
    public RunRates Rates { get; init; } = new();

    /// <summary>Receives progress, never two calls at once; it should return soon.</summary>
    public Action<PoolProgress>? Progress { get; init; }

    /// <summary>Receives sentences for people, never two calls at once.</summary>
    public Action<string>? Message { get; init; }

    /// <summary>Receives each outcome that has its record, as soon as the record is written or
    /// found: once for each item that wants the run, never two calls at once.</summary>
    public Action<PoolOutcome>? Ended { get; init; }
}

/// <summary>Where an outcome comes from.</summary>
public enum PoolSource
{
    /// <summary>Made here from its beginning.</summary>
    Trained,

    /// <summary>Made here from a checkpoint.</summary>
    Resumed,

    /// <summary>Found among the local records.</summary>
    Stored,

    /// <summary>Found among the recorded runs.</summary>
    Recorded,

    /// <summary>Stopped by the user, to be resumed.</summary>
    Interrupted,

    /// <summary>Ended by an error; see <see cref="PoolOutcome.Error"/>.</summary>
    Failed,
}

/// <summary>What became of one wanted run.</summary>
/// <param name="Item">The item that wanted it.</param>
/// <param name="Run">The run.</param>
/// <param name="Id">Its id.</param>
/// <param name="Record">Its record; null when interrupted or failed.</param>
/// <param name="Source">Where the record comes from.</param>
/// <param name="MatchesRecorded">Whether it has the bytes of the recorded run; null when that id
/// is not recorded or the outcome is the recorded run itself.</param>
/// <param name="Error">Why it failed, else null.</param>
public sealed record PoolOutcome(
    string Item,
    IRunnable Run,
    string Id,
    RunRecord? Record,
    PoolSource Source,
    bool? MatchesRecorded,
    string? Error);

/// <summary>A run at work.</summary>
/// <param name="Label">Its name for people.</param>
/// <param name="Fraction">Share of its work done, 0 to 1.</param>
/// <param name="Message">Its latest words.</param>
public sealed record ActiveRun(string Label, double Fraction, string Message);

/// <summary>How far a pool is.</summary>
/// <param name="Done">Runs that need no more work, failed ones included.</param>
/// <param name="Total">Different runs wanted.</param>
/// <param name="Fraction">Share done of the work that the stores lacked, 0 to 1.</param>
/// <param name="SecondsLeft">See <see cref="WorkForecast.SecondsLeft"/>; null before there is any
/// measured rate.</param>
/// <param name="Active">Runs at work, by label.</param>
/// <param name="JustEnded">Label and source of the run whose end this tells, or null.</param>
public sealed record PoolProgress(
    int Done,
    int Total,
    double Fraction,
    double? SecondsLeft,
    IReadOnlyList<ActiveRun> Active,
    (string Label, PoolSource Source)? JustEnded);
