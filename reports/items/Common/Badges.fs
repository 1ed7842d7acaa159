namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// Verdicts as pages show them.
module Badges =
    /// The badge of a verdict. Raises ArgumentOutOfRangeException for one that has none.
    let ofVerdict (verdict: Verdict) : Badge =
        match verdict with
        | Verdict.Reproduced -> Badge.Reproduced
        | Verdict.Consistent -> Badge.Consistent
        | Verdict.Mixed -> Badge.Mixed
        | Verdict.Undecided -> Badge.Undecided
        | Verdict.NotReproduced -> Badge.NotReproduced
        | Verdict.Inconsistent -> Badge.Inconsistent
        | Verdict.SubstituteData -> Badge.SubstituteData
        | Verdict.NoData -> Badge.NoData
        | Verdict.NotRun -> Badge.NotRun
        | other ->
            raise (
                ArgumentOutOfRangeException(
                    nameof verdict,
                    other,
                    $"The verdict {int other} has no badge. Give it one in Badge and here."
                )
            )
