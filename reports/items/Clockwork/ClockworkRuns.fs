namespace Repro.Reports.Items

open System.Globalization
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// The runs of the item `clockwork`: methods by waveforms and budgets of parameters, each at the
/// paper's learning rate, and the methods at other rates.
module ClockworkRuns =
    /// Methods by waveforms and budgets, at the paper's rates.
    [<Literal>]
    let Main = "main"

    /// Methods at other rates, at one budget.
    [<Literal>]
    let Rates = "rates"

    /// A waveform and a budget as an abscissa.
    let abscissa (wave: string) (budget: string) = $"{wave}/{budget}"

    /// The waveform and the budget of an abscissa.
    let split (x: string) =
        let at = x.LastIndexOf '/'
        x.Substring(0, at), x.Substring(at + 1)

    /// What stands between a method and its rate in a series of the part `rates`.
    [<Literal>]
    let ratedAs = ", rate "

    let private profileOf (context: Context) (profile: Profile) =
        let settings = Setting.Of context.Protocol
        settings["profiles"].[profile.Name()]

    /// Waveforms of a profile.
    let waves context profile =
        RunSettings.texts (profileOf context profile).["waves"]

    /// Budgets of a profile.
    let budgets context profile =
        RunSettings.texts (profileOf context profile).["budgets"]

    /// Methods of a profile.
    let methods context profile =
        RunSettings.texts (profileOf context profile).["methods"]

    /// Seeds of the part `rates` in a profile.
    let rateSeeds context profile =
        int (profileOf context profile).["rateSeeds"].Whole

    /// The learning rate of a method in the paper.
    let rateOf (context: Context) (method: string) =
        let settings = Setting.Of context.Protocol
        settings["methods"].[method].["training"].["learningRate"].Number

    /// Hidden units of a method for a budget.
    let sizeOf (context: Context) (method: string) (budget: string) =
        let settings = Setting.Of context.Protocol
        settings["sizes"].[method].[budget].Count

    /// A method's clock; None of a method that has none.
    let clockOf (context: Context) (method: string) =
        let settings = Setting.Of context.Protocol
        let network = settings["methods"].[method].["network"]

        if network["cell"].Text = "clockwork" then
            Some(
                Clockwork(network["periods"].List |> List.map _.Count, network["clockStart"].Count)
            )
        else
            None

    /// A word as a setting; the engine's reader refuses an empty one.
    let private text (word: string) : JsonNode =
        match JsonValue.Create word with
        | null -> JsonObject()
        | value -> value

    /// The settings of a run, as `TrainingRun` reads them.
    let settingsOf
        (context: Context)
        (profile: Profile)
        (method: string)
        (wave: string)
        (budget: string)
        (rate: float)
        (keepsOutputs: bool)
        : Setting =
        let settings = Setting.Of context.Protocol
        let node = profileOf context profile

        let run =
            RunSettings.merged settings["run"] [ settings["methods"].[method]; node["run"] ]

        RunSettings.merged run [
            RunSettings.change "task" [ "wave", text wave ]
            RunSettings.change "network" [
                "hidden", JsonValue.Create(sizeOf context method budget)
            ]
            RunSettings.change "training" [
                "learningRate", JsonValue.Create rate
                if keepsOutputs then
                    "outputs", JsonValue.Create true
            ]
        ]

    let private cell context profile part method wave budget rate (seed: uint64) : Planned =
        // One drawn output of a cell is enough for a figure.
        let keeps = part = Main && seed = 1UL
        let set = settingsOf context profile method wave budget rate keeps

        let series =
            if part = Main then
                method
            else
                method + ratedAs + rate.ToString("G3", CultureInfo.InvariantCulture)

        let label = $"{series} {wave} {budget} seed {seed}"

        {
            Part = part
            Series = series
            X = abscissa wave budget
            Seed = seed
            Run = CellRuns.run context set label seed
        }

    /// The other rates of a method: the grid's but its own.
    let otherRates (context: Context) (method: string) =
        let settings = Setting.Of context.Protocol
        let own = rateOf context method

        settings["rates"].["grid"].List
        |> List.map _.Number
        |> List.filter (fun rate -> rate <> own)

    let plan (context: Context) (profile: Profile) : Planned list =
        let settings = Setting.Of context.Protocol

        (profileOf context profile).Only [ "run"; "waves"; "budgets"; "methods"; "rateSeeds" ]
        |> ignore

        let rates = settings["rates"].Only [ "budgets"; "methods"; "grid" ]

        [
            for wave in waves context profile do
                for budget in budgets context profile do
                    for method in methods context profile do
                        let rate = rateOf context method

                        for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                            cell context profile Main method wave budget rate seed

            for wave in waves context profile do
                for budget in RunSettings.texts rates["budgets"] do
                    for method in RunSettings.texts rates["methods"] do
                        for rate in otherRates context method do
                            for seed in 1UL .. uint64 (rateSeeds context profile) do
                                cell context profile Rates method wave budget rate seed
        ]

    /// Parameters of a method's network, each bias and its input of 1 counted as one, and the
    /// multiplications by recurrent weights in a sequence.
    let cost (context: Context) (method: string) (budget: string) (steps: int) =
        let size = sizeOf context method budget
        let spec = NetworkSpec(1, size, 1)
        let h = int64 size

        match clockOf context method with
        | Some clock -> clock.ParametersIn(spec) - h, clock.RecurrentProducts(size, steps)
        | None ->
            let settings = Setting.Of context.Protocol

            let gates =
                match settings["methods"].[method].["network"].["cell"].Text with
                | "lstm" -> 4L
                | _ -> 1L

            gates * (h * h + h) + h + 1L, gates * h * h * int64 steps

    /// The samples of a waveform by its word.
    let samples (wave: string) (steps: int) =
        let all = System.Enum.GetValues<Waveform>()
        (all |> Array.find (fun (w: Waveform) -> w.Word() = wave)).Samples(steps)

    /// Whether a run diverged.
    let diverged (run: Finished) =
        run.Record.Result.Outcome = Outcomes.Diverged

    /// The error of a run: that of the tested network, but 1, the best constant's, where it is
    /// larger or the run diverged.
    let error (run: Finished) =
        let value = run.Record.Metric "test normalised error"

        if not (diverged run) && System.Double.IsFinite value then
            min 1.0 value
        else
            1.0
