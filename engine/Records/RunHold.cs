namespace Repro.Engine.Records;

/// <summary>The right to make one run: the lock on this machine and, where machines share the
/// folder, the claim that the others see.</summary>
internal sealed class RunHold(RunLock ownLock, RunClaim? claim) : IDisposable
{
    /// <summary>Ends when another machine took the run over.</summary>
    public CancellationToken Lost => claim?.Lost ?? CancellationToken.None;

    /// <summary>Call after the record is written and before disposing.</summary>
    public void RemoveFile() => ownLock.RemoveFile();

    public void Dispose()
    {
        claim?.Dispose();
        ownLock.Dispose();
    }
}
