namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports

/// The grid of readings of what the paper leaves open, one change each: np-RNN and IRNN under
/// every reading, by their last validation scores.
module PairReadings =
    let private mean (values: float list) =
        if values.IsEmpty then nan else List.average values

    /// As `PairRuns.lastFive`; None of a run that diverged, which has no score.
    let private lastFive (run: Finished) =
        match Runs.diverged run with
        | Some _ -> None
        | None -> PairRuns.lastFive run.Record

    /// The grid over what the paper leaves open, as bars of the last five validation scores.
    let figures (settings: Setting) (profile: Profile) (finished: Finished list) : Figure list = [
        let names = PairRuns.readings settings |> List.map _.Name
        let series = settings["readingsOf"].List |> List.map _.Text

        for scale in Runs.scales profile do
            let runs = Runs.ofPart scale "readings" finished

            if not runs.IsEmpty then
                let one name : BarSeries =
                    let cells = [
                        for reading in names ->
                            runs
                            |> List.filter (fun f -> f.Cell.Series = name && f.Cell.X = reading)
                            |> List.choose lastFive
                    ]

                    {
                        Name = name
                        Ours = [|
                            for cell in cells ->
                                {
                                    Value = mean (cell |> List.map (fun (m, _, _) -> m))
                                    Low =
                                        (if cell.IsEmpty then
                                             nan
                                         else
                                             cell |> List.map (fun (_, l, _) -> l) |> List.min)
                                    High =
                                        (if cell.IsEmpty then
                                             nan
                                         else
                                             cell |> List.map (fun (_, _, h) -> h) |> List.max)
                                }
                        |]
                        Seeds = [| for _ in cells -> [||] |]
                        Paper = [| for _ in cells -> nan |]
                    }

                {
                    Id = $"readings-{scale.Name()}"
                    Caption =
                        $"What the paper leaves open, one change at a time \
                         ({Runs.scaleName scale}, {runs.Length} runs): mean validation score of \
                         the last five evaluations."
                    Chart =
                        Compare.barsWith
                            (runs |> Runs.divergedBars (fun _ -> nan) names)
                            names
                            (List.map one series)
                        |> Chart.withYAxisStyle (
                            TitleText = "validation sequences right, of 10,000",
                            MinMax = (0.0, 10000.0)
                        )
                        |> Chart.withSize (960.0, 460.0)
                    Note =
                        "Whiskers span the last five evaluations. A run that diverged has no \
                         score; a ✕ stands in its place."
                }
    ]

    /// The readings in words, with their scores and, at the paper's scale, how far these are from
    /// the paper's bars on average.
    let tables
        (context: Context)
        (settings: Setting)
        (finished: Finished list)
        : (string * Table) list = [
        let series = settings["readingsOf"].List |> List.map _.Text
        let chosen = (PairRuns.chosen settings).Name

        for profile in finished |> List.map _.Profile |> List.distinct do
            let runs = Runs.ofPart profile "readings" finished

            if not runs.IsEmpty then
                let score reading name =
                    runs
                    |> List.filter (fun f -> f.Cell.X = reading && f.Cell.Series = name)
                    |> List.choose lastFive
                    |> List.map (fun (m, _, _) -> m)
                    |> mean

                // What diverged has no score, and so no distance.
                let cell reading name =
                    let own =
                        runs |> List.filter (fun f -> f.Cell.X = reading && f.Cell.Series = name)

                    match own |> List.choose Runs.diverged with
                    | [] -> Format.whole (score reading name)
                    | lost -> String.Join("; ", lost)

                let isPaper = profile = Profile.Paper
                let length = (PairRuns.budget settings "grid" profile).["lengths"].[0].Whole

                let bars = [
                    for name in series ->
                        name, Judging.published context.Targets name (string length)
                ]

                let distance reading =
                    PairStage.distance bars [ for name in series -> name, score reading name ]

                $"Readings of one change each at {Runs.scaleName profile}, T = {length}, "
                + "validation sequences right of 10,000",
                Table.ofStrings
                    ([ "reading"; "what it changes" ]
                     @ series
                     @ (if isPaper then [ "distance of the two" ] else [])
                     @ [ "present" ])
                    [
                        if isPaper then
                            [ "paper"; "" ] @ List.map (snd >> Format.whole) bars @ [ ""; "" ]

                        for reading in PairRuns.readings settings do
                            [ reading.Name; reading.Text ]
                            @ List.map (cell reading.Name) series
                            @ (if isPaper then
                                   [ Format.whole (distance reading.Name) ]
                               else
                                   [])
                            @ [ (if reading.Name = chosen then "yes" else "") ]
                    ]
    ]
