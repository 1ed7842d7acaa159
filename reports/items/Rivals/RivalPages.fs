namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Repro.Reports

/// Values, tests, figures and tables of the item `rivals`.
module RivalPages =
    let private metric = "share of problems solved"

    // The profiles at hand.
    let private scalesOf (finished: Finished list) =
        finished |> List.map _.Profile |> List.distinct

    // The parts of every profile at hand.
    let private parts (context: Context) (finished: Finished list) = [
        for profile in scalesOf finished do
            for part in RivalRuns.parts context profile -> profile, part
    ]

    /// One value a seed: the share of some tasks' problems that it solved. Only of methods whose
    /// cells are all there.
    let private shares context profile (part: RivalPart) x (tasks: string list) finished = [
        let wanted = {
            part with
                Tasks = part.Tasks |> List.filter (fun t -> List.contains t tasks)
        }

        let cells = RivalCosts.cells context profile wanted finished

        for method in part.Methods do
            let mine = cells |> List.filter (fun (_, m, _) -> m = method)

            if not mine.IsEmpty && mine.Length = wanted.Tasks.Length * wanted.Lengths.Length then
                {
                    Series = method
                    X = x
                    Profile = profile
                    Values = [
                        for seed, runs in
                            mine
                            |> List.collect (fun (_, _, runs) -> runs)
                            |> List.groupBy _.Cell.Seed ->
                            seed,
                            runs |> List.averageBy (fun f -> if Runs.succeeded f then 1.0 else 0.0)
                    ]
                }
    ]

    /// The values that the protocol's orderings compare: over all tasks of a part, which are "all"
    /// of the optimisers, and over memorisation alone.
    let groups (context: Context) (finished: Finished list) : Group list = [
        for profile, part in parts context finished do
            let all = if part.Name = "optimisers" then "all" else part.Name
            yield! shares context profile part all part.Tasks finished

            if List.contains "memorisation" part.Tasks then
                yield! shares context profile part "memorisation" [ "memorisation" ] finished
    ]

    /// Success rates with Wilson's interval, and the median costs of the runs that succeed, from
    /// the smallest to the largest; once where two parts have the same cell.
    let rows (context: Context) (finished: Finished list) : ValueRow list = [
        let protocol = context.Protocol

        let cells = [
            for profile in scalesOf finished do
                for x, method, runs in RivalCosts.everyCell context profile finished ->
                    profile, x, method, runs
        ]

        for profile, x, method, runs in cells do
            let solved = runs |> List.filter Runs.succeeded
            let n = runs.Length
            let rate = Intervals.Wilson(solved.Length, n, 0.95)

            Rows.ours
                protocol
                profile
                method
                x
                ("success", "share of seeds")
                n
                rate.Estimate
                (Some(rate, protocol.Rule.IntervalKind))

            for measure in RivalCosts.measures do
                let costs =
                    runs
                    |> List.map (RivalCosts.toSuccess context measure)
                    |> List.filter Double.IsFinite

                if not costs.IsEmpty then
                    let word = RivalCosts.word measure
                    let middle = RivalAdvice.median costs

                    Rows.ours
                        protocol
                        profile
                        method
                        x
                        ($"{word} to success, median", word)
                        costs.Length
                        middle
                        (Rows.rangeOf middle costs)
    ]

    /// The protocol's orderings.
    let tests (context: Context) (finished: Finished list) =
        Judging.orderings context.Protocol (groups context finished)

    // A method's colour, the same in every figure: that of the first part that has it, and in a
    // part with some of those the others have colours that are free.
    let private paint (context: Context) (method: string) =
        let add (known: Map<string, int>) (part: RivalPart) =
            let others = part.Methods |> List.filter (known.ContainsKey >> not)
            let taken = part.Methods |> List.choose known.TryFind

            let places =
                if taken.IsEmpty then
                    Palette.places others
                else
                    Seq.initInfinite id
                    |> Seq.filter (fun i -> not (List.contains i taken))
                    |> Seq.truncate others.Length
                    |> List.ofSeq

            (known, List.zip others places)
            ||> List.fold (fun known (name, place) -> known.Add(name, place))

        let places = RivalRuns.parts context Profile.Paper |> List.fold add Map.empty
        Color.fromString Palette.colors[places[method] % Palette.colors.Length]

    let private dashes = [|
        StyleParam.DrawingStyle.Solid
        StyleParam.DrawingStyle.Dash
        StyleParam.DrawingStyle.Dot
    |]

    /// Performance profiles of a part, one panel a measure.
    let private profiles context (profile: Profile) (part: RivalPart) finished : Figure list = [
        let runs = RivalCosts.whole context profile part finished

        let ratios =
            RivalCosts.measures
            |> List.map (fun measure ->
                RivalCosts.costs context measure runs |> PerformanceProfile.ratios part.Methods)

        let problems = (snd ratios.Head.Head).Length

        if problems > 0 then
            let worst =
                ratios
                |> List.collect (List.collect snd)
                |> List.filter Double.IsFinite
                |> List.fold max 2.0

            // A whole power of two, so that the last step can be seen.
            let until = 2.0 ** (floor (Number.log10 worst / Number.log10 2.0) + 1.0)

            let doublings =
                let all = int (round (Number.log10 until / Number.log10 2.0))
                let step = max 1 ((all + 5) / 6)
                [ for k in 0..step..all -> 2.0 ** float k ]

            let panel isFirst (byMethod: (string * float list) list) =
                [
                    for i, (method, own) in List.indexed byMethod ->
                        Chart.Line(
                            PerformanceProfile.corners until own,
                            Name = method,
                            ShowLegend = isFirst,
                            LineColor = paint context method,
                            LineDash = dashes[i % dashes.Length],
                            LineWidth = 2.0
                        )
                        |> Chart.withTraceInfo (LegendGroup = method)
                ]
                |> Chart.overlay
                |> Chart.withXAxisStyle (
                    TitleText = "at most so many times the least cost",
                    AxisType = StyleParam.AxisType.Log,
                    MinMax = (0.0, Number.log10 until)
                )
                |> Chart.withXTicks (doublings, doublings |> List.map (Format.number "0"))
                |> Chart.withYAxisStyle (MinMax = (-0.04, 1.04))

            {
                Id = $"profiles-{part.Name}-{profile.Name()}"
                Caption =
                    $"Performance profiles of the part '{part.Name}' ({profile.Name()} profile): \
                      the share of {problems} problems that a method solves at no more than so \
                      many times the cost of the cheapest method."
                Chart =
                    ratios
                    |> List.mapi (fun i byMethod ->
                        let chart = panel (i = 0) byMethod

                        if i = 0 then
                            chart |> Chart.withYAxisStyle (TitleText = "share of problems")
                        else
                            chart)
                    |> Panels.grid 1 2 [ "cost in sequences"; "cost in operations" ]
                    |> Chart.withLegend true
                    |> Chart.withAltText
                        "Share of problems solved against the factor of the least cost, a line a \
                         method, for sequences and for operations."
                    |> Chart.withSize (960.0, 400.0)
                Note =
                    "The value at 1 says how often a method is the cheapest, the right end how \
                     much it solves within the budget. A problem is a task at one length with \
                     one seed."
            }
    ]

    let private partsOf context profile finished = [
        for part in RivalRuns.parts context profile do
            if not (RivalCosts.cells context profile part finished).IsEmpty then
                part
    ]

    let figures (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        for scale in Runs.scales profile do
            for part in partsOf context scale finished do
                yield! profiles context scale part finished
    ]

    // One row a task and length, one column a method.
    let private grid context profile (part: RivalPart) finished title say =
        let cells = RivalCosts.cells context profile part finished

        let found = Map.ofList [ for x, method, runs in cells -> (x, method), runs ]

        title,
        Table.ofStrings ([ "task"; "T" ] @ part.Methods) [
            for x in cells |> List.map (fun (x, _, _) -> x) |> List.distinct do
                let task, length = RivalRuns.split x

                [ task; string length ]
                @ [
                    for method in part.Methods ->
                        found
                        |> Map.tryFind (x, method)
                        |> Option.map say
                        |> Option.defaultValue "–"
                ]
        ]

    let private successes (runs: Finished list) =
        let solved = runs |> List.filter Runs.succeeded |> List.length
        let interval = Intervals.Wilson(solved, runs.Length, 0.95)
        let number = Format.number "0.00"
        $"{solved} of {runs.Length} ({number interval.Low}–{number interval.High})"

    let private medianOf context measure pattern (runs: Finished list) =
        runs
        |> List.map (RivalCosts.toSuccess context measure)
        |> List.filter Double.IsFinite
        |> RivalAdvice.median
        |> Format.number pattern

    let tables (context: Context) (profile: Profile) (finished: Finished list) = [
        for scale in Runs.scales profile do
            yield! RivalPairs.tables context scale finished

            for part in partsOf context scale finished do
                let at = $"{part.Name}, {scale.Name()} profile"

                let grid title say =
                    grid context scale part finished title say

                yield! RivalAdvice.table context scale part finished
                grid $"Seeds that solve their problem, Wilson interval of 95 %%: {at}" successes

                grid
                    $"Sequences to success, median of the seeds that succeed: {at}"
                    (medianOf context RivalCosts.Sequences "N0")

                grid
                    $"Operations to success, median of the seeds that succeed within them: {at}"
                    (medianOf context RivalCosts.Operations "0.0e0")
    ]

    // What two methods that are laid beside each other have in common.
    let private pairs context profile finished = [
        for pair in RivalPairs.named context do
            yield! RivalPairs.sentences context profile pair finished
    ]

    // The paper's scale has no words before it, so that the sentence begins here.
    let private budget context profile =
        let most = Format.whole (float (RivalRuns.sequences context profile))
        let at = if profile = Profile.Paper then "At" else "at"
        $"{Runs.atScale profile}{at} most {most} sequences a run."

    /// What to use when, as the page begins: HTML.
    let claim (context: Context) (profile: Profile) (finished: Finished list) =
        let said = [
            for scale in Runs.scales profile do
                match pairs context scale finished with
                | [] -> ()
                | sentences ->
                    let text = String.Join(" ", sentences)
                    $"{budget context scale} {text}"

                for part in partsOf context scale finished do
                    let sentences =
                        RivalAdvice.sentences context scale part finished
                        @ RivalAdvice.soFar context scale part finished

                    if not sentences.IsEmpty then
                        let text = String.Join(" ", sentences)
                        $"{budget context scale} {text}"
        ]

        [
            for text in said do
                $"<p>{Html.escape text}</p>"

            "<p>The papers compare their methods with few others and on budgets of their own. \
             Here every method trains on the same tasks until it has learnt them or has seen the \
             same number of sequences. Hessian-free optimisation is after its authors' released \
             program, but drops a warm start that is no better than none, and measures the \
             reduction ratio on all sequences of the gradient.</p>"
        ]
        |> String.concat "\n"

    /// One line for the index, of the parts that compare methods.
    let summary (context: Context) (profile: Profile) (finished: Finished list) =
        let said = [
            yield! pairs context profile finished

            for part in partsOf context profile finished |> List.filter (_.About >> (=) "") do
                let counted = RivalAdvice.counts context profile part RivalCosts.Sequences finished

                if counted.Head.Problems > 0 then
                    let each = [ for c in counted -> $"{c.Method} {c.Solved}" ]
                    let text = String.Join("; ", each)

                    $"Of the {counted.Head.Problems} problems of the part '{part.Name}' that every \
                      method has ended, so many are solved: {text}."
        ]

        let soFar = [
            for part in partsOf context profile finished do
                yield! RivalAdvice.soFar context profile part finished
        ]

        if said.IsEmpty && soFar.IsEmpty then Runs.noneAtHand
        elif said.IsEmpty then String.Join(" ", soFar)
        else Runs.atScale profile + String.Join(" ", said)
