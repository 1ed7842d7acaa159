namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.Json.Nodes
open NUnit.Framework
open NUnit.Framework.Constraints
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports.Items

/// The plan of Table 1 against the settings the paper prints. It needs the data sets.
module NaturalRunsTests =
    let private context () =
        if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "REPRO_DATA") then
            Assert.Ignore "REPRO_DATA names no folder with the data sets"

        let root = Samples.root.Value
        let folder = Path.Combine(root, "paper-figures", "pascanu-table1")

        {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = DataStore(DataFolder.Resolve null)
            Find = fun _ -> None
        }

    let private planned = lazy (NaturalRuns.plan (context ()) Profile.Paper)

    let private spec (series: string) =
        planned.Value
        |> List.find (fun cell -> cell.Series = series && cell.Seed = 1UL)
        |> _.Run.Spec

    let private part (name: string) series = (spec series)[name]
    let private training series = part "training" series
    let private text (node: JsonNode) = node.ToJsonString()

    [<Test>]
    let ``every published cell has three runs, each of its own`` () =
        let context = context ()
        let cells = planned.Value

        for target in context.Targets do
            let seeds = cells |> List.filter (fun c -> c.Series = target.Series)
            Samples.same [ 1UL; 2UL; 3UL ] (seeds |> List.map _.Seed)

        let ids = cells |> List.map (fun c -> RunId.Of c.Run)
        Assert.That(List.distinct ids |> List.length, Is.EqualTo cells.Length)
        Assert.That(cells.Length, Is.EqualTo(3 * (4 * 3 + 3 + 2)))

    [<Test>]
    let ``orderings compare series that are planned`` () =
        let series = planned.Value |> List.map _.Series |> List.distinct

        for rule in (context ()).Protocol.Orderings do
            Assert.That(series, Does.Contain rule.Better)
            Assert.That(series, Does.Contain rule.Worse)

    [<TestCase("Piano-midi.de", 300, 1.0, "")>]
    [<TestCase("Nottingham", 400, 1.0, "[100,0.02,0.2]")>]
    [<TestCase("MuseData", 400, 0.5, "[100,0.02,0.2]")>]
    let ``music has the printed size, rate, threshold and leaky units``
        (data: string, hidden: int, rate: float, leaks: string)
        =
        let plain, clipped = training $"{data}/MSGD", training $"{data}/MSGD+C"
        let network = part "network" $"{data}/MSGD+CR"
        Assert.That(text network["hidden"], Is.EqualTo(string hidden))
        Assert.That(text network["activation"], Is.EqualTo "\"sigmoid\"")

        let found =
            if isNull network["leaks"] then
                ""
            else
                text network["leaks"]

        Assert.That(found, Is.EqualTo leaks)
        Assert.That(plain["learningRate"].GetValue<float>(), Is.EqualTo rate)
        Assert.That(text plain["clipping"], Is.EqualTo "\"none\"")
        Assert.That(clipped["threshold"].GetValue<float>(), Is.EqualTo 8.0)
        Assert.That(text plain["halving"], Is.EqualTo "[\"training loss\",false]")
        Assert.That(isNull clipped["regularizer"])
        Assert.That(isNull clipped["biases"], "biases are learnt")

    // α in each epoch t = 1, 2, …, from a run's first value and steps.
    let private alphas series (epochs: int) =
        let node = training series
        let perEpoch = node["evaluateEvery"].GetValue<int64>()
        let regularizer = node["regularizer"]
        let alpha = regularizer["alpha"].GetValue<float>()
        let steps = [ for s in regularizer["steps"].AsArray() -> s.AsArray() ]

        [
            for t in 1L .. int64 epochs ->
                steps
                |> List.filter (fun s -> s[0].GetValue<int64>() <= (t - 1L) * perEpoch)
                |> List.tryLast
                |> Option.map (fun s -> alpha * s[1].GetValue<float>())
                |> Option.defaultValue alpha
        ]

    let private near (expected: float list) (actual: float list) =
        Assert.That(Array.ofList actual, EqualConstraint(Array.ofList expected).Within 1e-12)

    [<Test>]
    let ``α falls as one over the epoch, on Nottingham from the eleventh on`` () =
        near [ for t in 1..100 -> 1.0 / (2.0 * float t) ] (alphas "Piano-midi.de/MSGD+CR" 100)
        near [ for t in 1..60 -> 0.1 / float t ] (alphas "MuseData/MSGD+CR" 60)

        near [ for t in 1..80 -> 5.0 / float (max 1 (t - 10)) ] (alphas "Nottingham/MSGD+CR" 80)

    [<TestCase("PTB-1-step/MSGD", 0.001, "")>]
    [<TestCase("PTB-1-step/MSGD+C", 0.01, "")>]
    [<TestCase("PTB-1-step/MSGD+CR", 0.05, "0.01 null")>]
    [<TestCase("PTB-5-step/MSGD+C", 0.1, "")>]
    [<TestCase("PTB-5-step/MSGD+CR", 0.05, "0.05 [2800,0]")>]
    let ``text has the printed size, rate and α, and no biases``
        (series: string, rate: float, alpha: string)
        =
        let node = training series
        Assert.That(text ((part "network" series)["hidden"]), Is.EqualTo "500")
        Assert.That(text node["biases"], Is.EqualTo "false")
        Assert.That(node["learningRate"].GetValue<float>(), Is.EqualTo rate)

        if series.Contains "+C" then
            Assert.That(node["threshold"].GetValue<float>(), Is.EqualTo 45.0)

        let found =
            match node["regularizer"] with
            | null -> ""
            | r ->
                let decay = if isNull r["decay"] then "null" else text r["decay"]
                text r["alpha"] + " " + decay

        Assert.That(found, Is.EqualTo alpha)

        let ahead = if series.StartsWith "PTB-5" then "5" else "1"
        Assert.That(text ((part "task" series)["ahead"]), Is.EqualTo ahead)
