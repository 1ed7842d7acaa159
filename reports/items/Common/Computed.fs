namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Runs

/// Items that are computed and not trained: the same runs at every profile.
module Computed =
    /// A run without chance, and its place in the item's figure.
    let planned (part: string) (series: string) (x: string) (run: IRunnable) : Planned = {
        Part = part
        Series = series
        X = x
        Seed = 1UL
        Run = run
    }

    /// Each run once: as made for the paper's scale, which is every profile's.
    let once (finished: Finished list) = Runs.ofProfile Profile.Paper finished

    let private tryFind part series x (finished: Finished list) =
        once finished
        |> List.tryFind (fun f -> f.Cell.Part = part && f.Cell.Series = series && f.Cell.X = x)

    /// A metric of a run; NaN when the run is missing.
    let metric part series x (name: string) finished =
        match tryFind part series x finished with
        | Some f -> f.Record.Metric name
        | None -> nan

    /// A curve of a run; empty when the run is missing.
    let curve part series x (name: string) finished =
        match tryFind part series x finished with
        | Some f -> Runs.curve name f
        | None -> [||], [||]

    /// A number with up to four significant digits: what was computed has more, and none of them
    /// tells a reader anything.
    let number (v: float) = Words.Number(v, 4)

    // To the digit that the tolerance asks for, and all that double precision gives below 1e-6.
    let private toTolerance (tolerance: float) (v: float) =
        if tolerance >= 1e-6 then
            Words.Measured(v, tolerance)
        else
            Words.Number(v, 9)

    /// Rows of the targets from one value each; NaN where the run is missing. What agrees is
    /// consistent: nothing was trained.
    let rows (protocol: Protocol) (targets: Target list) (value: Target -> float) = [
        for target in targets do
            let v = value target

            if Double.IsNaN v then
                ValueRow.NotRun(target, Profile.Paper)
            else
                let rule = protocol.RuleFor target.Metric
                let judgement = rule.Judge(target.Value, target.Tolerance, [| v |])
                ValueRow.Of(target, judgement.InTheory(), Profile.Paper)
    ]

    /// A number of ours beside the published ones; the unit is empty for one without.
    let row (protocol: Protocol) series x (metric, unit) (value: float) =
        Rows.ours protocol Profile.Paper series x (metric, unit) 1 value None

    let private judged verdict (value: float) reason =
        let ours = if Double.IsFinite value then Nullable value else Nullable()
        Judgement(verdict, ours, Nullable(), 1, reason)

    let private missing text =
        text, Judgement(Verdict.NotRun, Nullable(), Nullable(), 0, "Its run is missing.")

    /// A claim that a number is another one, within a tolerance stated in the text.
    let near (text: string) (expected: float) (tolerance: float) (value: float) =
        if Double.IsNaN value then
            missing text
        else
            let verdict =
                if abs (value - expected) <= tolerance then
                    Verdict.Consistent
                else
                    Verdict.Inconsistent

            text,
            judged
                verdict
                value
                (if tolerance > 0.0 then
                     $"Expected {toTolerance tolerance expected} within {number tolerance}, \
                       found {toTolerance tolerance value}."
                 else
                     $"Expected {toTolerance 0.0 expected}, found {toTolerance 0.0 value}.")

    /// A claim that holds or does not, of a number.
    let holds (text: string) (isTrue: float -> bool) (say: string -> string) (value: float) =
        if Double.IsNaN value then
            missing text
        else
            let verdict =
                if isTrue value then
                    Verdict.Consistent
                else
                    Verdict.Inconsistent

            text, judged verdict value (say (number value))

    /// What was found where all claims hold, and else how many do.
    let summary (found: string) (claims: (string * Judgement) list) =
        let held = claims |> List.filter (fun (_, j) -> j.Verdict.Agrees())

        if claims |> List.forall (fun (_, j) -> j.Verdict = Verdict.NotRun) then
            Runs.noneAtHand
        elif held.Length = claims.Length then
            $"{found} All {claims.Length} statements checked hold."
        else
            $"Of {claims.Length} statements checked, {held.Length} hold."
