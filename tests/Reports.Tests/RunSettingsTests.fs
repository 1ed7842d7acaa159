namespace Repro.Reports.Tests

open System
open System.IO
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Reports.Items

/// Protocols speak the words of a run's spec: a misspelt one is refused with the nearest.
module RunSettingsTests =
    let private text (item: string) =
        File.ReadAllText(
            Path.Combine(Samples.root.Value, "paper-figures", "pascanu-" + item, "protocol.json")
        )

    let private context (protocol: string) : Context =
        let folder = Directory.CreateTempSubdirectory "repro-protocol-"

        try
            let path = Path.Combine(folder.FullName, "protocol.json")
            File.WriteAllText(path, protocol)

            {
                Root = Samples.root.Value
                Protocol = Protocol.Load path
                Targets = []
                Data = DataStore(DataFolder.Resolve folder.FullName)
                Find = fun _ -> None
            }
        finally
            folder.Delete true

    let private lengths (context: Context) (profile: Profile) =
        let settings = Setting.Of context.Protocol
        let run = CellRuns.shared settings settings["profiles"].[profile.Name()]
        [ CellRuns.run context run "" 1UL ]

    let private runs (item: string) (context: Context) =
        match item with
        | "fig7"
        | "updates" -> OrderRuns.plan context Profile.Smoke |> List.map _.Run
        | "table1" -> NaturalRuns.plan context Profile.Smoke |> List.map _.Run
        | "random-length" -> lengths context Profile.Smoke
        | _ -> CellRuns.plan context Profile.Smoke |> List.map _.Run

    /// The protocol with some of its text replaced is refused with a message.
    let private refused item (before: string) (after: string) (message: string) =
        let right = text item
        Assert.That(right, Does.Contain before)
        let wrong = right.Replace(before, after, StringComparison.Ordinal)
        Samples.refuses message (fun () -> runs item (context wrong) |> box)

    let private items = [
        "fig7"
        "updates"
        "random-length"
        "supp-fig1"
        "supp-table1-addition"
        "supp-table2-multiplication"
        "supp-table3-temporal-order-3bit"
        "supp-table4-random-permutation"
        "supp-table5-memorisation"
        "algorithm1"
        "table1"
    ]

    [<TestCaseSource(nameof items)>]
    let ``A misspelt rule is refused with the nearest`` (item: string) =
        refused
            item
            "\"optimizer\": \"sgd\""
            "\"optimizer\": \"sgd\", \"futilty\": [ 1000000, 1.35 ]"
            "'futilty' that means nothing there; 'futility', perhaps"

    [<TestCaseSource(nameof items)>]
    let ``A misspelt method is refused with the nearest`` (item: string) =
        match item with
        | "fig7" -> refused item "basic-tanh/MSGD\"" "basic-tanh/MSG\"" "'MSGD', perhaps"
        | "updates" -> refused item "smart-tanh/MSGD\"" "smart-tanh/MSG\"" "'MSGD', perhaps"
        | "algorithm1"
        | "table1" -> refused item "\"method\": \"MSGD\"" "\"method\": \"MSG\"" "'MSGD', perhaps"
        // One method, stated by its clipping.
        | _ -> refused item "\"clipping\": \"norm\"" "\"clipping\": \"nrm\"" "'norm', perhaps"

    [<TestCaseSource(nameof items)>]
    let ``A misspelt initialisation is refused with the nearest`` (item: string) =
        match item with
        | "fig7" -> refused item "\"basic-tanh/" "\"basic-tan/" "'basic-tanh', perhaps"
        | "updates" -> refused item "\"smart-tanh/" "\"smart-tan/" "'smart-tanh', perhaps"
        | "table1" ->
            refused
                item
                "\"initialisation\": \"smart\""
                "\"initialisation\": \"smrt\""
                "'smart', perhaps"
        // One initialisation, stated by its rule for the recurrent weights.
        | _ -> refused item "\"gaussian-0.1\"" "\"gausian-0.1\"" "'gaussian-0.1', perhaps"

    [<TestCase("fig7", "\"near\"", "\"neer\"", "'near', perhaps")>]
    [<TestCase("updates", "\"curves\"", "\"curvs\"", "'curves', perhaps")>]
    [<TestCase("random-length", "{\n        \"run\":", "{\n        \"rn\":", "'run', perhaps")>]
    [<TestCase("algorithm1", "\"method\": \"MSGD\"", "\"metod\": \"MSGD\"", "'method', perhaps")>]
    [<TestCase("algorithm1", "\"averageNorm\"", "\"averagNorm\"", "'averageNorm', perhaps")>]
    [<TestCase("supp-table5-memorisation",
               "\"task\": \"original\"",
               "\"task\": \"orignal\"",
               "'original', perhaps")>]
    [<TestCase("supp-fig1", "\"set\"", "\"sett\"", "'set', perhaps")>]
    [<TestCase("table1", "\"jsb\": {", "\"jbs\": {", "'jbs' that means nothing there")>]
    [<TestCase("table1", "{ \"from\": 0 }", "{ \"form\": 0 }", "'form' that means nothing there")>]
    [<TestCase("table1", "\"alphaByEpoch\"", "\"alphaByEpochs\"", "'alphaByEpoch', perhaps")>]
    let ``A misspelt member beside a run's settings is refused``
        (item: string, before: string, after: string, message: string)
        =
        refused item before after message
