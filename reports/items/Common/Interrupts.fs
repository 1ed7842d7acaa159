namespace Repro.Reports.Items

open System
open System.Runtime.InteropServices
open System.Threading

/// Ctrl-C, a request to end (SIGTERM) and a terminal that closes (SIGHUP): the first one asks the
/// runs at work to save a checkpoint and stop; a second one ends the process at once, which
/// loses what was done since the last checkpoint and nothing else.
type Interrupts(terminal: Terminal) =
    let source = new CancellationTokenSource()

    let stop (context: PosixSignalContext) =
        if not source.IsCancellationRequested then
            context.Cancel <- true
            source.Cancel()
            terminal.Warn "stopping after a checkpoint; run the same command to go on"

    let registrations = [
        for signal in [ PosixSignal.SIGINT; PosixSignal.SIGTERM; PosixSignal.SIGHUP ] ->
            PosixSignalRegistration.Create(signal, Action<PosixSignalContext> stop)
    ]

    /// What a command ends with after an interrupt, as shells expect.
    static member ExitCode = 130

    /// Requested by the first signal.
    member _.Token = source.Token

    interface IDisposable with
        member _.Dispose() =
            for registration in registrations do
                registration.Dispose()

            source.Dispose()
