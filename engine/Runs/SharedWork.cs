namespace Repro.Engine.Runs;

/// <summary>How processes on several machines share the runs of one store.</summary>
/// <param name="Owner">Who works, the same when the work is started again, as a job of a cluster
/// is that was put back into its queue; no two at work at once may share it.</param>
/// <param name="ClaimAge">A run whose maker has said nothing for this long is taken over; above 0.
/// </param>
/// <param name="WaitsForOthers">Whether to wait for the records of runs that other processes are
/// making. Without it the work ends when there is nothing left to take.</param>
public sealed record SharedWork(string Owner, TimeSpan ClaimAge, bool WaitsForOthers)
{
    /// <summary>Ten minutes: longer than a file system is likely to be away.</summary>
    public static readonly TimeSpan UsualAge = TimeSpan.FromMinutes(10);

    /// <summary>An owner that no other process has.</summary>
    public static string NewOwner() =>
        $"{Environment.MachineName} {Environment.ProcessId} {Guid.NewGuid():N}";
}
