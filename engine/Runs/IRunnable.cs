using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Runs;

/// <summary>
/// One run: everything its result depends on, and the computation. Two runs with equal
/// <see cref="Spec"/>, <see cref="Behaviour"/> and <see cref="DataHashes"/> are the same run.
/// </summary>
public interface IRunnable
{
    /// <summary>A name for people, such as <c>np-RNN T=150 seed 3</c>; not part of the id.
    /// </summary>
    string Label { get; }

    /// <summary>Everything the result depends on, apart from code and data.</summary>
    JsonObject Spec { get; }

    /// <summary>Component name to behaviour version, raised by hand when results may change.
    /// </summary>
    IReadOnlyDictionary<string, int> Behaviour { get; }

    /// <summary>Data file name to the SHA-256 of its content; empty for synthetic tasks.</summary>
    IReadOnlyDictionary<string, string> DataHashes { get; }

    /// <summary>Expected work in floating-point operations; only its order and ratio matter.
    /// </summary>
    double EstimatedCost { get; }

    /// <summary>
    /// 1. Continue from <see cref="IRunContext.LoadCheckpoint"/> when it gives one.
    /// 2. Save whenever <see cref="IRunContext.CheckpointDue"/> says so; where checkpoints fall
    ///    must not change the result.
    /// 3. When cancellation is requested, save and throw.
    /// </summary>
    /// <exception cref="OperationCanceledException">Stopped early; a checkpoint was saved.
    /// </exception>
    RunResult Execute(IRunContext context);
}

/// <summary>What a run may ask of the place it executes in. Not shared between runs.</summary>
public interface IRunContext
{
    /// <summary>Requested when the user stops the program.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>The latest whole checkpoint, or null when there is none. A torn, altered or
    /// foreign one, or one of another layout, is reported by a message and ignored.</summary>
    /// <param name="layout">The version of the state's layout that the run reads.</param>
    byte[]? LoadCheckpoint(int layout);

    /// <summary>Replaces the checkpoint: after a crash either the old or the new one is there,
    /// whole.</summary>
    /// <param name="layout">The version of the state's layout.</param>
    /// <param name="state">What the run needs to go on.</param>
    /// <remarks>A checkpoint that cannot be written, on a full disk say, is said and does not end
    /// the run.</remarks>
    void SaveCheckpoint(int layout, ReadOnlySpan<byte> state);

    /// <summary>True some seconds after the last save, and once cancellation is requested.
    /// </summary>
    bool CheckpointDue { get; }

    /// <summary>Most threads that the run may use now; more while other cores are idle. Results
    /// must not depend on it.</summary>
    int Threads => 1;

    /// <summary>Tells how many threads the run has used since the last call, so that the seconds
    /// of its note are those of one core.</summary>
    /// <param name="threads">1 or more.</param>
    void HasUsed(int threads)
    {
    }

    /// <summary>Tells how far the run is.</summary>
    /// <param name="fraction">Share of the run's own work done, 0 to 1.</param>
    /// <param name="message">A few words for people, or empty.</param>
    void Report(double fraction, string message);
}
