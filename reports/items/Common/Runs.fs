namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports

/// Which finished runs a page looks at, and what it reads of them.
module Runs =
    /// The runs of a profile.
    let ofProfile (profile: Profile) (finished: Finished list) =
        finished |> List.filter (fun f -> f.Profile = profile)

    /// The runs of one part of a profile's plan.
    let ofPart (profile: Profile) (part: string) (finished: Finished list) =
        finished |> List.filter (fun f -> f.Profile = profile && f.Cell.Part = part)

    /// Profiles that a page shows: the one asked for, then the paper's.
    let scales (profile: Profile) =
        List.distinct [ profile; Profile.Paper ]

    /// What the index says of an item whose profile has no run.
    [<Literal>]
    let noneAtHand = "no runs at hand"

    /// A summary with one more sentence, which stands alone where the summary has no run to speak
    /// of.
    let withSentence (sentence: string) (summary: string) =
        if sentence = "" then summary
        elif summary = noneAtHand then sentence
        else $"{summary} {sentence}"

    /// What a summary begins with, before its first sentence: nobody should take a shortened run's
    /// number for the paper's.
    let atScale (profile: Profile) =
        if profile = Profile.Paper then
            ""
        else
            $"In the {profile.Name()} profile, on a smaller scale than the paper's: "

    /// The scale of a profile in a caption or a heading.
    let scaleName (profile: Profile) =
        if profile = Profile.Paper then
            "the paper's scale"
        else
            $"the {profile.Name()} profile"

    /// Texts as "a", "a and b" or "a, b and c".
    let listed (texts: string list) =
        match List.rev texts with
        | [] -> ""
        | [ only ] -> only
        | last :: others -> String.Join(", ", List.rev others) + " and " + last

    /// "1 run", "2 runs".
    let counted (n: int) (one: string) =
        if n = 1 then
            $"1 {one}"
        else
            n.ToString("N0", Globalization.CultureInfo.InvariantCulture) + $" {one}s"

    /// Whether a run met the success rule.
    let succeeded (run: Finished) =
        run.Record.Result.Outcome = Outcomes.Succeeded

    /// What the mark of a run that diverged says; None of a run that did not. It diverged at the
    /// update after the last that its record counts: that one left the finite numbers.
    let diverged (run: Finished) : string option =
        let result = run.Record.Result

        if result.Outcome = Outcomes.Diverged then
            Some(Diverged.note (result.Updates + 1L))
        else
            None

    /// The runs that diverged, each with its place on the x axis of a chart and its text.
    let divergedAt (place: Finished -> float) (runs: Finished list) = [
        for run in runs do
            match diverged run with
            | Some text -> place run, text
            | None -> ()
    ]

    /// The runs that diverged, each with the last point of its curve and its text; at 0 and
    /// without a value where the curve has no point.
    let divergedEnds (curve: Finished -> float[] * float[]) (runs: Finished list) = [
        for run in runs do
            match diverged run with
            | Some text ->
                let x, y = curve run

                match Array.zip x y |> Array.tryFindBack (fun (_, v) -> Double.IsFinite v) with
                | Some(x, y) -> x, y, text
                | None -> 0.0, nan, text
            | None -> ()
    ]

    /// The runs that diverged and have no value, by series and place among categories, as a
    /// chart of bars wants them.
    let divergedBars (value: Finished -> float) (categories: string list) (runs: Finished list) = [
        for run in runs do
            match diverged run, List.tryFindIndex ((=) run.Cell.X) categories with
            | Some text, Some category when not (Double.IsFinite(value run)) ->
                run.Cell.Series, category, text
            | _ -> ()
    ]

    /// Updates to success; NaN for a run that did not succeed.
    let updatesToSuccess (run: Finished) =
        if succeeded run then
            float run.Record.Result.Updates
        else
            nan

    /// A curve of a run's record, x and y; None where it has none.
    let tryCurve (name: string) (run: Finished) : (float[] * float[]) option =
        match run.Record.Result.Curves.TryGetValue name with
        | true, curve -> Some(curve.X, curve.Y)
        | _ -> None

    /// A curve of a run's record, x and y; empty where it has none.
    let curve (name: string) (run: Finished) =
        tryCurve name run |> Option.defaultValue ([||], [||])

    /// The named curve of each run that has it, y times `scale`.
    let curves (name: string) (scale: float) (runs: Finished list) = [
        for run in runs do
            match tryCurve name run with
            | Some(x, y) -> x, y |> Array.map (fun v -> scale * v)
            | None -> ()
    ]
