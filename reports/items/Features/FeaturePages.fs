namespace Repro.Reports.Items

open System
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Runs
open Repro.Reports

/// Planning, judging and words shared by the two items on UCF-101.
module FeaturePages =
    open FeatureRuns

    /// Abscissa of a model's best place in the grid.
    [<Literal>]
    let best = "best setting"

    [<Literal>]
    let validationMetric = "validation accuracy"

    [<Literal>]
    let testMetric = "test accuracy"

    /// Percent of the test clips that a ridge regression names, as its record says.
    let private ridgeScore (view: string) (finished: Finished list) =
        Runs.ofPart Profile.Paper "ridge" finished
        |> List.tryFind (fun f -> f.Cell.Series.EndsWith view)
        |> Option.map (fun f -> Format.number "0" (100.0 * f.Record.Metric "test correct") + " %")
        |> Option.defaultValue "(not run)"

    /// What stands in for the paper's data, and what that means; HTML.
    let substitution (finished: Finished list) =
        let mean, middle =
            ridgeScore "mean of the frames" finished, ridgeScore "middle frame" finished

        $"<p><strong>Other data than the paper's.</strong> The paper's features, all 101 classes \
         through the last layer of a GoogLeNet trained on 15,000 ImageNet classes, were private \
         and are not available. Published VGG-16 features of 14 of the classes stand in: layer \
         relu6, 4,096 values a frame kept in one byte each, 25 frames a clip. Training has the \
         1,260 clips of groups 8–24, validation the 81 of group 25, and the test the 524 of \
         groups 1–7. The source's class 1 is left out: its files hold values from before the \
         activation, whose negative signs alone would give the class away.</p>\
         <p>Fourteen classes are much easier than 101. A ridge regression that knows nothing of \
         time names {mean} of the test clips from the mean of their frames and {middle} from the \
         middle frame alone, so there is little room for temporal modelling. Twelve pairs of \
         clips are identical. One pair crosses the split (Basketball g03_c01, tested, is \
         g23_c01, trained on), and none touches group 25. Directions are compared with the \
         paper's; values are not.</p>"

    /// Whether the features of one's own are of all the paper's classes.
    let isThePapers (context: Context) =
        hasOwn context && (features context Own).Classes.Count = 101

    /// Seeds of the grid: its protocol's, since the table chooses by the same runs.
    let private ownGrid context (profile: Profile) part =
        if profile = Profile.Paper && hasOwn context then
            cells context profile Own part (places context profile) 1
        else
            []

    /// The grid's runs: a part a model.
    let planGrid (context: Context) (profile: Profile) : Planned list =
        cells context profile Pack id (places context profile) context.Protocol.Seeds[profile]
        @ ridges context profile
        @ ownGrid context profile (fun _ -> "own")

    /// The grid with one seed, and every seed at each model's best place once its grid is there.
    let planBest (context: Context) (profile: Profile) : Planned list =
        let chosen source part grid =
            let wanted = [
                for model in modelNames context do
                    match FeatureRuns.best context.Find model grid with
                    | Some place -> model, place
                    | None -> ()
            ]

            let seeds = context.Protocol.Seeds[profile]
            cells context profile source (fun _ -> part) wanted seeds

        let grid = cells context profile Pack (fun _ -> "grid") (places context profile) 1
        let own = ownGrid context profile (fun _ -> "own-grid")

        grid
        @ chosen Pack "main" grid
        @ ridges context profile
        @ own
        @ (if own.IsEmpty then [] else chosen Own "own" own)

    /// Groups of the parts wanted.
    let groupsOf (isWanted: string -> bool) value (finished: Finished list) = [
        for part in finished |> List.map _.Cell.Part |> List.distinct |> List.filter isWanted do
            yield! Judging.groups part value finished
    ]

    /// Judged rows: the paper's verdict rule where the features are of its classes, else
    /// "substitute data".
    let rows (context: Context) metric (targets: Target list) pack (own: Group list) =
        if isThePapers context && not own.IsEmpty then
            Judging.rows
                context.Protocol
                targets
                metric
                (own @ (pack |> List.filter (fun g -> g.Profile <> Profile.Paper)))
        else
            Judging.rows context.Protocol targets metric pack
            |> List.map (fun r ->
                if r.Verdict.HasValue && r.N > 0 then
                    r.Given(Verdict.SubstituteData)
                else
                    r)

    /// The mean of a group's values.
    let meanOf (group: Group) = group.Values |> List.averageBy snd

    /// Ridge regressions of a profile as a table.
    let private ridgeTable (profile: Profile) (finished: Finished list) =
        Table.ofStrings [ "classifier"; "penalty"; "validation, %"; "test, %" ] [
            for f in Runs.ofPart profile "ridge" finished do
                let percent name =
                    Format.number "0.0" (100.0 * f.Record.Metric name)

                [
                    f.Cell.Series
                    Format.number "G4" (f.Record.Metric "penalty")
                    percent RidgeRun.ValidationCorrect
                    percent "test correct"
                ]
        ]

    /// The tables of ridge regressions that were made.
    let ridgeTables (profile: Profile) (finished: Finished list) = [
        for scale in Runs.scales profile do
            let table = ridgeTable scale finished

            if not table.Rows.IsEmpty then
                $"Without recurrence, {Runs.scaleName scale}", table
    ]

    let private reduced (context: Context) (profile: Profile) =
        let budget = budget context profile
        let task = budget["run"].["task"]
        let pool = task["pool"].Whole

        if profile = Profile.Paper then
            ""
        else
            let frames =
                if task.Has "steps" then
                    let frames = task["steps"].Whole
                    $"{frames} of the 25 frames, "
                else
                    ""

            let epochs = budget["epochs"].Number

            $"{frames}features averaged in groups of {pool}, {epochs} epochs and "
            + "a corner of the grid: not the paper's scale."

    let private dataNote =
        "14 classes of VGG-16 features stand in for the paper's 101 of GoogLeNet; values do not "
        + "compare."

    /// What a figure's numbers are not.
    let note (context: Context) (profile: Profile) =
        match reduced context profile with
        | "" -> dataNote
        | text -> text + " " + dataNote
