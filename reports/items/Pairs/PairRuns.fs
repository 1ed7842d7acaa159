namespace Repro.Reports.Items

open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// One way to read what Talathi and Vartak leave open about addition and multiplication: what it
/// changes in a run's settings.
type Reading = {
    Name: string
    Text: string
    Changes: Setting
}

/// Runs of the addition and multiplication tasks from the settings of a protocol.
module PairRuns =
    /// The settings of the item's protocol.
    let settings (context: Context) : Setting =
        (Setting.Of context.Protocol).Only [
            "run"
            "variants"
            "series"
            "chosen"
            "readings"
            "readingsOf"
            "readingsSeeds"
            "main"
            "grid"
            "stageA"
            "stageD"
            "stageE"
            "stageF"
            "sensitivity"
            "account"
        ]

    /// The readings of the grid, in the protocol's order.
    let readings (settings: Setting) = [
        for node in settings["readings"].List do
            node.Only [ "name"; "text"; "run" ] |> ignore

            {
                Name = node["name"].Text
                Text = node["text"].Text
                Changes = node["run"]
            }
    ]

    /// The reading the runs of the figure use.
    let chosen (settings: Setting) =
        settings["chosen"]
        |> RunSettings.among [ for r in readings settings -> r.Name, r ]

    /// A profile's part of the settings under `key`, such as "main".
    let budget (settings: Setting) (key: string) (profile: Profile) : Setting =
        settings[key].[profile.Name()].Only [ "lengths"; "run" ]

    /// Lengths T of a budget.
    let lengths (budget: Setting) =
        budget["lengths"].List |> List.map _.Count

    /// The run of one variant under changes of its own, later ones over those before.
    let runOf context (budget: Setting) name changes (series: Setting) length seed =
        let settings = settings context

        let run =
            RunSettings.merged settings["run"] [
                budget["run"]
                RunSettings.named settings["variants"] series
                yield! changes
                RunSettings.change "task" [ "steps", JsonValue.Create(length: int) ]
            ]

        TrainingRun.Read(
            $"{series.Text} T={length} seed {seed}, reading '{name}'",
            run,
            TaskSources context.Data,
            seed
        )

    /// One run.
    let run (context: Context) (budget: Setting) (reading: Reading) (series: Setting) length seed =
        runOf context budget reading.Name [ reading.Changes ] series length seed

    /// One run of a reading that also changes some variants.
    let runWith
        context
        budget
        (reading: Reading)
        (variants: Setting)
        (series: Setting)
        length
        seed
        =
        let own =
            if variants.Has series.Text then
                [ variants[series.Text] ]
            else
                []

        runOf context budget reading.Name (reading.Changes :: own) series length seed

    /// Mean, smallest and largest of a run's last five validation scores, of 10,000.
    let lastFive (record: RunRecord) =
        match record.Result.Curves.TryGetValue "validation correct" with
        | true, curve ->
            let last = curve.Y |> Array.skip (max 0 (curve.Y.Length - 5))
            Some(10000.0 * Array.average last, 10000.0 * Array.min last, 10000.0 * Array.max last)
        | _ -> None
