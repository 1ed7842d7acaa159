namespace Repro.Reports.Items

open System
open Plotly.NET
open Repro.Engine.Judging
open Repro.Reports

/// Planning and figures shared by the items on sequential MNIST.
module MnistPages =
    let private text = Format.number "0.###"

    /// Axes and size of a chart of cross-entropy against epochs, on images of a kind: up to
    /// 3 nats, so that curves of all figures can be laid beside each other.
    let lossAxes (images: string) (chart: GenericChart) =
        chart
        |> Chart.withXAxisStyle (TitleText = "epochs")
        |> Chart.withYAxisStyle (TitleText = $"{images} cross-entropy, nats", MinMax = (0.0, 3.0))
        |> Chart.withSize (960.0, 460.0)

    /// Every series at every epoch count of a profile's budget with every seed; the runs that
    /// decide between readings; and those of the readings chosen.
    let plan (context: Context) (profile: Profile) : Planned list =
        let budget, epochs = MnistRuns.budget context profile

        [
            for epochs in epochs do
                for series in MnistRuns.series context do
                    for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                        {
                            Part = "main"
                            Series = series["series"].Text
                            X = text epochs["epochs"].Number
                            Seed = seed
                            Run = MnistRuns.run context budget epochs series seed
                        }

            yield! MnistStage.plan context profile
            yield! MnistStage.planChosen context profile
        ]

    /// Test curves of a profile's longest runs, with the paper's points at the numbers of epochs
    /// that `epochsOf` says they stand for.
    let curves
        (context: Context)
        (profile: Profile)
        (name: string)
        (scale: float)
        (epochsOf: Target -> float)
        (finished: Finished list)
        : CurveSeries list =
        let mine = MnistStage.judged context finished |> Runs.ofProfile profile

        [
            for series in MnistRuns.series context |> List.map (fun s -> s["series"].Text) do
                let seeds = [
                    for run in mine |> List.filter (fun f -> f.Cell.Series = series) do
                        match MnistRuns.curve name run with
                        | [||], _ -> ()
                        | x, y -> x, y |> Array.map (fun v -> scale * v)
                ]

                let paper =
                    if profile = Profile.Paper then
                        context.Targets
                        |> List.filter (fun t -> t.Series = series)
                        |> List.map (fun t -> epochsOf t, t.Value)
                        |> Array.ofList
                        |> Array.unzip
                    else
                        [||], [||]

                {
                    Name = series
                    Seeds = seeds
                    Mean = Judging.meanCurve seeds
                    Paper = paper
                }
        ]

    /// Marks where the curves of runs that diverged end.
    let diverged (context: Context) (profile: Profile) (name: string) (scale: float) finished =
        MnistStage.judged context finished
        |> Runs.ofProfile profile
        |> Runs.divergedEnds (fun run ->
            let x, y = MnistRuns.curve name run
            x, Array.map (fun v -> scale * v) y)
        |> Diverged.atEnds

    /// Values of a curve, one group for each series and epoch asked for.
    let groupsAt
        (context: Context)
        (profile: Profile)
        (name: string)
        (scale: float)
        (epochs: (string * float) list)
        (finished: Finished list)
        : Group list = [
        let mine = MnistStage.judged context finished |> Runs.ofProfile profile

        for series in mine |> List.map _.Cell.Series |> List.distinct do
            for x, epoch in epochs do
                let values = [
                    for f in mine |> List.filter (fun f -> f.Cell.Series = series) do
                        match MnistRuns.at name epoch f with
                        | Some y -> f.Cell.Seed, scale * y
                        | None -> ()
                ]

                if not values.IsEmpty then
                    {
                        Series = series
                        X = x
                        Profile = profile
                        Values = values |> List.distinctBy fst |> List.sortBy fst
                    }
    ]

    /// Epochs at which a profile's runs have a point, at most so many, the last among them.
    let epochsOf (context: Context) (profile: Profile) (most: int) (finished: Finished list) =
        MnistStage.judged context finished
        |> Runs.ofProfile profile
        |> List.tryHead
        |> Option.map (fun f ->
            let all = MnistRuns.curve "test correct" f |> fst

            let stride = max 1 (all.Length / most)

            all
            |> Array.rev
            |> Array.indexed
            |> Array.filter (fun (i, _) -> i % stride = 0)
            |> Array.map snd
            |> Array.rev
            |> Array.map (fun e -> text e, e)
            |> List.ofArray)
        |> Option.defaultValue []

    /// The reading that the rule chooses for each network where its runs are complete, with its
    /// distance.
    let private nearest (context: Context) = [
        for network in MnistStage.networks context do
            match MnistStage.chosen context Profile.Paper network with
            | Some(reading, distance) ->
                let nats = Format.number "0.00" distance
                $"{reading.Name} of {network} ({nats} nats from its points on average)"
            | None -> ()
    ]

    /// The mean of the runs that have a value, in a unit, and how many have none.
    let meanOf (unit: string) (format: string) (value: Finished -> float) (runs: Finished list) =
        let lost () =
            let gone = runs |> List.filter (value >> Double.IsFinite >> not)
            $"{gone.Length} of {runs.Length} runs diverged"

        match runs |> List.map value |> List.filter Double.IsFinite with
        | [] -> $"no value, since {lost ()}"
        | values ->
            let mean = Format.number format (List.average values)

            if values.Length = runs.Length then
                $"{mean} {unit}"
            else
                $"{mean} {unit} ({lost ()})"

    /// One line for the index.
    let summary
        (context: Context)
        (profile: Profile)
        (finished: Finished list)
        (unit: string)
        (value: Finished -> float)
        =
        let judged = MnistStage.judged context finished |> Runs.ofProfile profile

        let means = [
            for epochs, runs in judged |> List.groupBy _.Cell.X do
                let parts = [
                    for series, own in runs |> List.groupBy _.Cell.Series ->
                        let mean = meanOf unit "G3" value own
                        $"{series} {mean}"
                ]

                $"After {epochs} epochs on average: {Runs.listed parts}."
        ]

        match means, nearest context with
        | [], (_ :: _ as readings) when profile = Profile.Paper ->
            "Of the readings of what the paper leaves open, those nearest to the start of \
             Figure 5's curves are "
            + Runs.listed readings
            + "; their runs of full length are not complete."
        | [], _ -> Runs.noneAtHand
        | _ -> Runs.atScale profile + String.concat " " means
