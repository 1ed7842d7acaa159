namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// Runs of sequential MNIST from the settings of a protocol, shared by the items that show them.
module MnistRuns =
    /// Training images of the real files.
    let private trainingImages = 60000.0

    /// The epoch an update count stands for, at a batch size.
    let epochOf (batch: int) (updates: float) = updates * float batch / trainingImages

    /// The settings of the item's protocol.
    let settings (context: Context) : Setting =
        (Setting.Of context.Protocol).Only [ "run"; "variants"; "series"; "main" ]

    /// The series of the figure, in the protocol's order.
    let series (context: Context) : Setting list =
        (settings context).["series"].List
        |> List.map _.Only([ "series"; "variant"; "run" ])

    /// B of every run.
    let batch (context: Context) =
        (settings context).["run"].["training"].["batch"].Count

    /// A profile's part of the settings, and its numbers of epochs.
    let budget (context: Context) (profile: Profile) : Setting * Setting list =
        let budget =
            (settings context).["main"].[profile.Name()].Only [ "run"; "variants"; "epochs" ]

        budget, budget["epochs"].List |> List.map _.Only([ "epochs"; "run" ])

    /// One run of a series for one number of epochs of a profile's budget.
    let run (context: Context) (budget: Setting) (epochs: Setting) (series: Setting) seed =
        let settings = settings context
        let variant = series["variant"]

        let run =
            RunSettings.merged settings["run"] [
                RunSettings.named settings["variants"] variant
                series["run"]
                budget["run"]
                RunSettings.named budget["variants"] variant
                epochs["run"]
            ]

        let count = epochs["epochs"].Number

        TrainingRun.Read(
            $"{variant.Text}, sequential MNIST, {count} epochs, seed {seed}",
            run,
            TaskSources context.Data,
            seed
        )

    /// Values of a curve at given epochs; None where the run has no point there.
    let at (batch: int) (name: string) (epoch: float) (run: Finished) =
        Runs.curve name run
        ||> Array.zip
        |> Array.tryFind (fun (x, _) -> abs (epochOf batch x - epoch) < 1e-6)
        |> Option.map snd
