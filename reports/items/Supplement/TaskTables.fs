namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Repro.Reports

/// Figures and tables of a task learnt at random lengths and tested at others: Tables 1 to 4 of
/// Pascanu, Mikolov and Bengio's supplement.
module TaskTables =
    let private succeeding = "seeds that succeed of 5"

    let private updatesWith threshold =
        $"mean updates to converge (threshold {threshold})"

    let private percent = Format.number "0.##"

    /// The row of a number of seeds that succeed, judged as a count and shown with the bounds
    /// that judge it.
    let private successRow (context: Context) (target: Target) (finished: Finished list) =
        let runs =
            finished
            |> List.filter (fun f -> f.Profile = Profile.Paper && f.Cell.Part = "main")

        if runs.IsEmpty then
            ValueRow.NotRun(target, Profile.Paper)
        else
            let count = runs |> List.filter Runs.succeeded |> List.length
            let rule = context.Protocol.RuleFor target.Metric
            let judged = rule.Judge(target.Value, target.Tolerance, [| float count |])
            let row = ValueRow.Of(target, judged.OverRuns runs.Length, Profile.Paper)

            if runs.Length < context.Protocol.Seeds[Profile.Paper] then
                row.Given(
                    Verdict.Undecided,
                    $"Cannot decide: {runs.Length} of the {context.Protocol.Seeds[Profile.Paper]} \
                      seeds have ended."
                )
            else
                row

    let private updates part (finished: Finished list) =
        Judging.groups part Runs.updatesToSuccess finished
        |> List.map (fun g -> { g with Series = "MSGD-CR" })

    let private rows (context: Context) (finished: Finished list) = [
        let targets metric =
            context.Targets |> List.filter (fun t -> t.Metric = metric)

        let judged unit metric groups =
            Judging.rowsIn (fun _ -> unit) context.Protocol (targets metric) metric groups

        yield! judged Units.Percent TaskErrors.metric (TaskErrors.errors "main" finished)

        for target in targets succeeding do
            successRow context target finished

        let run = (Setting.Of context.Protocol).["run"]
        let threshold = int run["training"].["threshold"].Number

        yield! judged Units.Updates (updatesWith threshold) (updates "main" finished)

        if not (targets (updatesWith 6)).IsEmpty then
            yield! judged Units.Updates (updatesWith 6) (updates TaskErrors.otherPart finished)
    ]

    /// Training loss along the updates, a curve a seed, with the loss of the best constant
    /// answer.
    let private lossFigure (context: Context) profile (finished: Finished list) : Figure list = [
        let mine = Runs.ofProfile profile finished

        if not mine.IsEmpty then
            let settings = Setting.Of context.Protocol
            let guess = settings["constantAnswer"]

            {
                Id = $"loss-{profile.Name()}"
                Caption =
                    $"Training loss of every seed ({Runs.scaleName profile}), to the update at \
                     which it succeeded or was stopped."
                Chart =
                    SeedLines.chart "training loss" mine
                    |> Chart.withXAxisStyle (TitleText = "updates")
                    |> Chart.withYAxisStyle (
                        TitleText = "mean training loss, " + guess["unit"].Text
                    )
                    |> Chart.withHorizontalLine (
                        guess["loss"].Number,
                        Text = "the best constant answer",
                        Dash = StyleParam.DrawingStyle.Dash
                    )
                    |> Chart.withSize (960.0, 380.0)
                Note = ""
            }
    ]

    /// The paper's table with ours below: a column a length.
    let private printedTable (context: Context) profile (finished: Finished list) = [
        let groups = TaskErrors.errors "main" finished
        let lengths = TaskErrors.lengthsOf profile groups

        let lengths =
            if profile = Profile.Paper && lengths.IsEmpty then
                context.Targets
                |> List.filter (fun t -> t.Metric = TaskErrors.metric)
                |> List.map _.X
            else
                lengths

        if not lengths.IsEmpty then
            let rule = context.Protocol.RuleFor TaskErrors.metric

            let valuesOf series groups x =
                match Judging.tryFind profile series x groups with
                | Some g -> g.Values |> List.map snd |> List.filter Double.IsFinite
                | None -> []

            let ours = valuesOf "MSGD-CR" groups

            let withOther =
                valuesOf TaskErrors.otherName (TaskErrors.errors TaskErrors.otherPart finished)

            let means valuesAt = [
                for x in lengths ->
                    match valuesAt x with
                    | [] -> "–"
                    | values -> percent (List.average values)
            ]

            let interval x =
                match ours x with
                | [] -> "–"
                | values ->
                    let i = rule.IntervalOf(Array.ofList values)

                    if Double.IsFinite i.High then
                        $"{percent (max 0.0 i.Low)} … {percent (min 100.0 i.High)}"
                    else
                        "–"

            let verdict x =
                context.Targets
                |> List.tryFind (fun t -> t.Metric = TaskErrors.metric && t.X = x)
                |> Option.map (fun t ->
                    match Judging.tryFind profile "MSGD-CR" x groups with
                    | Some g ->
                        rule.Judge(t.Value, t.Tolerance, g.Values |> List.map snd |> Array.ofList)
                        |> _.Verdict
                    | None -> Verdict.NotRun
                    |> Badges.ofVerdict
                    |> Cell.badge)
                |> Option.defaultValue (Cell.text "–")

            let printed x =
                context.Targets
                |> List.tryFind (fun t -> t.Metric = TaskErrors.metric && t.X = x)
                |> Option.map _.Printed
                |> Option.defaultValue "–"

            let row name cells =
                Cell.text name :: List.map Cell.text cells

            $"Percent of the test sequences wrong, by length ({Runs.scaleName profile})",
            Table.create ("T" :: lengths) [
                if profile = Profile.Paper then
                    row "paper, one network" (lengths |> List.map printed)

                row "ours, mean" (means ours)
                row ("ours, " + rule.IntervalKind) (lengths |> List.map interval)

                if profile = Profile.Paper then
                    Cell.text "verdict" :: List.map verdict lengths

                if lengths |> List.exists (withOther >> List.isEmpty >> not) then
                    row "ours with µ = 6, mean" (means withOther)
            ]
    ]

    /// Every run: how it ended and after how many updates.
    let private endings (context: Context) (finished: Finished list) = [
        for profile, runs in finished |> List.groupBy _.Profile do
            let cells = runs |> List.groupBy (fun f -> f.Cell.Part, f.Cell.Series)

            $"Success and updates to success ({Runs.scaleName profile})",
            Table.ofStrings [ "runs"; "paper, mean updates"; "ours, mean"; "seeds"; "succeeded" ] [
                for (part, series), runs in cells do
                    let updates =
                        runs |> List.map Runs.updatesToSuccess |> List.filter Double.IsFinite

                    let metric = updatesWith (if part = "main" then 1 else 6)

                    let paper =
                        context.Targets
                        |> List.tryFind (fun t -> t.Metric = metric && profile = Profile.Paper)
                        |> Option.map (fun t -> Format.whole t.Value)
                        |> Option.defaultValue "–"

                    [
                        series
                        paper
                        (if updates.IsEmpty then
                             "–"
                         else
                             Format.whole (List.average updates))
                        String.Join(
                            ", ",
                            [
                                for f in runs |> List.sortBy _.Cell.Seed ->
                                    if Runs.succeeded f then
                                        Format.whole (Runs.updatesToSuccess f)
                                    else
                                        f.Record.Result.Outcome
                            ]
                        )
                        $"{updates.Length} of {runs.Length}"
                    ]
            ]
    ]

    /// What the other clipping threshold changes, once as many of its seeds have ended; the test
    /// counts all ways of sharing out the seeds' updates among the two.
    let private otherThreshold profile (finished: Finished list) =
        let main = Runs.ofPart profile "main" finished
        let other = Runs.ofPart profile TaskErrors.otherPart finished

        if other.IsEmpty || other.Length < main.Length then
            ""
        else
            let learnt = other |> List.filter Runs.succeeded
            let count = $" {learnt.Length} of {other.Length} seeds succeed with µ = 6"

            if learnt.IsEmpty then
                $"{count}."
            else
                let mean = learnt |> List.averageBy Runs.updatesToSuccess
                let longest = learnt |> List.collect CellRuns.testedAt |> List.max

                let wrong =
                    learnt |> List.averageBy (CellRuns.percentWrongAt longest) |> Format.number "G2"

                let chance =
                    if List.forall Runs.succeeded (main @ other) then
                        let updates = List.map Runs.updatesToSuccess >> Array.ofList
                        let a, b = updates main, updates other
                        let more = PermutationTest.TwoSamples(a, b)
                        let less = PermutationTest.TwoSamples(b, a)
                        let p = min 1.0 (2.0 * min more less)

                        let words =
                            if p < 0.05 then
                                "a difference that chance does not explain"
                            else
                                "a difference that chance may explain"

                        let share = Format.number "G2" p
                        $" ({words}, p = {share})"
                    else
                        ""

                $"{count}, after {Format.whole mean} updates on average{chance}, and get \
                  {wrong} %% wrong at T = {longest}."

    let private summary profile (finished: Finished list) =
        let runs = Runs.ofPart profile "main" finished

        match runs |> List.filter Runs.succeeded with
        | [] when runs.IsEmpty -> Runs.noneAtHand
        | [] -> $"{Runs.atScale profile}None of {runs.Length} seeds succeeds."
        | learnt ->
            let mean = learnt |> List.averageBy Runs.updatesToSuccess
            let longest = learnt |> List.collect CellRuns.testedAt |> List.max
            let within = learnt.Head.Cell.X.Split('-')[1]

            let wrong (length: int) =
                learnt |> List.averageBy (CellRuns.percentWrongAt length) |> Format.number "G2"

            $"{Runs.atScale profile}{learnt.Length} of {runs.Length} seeds succeed, after \
              {Format.whole mean} updates on average. They get {wrong (int within)} %% of the \
              sequences wrong at T = {within}, and {wrong longest} %% at T = {longest}.\
              {otherThreshold profile finished}"

    /// The analysis of such an item.
    let analyse (claim: string) (context: Context) (profile: Profile) (finished: Finished list) =
        let scales = Runs.scales profile

        {
            Claim = claim
            Summary = summary profile finished
            Values = rows context finished
            Orderings = Claims.judge context (fun _ _ -> nan) finished
            Figures = [
                for scale in scales do
                    TaskErrors.figure context scale finished

                for scale in scales do
                    yield! lossFigure context scale finished
            ]
            Tables = [
                for scale in scales do
                    yield! printedTable context scale finished

                yield! endings context finished
            ]
        }
