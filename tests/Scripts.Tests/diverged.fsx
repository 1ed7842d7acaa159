// Analyses every item that trains as if runs at the paper's scale had diverged: the last seed of
// each cell, whole series, all runs. Prints what cannot be analysed or drawn, or says NaN.
// Usage: dotnet fsi diverged.fsx [folder of the data sets]

#load "../../scripts/shared/items.fsx"

open System
open System.Collections
open System.Collections.Generic
open System.IO
open Plotly.NET
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Runs.Theory
open Repro.Reports
open Repro.Reports.Items

/// A value under every name: what a run that was never made would have recorded.
let every (value: 'T) = {
    new IReadOnlyDictionary<string, 'T> with
        member _.Item
            with get _ = value

        member _.ContainsKey _ = true

        member _.TryGetValue(_, found) =
            found <- value
            true

        member _.Keys = Seq.empty
        member _.Values = Seq.empty
        member _.Count = 0

        member _.GetEnumerator() : IEnumerator<KeyValuePair<string, 'T>> = Seq.empty.GetEnumerator()

        member _.GetEnumerator() : IEnumerator =
            Seq.empty.GetEnumerator() :> IEnumerator
}

let curve (points: int) =
    Curve([| for i in 1..points -> 10.0 * float i |], Array.create points 0.5)

let ended (cell: Planned) (recorded: RunRecord option) (isLost: bool) =
    let whole =
        match recorded with
        | Some record -> record.Result
        | None -> RunResult(Outcomes.Completed, every 0.5, every (curve 10), "none", 100L)

    let result =
        if isLost then
            // Cut short, with a last point that is already lost.
            let short (curve: Curve) =
                let points = min 2 curve.X.Length
                let y = Array.truncate points curve.Y

                if points > 0 then
                    y[points - 1] <- nan

                Curve(Array.truncate points curve.X, y)

            let curves: IReadOnlyDictionary<string, Curve> =
                match recorded with
                | Some record ->
                    Dictionary [
                        for KeyValue(name, curve) in record.Result.Curves ->
                            KeyValuePair(name, short curve)
                    ]
                | None -> every (short (curve 10))

            let metrics: IReadOnlyDictionary<string, float> =
                match recorded with
                | Some record ->
                    Dictionary [ for name in record.Result.Metrics.Keys -> KeyValuePair(name, nan) ]
                | None -> every nan

            RunResult(Outcomes.Diverged, metrics, curves, whole.WeightsSha256, 15L)
        else
            whole

    {
        Cell = cell
        Id = RunId.Of cell.Run
        Record = RunRecord.Of(cell.Run, result)
        Note = None
        Source = PoolSource.Recorded
        Matches = None
        Profile = Profile.Paper
    }

let lastSeeds (cells: Planned list) =
    let last =
        cells
        |> List.groupBy (fun c -> c.Part, c.Series, c.X)
        |> List.map (fun (key, own) -> key, (own |> List.map _.Seed |> List.max))
        |> Map.ofList

    fun (c: Planned) -> last[(c.Part, c.Series, c.X)] = c.Seed

let everyOtherSeries (cells: Planned list) =
    let lost =
        cells
        |> List.map _.Series
        |> List.distinct
        |> List.indexed
        |> List.filter (fun (i, _) -> i % 2 = 0)
        |> List.map snd
        |> Set.ofList

    fun (c: Planned) -> lost.Contains c.Series

let ways: (string * (Planned list -> Planned -> bool)) list = [
    "the last seed of each cell", lastSeeds
    "every other series", everyOtherSeries
    "all runs", fun _ _ -> true
]

/// Where a text says what no reader should read.
let unsaid (where: string) (text: string) = [
    for word in [ "NaN"; "Infinity" ] do
        if text.Contains word then
            $"{where} says {word}: {text.Substring(max 0 (text.IndexOf word - 60)).Split('\n')[0]}"
]

let checkItem (context: Context) (item: Item) (way: string, choose) =
    let cells = item.Plan context Profile.Paper
    let isLost = choose cells

    let finished = [ for c in cells -> ended c (context.Find c.Run) (isLost c) ]
    let byId = finished |> List.map (fun f -> f.Id, f.Record) |> dict

    let context = {
        context with
            Find =
                fun run ->
                    match byId.TryGetValue(RunId.Of run) with
                    | true, record -> Some record
                    | _ -> context.Find run
    }

    // The same runs, since a plan may grow as runs end; what it grows by is not made here.
    let place = $"{item.Id}, {way}"

    try
        let analysis = item.Analyse context Profile.Paper finished

        [
            yield! unsaid $"{place}: summary" analysis.Summary
            yield! unsaid $"{place}: claim" analysis.Claim

            for text, judgement in analysis.Orderings do
                yield! unsaid $"{place}: {text}" judgement.Reason

            for row in analysis.Values do
                if row.Ours.HasValue && not (Double.IsFinite row.Ours.Value) then
                    $"{place}: a value of {row.Series} is {row.Ours}"

            for title, table in analysis.Tables do
                for cell in List.concat table.Rows do
                    yield! unsaid $"{place}: table '{title}'" cell.Text

            for figure in analysis.Figures do
                yield! unsaid $"{place}: caption of {figure.Id}" figure.Caption

                try
                    yield! unsaid $"{place}: drawing of {figure.Id}" (Chart.toSvg figure.Chart)
                with error ->
                    $"{place}: figure {figure.Id}: {error.Message}"
        ]
    with error ->
        let frames =
            error.StackTrace.Split '\n' |> Array.filter (fun l -> l.Contains "Repro")

        let frame = frames |> Array.truncate 3 |> Array.map (fun l -> l.Trim())
        [ $"{place}: {error.Message} {String.Join('|', frame)}" ]

let data =
    DataStore(DataFolder.Resolve(Option.toObj (List.tryHead Prelude.arguments)))

let store =
    Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString "N")

let stores =
    TwoStores(Path.Combine(Prelude.root, "paper-figures"), store, Profile.Paper)

let isTrained (cell: Planned) =
    match cell.Run with
    | :? ComputedRun
    | :? MatrixRun
    | :? RidgeRun -> false
    | _ -> true

let mutable looked = 0

let found = [
    for item in Items.all do
        try
            let context = Plans.contextOf (Terminal()) Prelude.root data stores item

            if item.Plan context Profile.Paper |> List.exists isTrained then
                looked <- looked + 1

                for way in ways do
                    yield! checkItem context item way
        with :? DataException ->
            printfn $"left out, without its data: {item.Id}"
]

for text in found do
    printfn $"{text}"

printfn $"{looked} items looked at in {ways.Length} ways, {found.Length} faults"
exit (if found.IsEmpty then 0 else 1)
