namespace Repro.Reports.Items

open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Tasks

/// Tasks, lengths and methods that a part of a plan crosses.
type RivalPart = {
    Name: string
    /// The method whose settings it varies; empty in a part that compares methods.
    About: string
    Tasks: string list
    Lengths: int64 list
    Methods: string list
}

/// The runs of the item `rivals`: methods by tasks and lengths, each until it has learnt its task
/// or seen the budget of sequences.
module RivalRuns =
    /// A task and a length as an abscissa.
    let abscissa (task: string) (length: int64) = $"{task}/{length}"

    /// The task and the length of an abscissa.
    let split (x: string) =
        let at = x.LastIndexOf '/'
        x.Substring(0, at), int64 (x.Substring(at + 1))

    /// What the protocol states of the item.
    let settings (context: Context) : Setting =
        (Setting.Of context.Protocol).Only [
            "run"
            "tasks"
            "methods"
            "operationsOf"
            "beside"
            "profiles"
        ]

    let private profileOf (context: Context) (profile: Profile) =
        (settings context).["profiles"].[profile.Name()].Only [
            "sequences"
            "run"
            "tasks"
            "methods"
            "parts"
        ]

    /// The budget of a profile's runs, in sequences.
    let sequences context profile =
        (profileOf context profile).["sequences"].Whole

    /// The parts of a profile's plan.
    let parts context profile : RivalPart list = [
        let texts (node: Setting) = node.List |> List.map _.Text

        for part in (profileOf context profile).["parts"].List do
            let part = part.Only [ "name"; "about"; "tasks"; "lengths"; "methods" ]

            {
                Name = part["name"].Text
                About = if part.Has "about" then part["about"].Text else ""
                Tasks = texts part["tasks"]
                Lengths = part["lengths"].List |> List.map _.Whole
                Methods = texts part["methods"]
            }
    ]

    // The member of a table that a text names, or no change where the table has none.
    let private changeOf (table: Setting) (name: string) : Setting list = [
        if not table.IsAbsent && table.Has name then
            table[name]
    ]

    /// Sequences that an update reads at least.
    let private perUpdate (training: Setting) =
        let groups =
            if training.Has "hessianFree" then
                let own = training["hessianFree"]
                own["gradientBatches"].Whole + own["curvatureBatches"].Whole
            else
                1L

        training["batch"].Whole * groups

    /// The settings of a run, as `TrainingRun` reads them: those of all runs, of the profile, the
    /// task and the method, then what profile and task change in a method, a later one over those
    /// before it.
    let settingsOf
        (context: Context)
        (profile: Profile)
        (task: string)
        (length: int64)
        (method: string)
        : Setting =
        let settings = settings context
        let own = profileOf context profile
        let named = settings["tasks"].[task].Only [ "length"; "run"; "methods" ]

        let lengths =
            RunSettings.change "task" [
                for name in named["length"].List -> name.Text, JsonValue.Create length
            ]

        let run =
            RunSettings.merged settings["run"] [
                own["run"]
                named["run"]
                settings["methods"].[method]
                yield! changeOf own["tasks"] task
                yield! changeOf own["methods"] method
                yield! changeOf named["methods"] method
                lengths
            ]

        // No update reads fewer sequences, so that the budget ends the run and not its updates.
        let budget = sequences context profile
        let least = perUpdate run["training"]
        let limit = JsonObject()
        limit["sequences"] <- JsonValue.Create budget

        RunSettings.merged run [
            RunSettings.change "training" [
                "updates", JsonValue.Create((budget + least - 1L) / least)
                "budget", limit
            ]
        ]

    let plan (context: Context) (profile: Profile) : Planned list = [
        for part in parts context profile do
            for task in part.Tasks do
                for length in part.Lengths do
                    for method in part.Methods do
                        let set = settingsOf context profile task length method

                        for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                            let label = $"{method}, {task} T={length} seed {seed}"

                            {
                                Part = part.Name
                                Series = method
                                X = abscissa task length
                                Seed = seed
                                Run = CellRuns.run context set label seed
                            }
    ]

    /// Operations that a plain gradient of the tanh network needs for the budget of sequences, of
    /// the longest that a task has at that length: the second budget.
    let operations (context: Context) (profile: Profile) (task: string) (length: int64) : float =
        let plain = (settings context).["operationsOf"].Text
        let set = settingsOf context profile task length plain
        let sequence = SequenceTasks.Read(set["task"], TaskSources context.Data, 1UL)
        let hidden = set["network"].["hidden"].Count
        let spec = sequence.Network(hidden, Activation.Tanh)
        let cost = SweepCost.Of(spec, hidden, sequence.Steps, sequence.IsOneHot)
        cost.Gradient * float (sequences context profile)
