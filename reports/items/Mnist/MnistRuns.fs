namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// Runs of sequential MNIST from the settings of a protocol, shared by the items that show them.
module MnistRuns =
    /// Training images of the real files. An epoch is as many sequences, whether or not some of
    /// the images are held out.
    let private trainingImages = 60000.0

    /// The epoch an update count stands for, at a batch size.
    let epochOf (batch: int) (updates: float) = updates * float batch / trainingImages

    /// The settings of the item's protocol.
    let settings (context: Context) : Setting =
        (Setting.Of context.Protocol).Only [
            "run"
            "variants"
            "series"
            "main"
            "stageC"
            "fullLength"
        ]

    /// The series of the figure, in the protocol's order.
    let series (context: Context) : Setting list =
        (settings context).["series"].List
        |> List.map _.Only([ "series"; "variant"; "run" ])

    /// A profile's part of the settings, and its numbers of epochs.
    let budget (context: Context) (profile: Profile) : Setting * Setting list =
        let budget =
            (settings context).["main"].[profile.Name()].Only [ "run"; "variants"; "epochs" ]

        budget, budget["epochs"].List |> List.map _.Only([ "epochs"; "run" ])

    /// Settings whose numbers of updates, stated for batches of `stated`, are those of as many
    /// sequences in batches of their own size, rounded.
    let inOwnBatches (stated: int) (settings: Setting) : Setting =
        let training = settings["training"]
        let own = training["batch"].Count

        // A batch of no size is the engine's to refuse.
        if own = stated || own < 1 then
            settings
        else
            let scaled (updates: Setting) : JsonNode =
                let sequences = float updates.Whole * float stated
                JsonValue.Create(max 1L (int64 (Math.Round(sequences / float own))))

            let schedule = JsonArray()

            if training.Has "schedule" then
                for step in training["schedule"].List do
                    schedule.Add(JsonArray(scaled (step.At 0), JsonValue.Create(step.At(1).Number)))

            let counts: (string * JsonNode) list = [
                "updates", scaled training["updates"]
                "evaluateEvery", scaled training["evaluateEvery"]
            ]

            let steps: (string * JsonNode) list =
                if schedule.Count > 0 then [ "schedule", schedule ] else []

            RunSettings.merged settings [ RunSettings.change "training" (counts @ steps) ]

    /// The settings of a series under a profile's budget and changes of its own, later ones over
    /// those before.
    let merged (context: Context) (budget: Setting) (changes: Setting list) (series: Setting) =
        let settings = settings context
        let variant = series["variant"]

        RunSettings.merged settings["run"] [
            RunSettings.named settings["variants"] variant
            series["run"]
            budget["run"]
            RunSettings.named budget["variants"] variant
            yield! changes
        ]
        |> inOwnBatches settings["run"].["training"].["batch"].Count

    /// A run of such settings.
    let read (context: Context) (label: string) (settings: Setting) seed =
        TrainingRun.Read(label, settings, TaskSources context.Data, seed)

    /// One run of a series for one number of epochs of a profile's budget.
    let run (context: Context) (budget: Setting) (epochs: Setting) (series: Setting) seed =
        let label =
            let variant = series["variant"].Text
            let count = epochs["epochs"].Number
            $"{variant}, sequential MNIST, {count} epochs, seed {seed}"

        read context label (merged context budget [ epochs["run"] ] series) seed

    /// B of a run.
    let batchOf (run: IRunnable) =
        Setting("a run's spec", run.Spec).["training"].["batch"].Count

    /// A curve of a run against epochs; empty where it has none.
    let curve (name: string) (run: Finished) =
        let x, y = Runs.curve name run
        x |> Array.map (epochOf (batchOf run.Cell.Run)), y

    /// The value of a curve at an epoch: NaN where the run diverged before, None where it has no
    /// point there.
    let at (name: string) (epoch: float) (run: Finished) =
        let point =
            curve name run
            ||> Array.zip
            |> Array.tryFind (fun (x, _) -> abs (x - epoch) < 1e-6)

        match point, Runs.diverged run with
        | Some(_, y), _ -> Some y
        | None, Some _ -> Some nan
        | None, None -> None
