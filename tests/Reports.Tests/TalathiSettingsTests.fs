namespace Repro.Reports.Tests

open System
open System.IO
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports.Items

/// The protocols of Talathi and Vartak's items with a word of their settings misspelt. A plan that
/// took no notice would train other runs than the protocol states. None of this reads data: words
/// are read before it.
[<TestFixture>]
module TalathiSettingsTests =
    let private fileIn root item =
        Path.Combine(root, "paper-figures", item, "protocol.json")

    /// Plans the smoke runs of an item whose protocols lie under a folder.
    let private plan (root: string) item =
        let context = {
            Root = root
            Protocol = Protocol.Load(fileIn root item)
            Targets = []
            Data = DataStore(DataFolder.Resolve root)
            Find = fun _ -> None
        }

        let pairs () =
            let settings = PairRuns.settings context
            let main = PairRuns.budget settings "main" Profile.Smoke

            for reading in PairRuns.chosen settings :: PairRuns.readings settings do
                for series in settings["series"].List do
                    PairRuns.run context main reading series 12 1UL |> ignore

        match item with
        | "talathi-fig3" ->
            pairs ()

            for stage in [ PairStage.deciding; PairStage.falling ] do
                PairStage.plan stage context Profile.Smoke |> ignore

            PairSensitivity.plan context Profile.Smoke |> ignore
        | "talathi-fig4" -> pairs ()
        | "talathi-fig5"
        | "talathi-table2" -> MnistPages.plan context Profile.Smoke |> ignore
        | "talathi-fig6" -> FeaturePages.planGrid context Profile.Smoke |> ignore
        | "talathi-table3" -> FeaturePages.planBest context Profile.Smoke |> ignore
        | _ -> raise (ArgumentException $"no item is called '{item}' here")

    /// Plans an item with the first place of a text in its settings changed for another, and
    /// says what that was refused with.
    let private refusal item (before: string) (after: string) =
        let mutable said = "nothing was refused"

        Samples.inFolder (fun root ->
            for name in List.distinct [ item; FeatureRuns.gridItem ] do
                let text = File.ReadAllText(fileIn Samples.root.Value name)
                let settings = max 0 (text.IndexOf("\"settings\": {", StringComparison.Ordinal))
                let at = text.IndexOf(before, settings, StringComparison.Ordinal)

                let changed =
                    if at < 0 then
                        text
                    else
                        text.Remove(at, before.Length).Insert(at, after)

                Directory.CreateDirectory(Path.Combine(root, "paper-figures", name)) |> ignore
                File.WriteAllText(fileIn root name, changed)

            try
                plan root item
            with :? SettingsException as refused ->
                said <- refused.Message)

        said

    [<TestCase "talathi-fig3">]
    [<TestCase "talathi-fig4">]
    [<TestCase "talathi-fig5">]
    [<TestCase "talathi-table2">]
    [<TestCase "talathi-fig6">]
    [<TestCase "talathi-table3">]
    let ``A misspelt rule is refused and the nearest is named`` (item: string) =
        let said = refusal item "\"testCurve\"" "\"futilty\": [ 10, 1 ], \"testCurve\""
        Assert.That(said, Does.Contain "'futilty'")
        Assert.That(said, Does.Contain "'futility', perhaps")

    [<TestCase("talathi-fig3", "\"nRNN\",", "\"nRN\",", "nRNN")>]
    [<TestCase("talathi-fig4", "\"np-RNN\",", "\"np-RN\",", "np-RNN")>]
    [<TestCase("talathi-fig5", "\"variant\": \"IRNN\"", "\"variant\": \"np_RNN\"", "np-RNN")>]
    [<TestCase("talathi-table2", "\"variant\": \"IRNN\"", "\"variant\": \"npRNN\"", "np-RNN")>]
    [<TestCase("talathi-fig6", "\"recurrent\": \"IRNN\"", "\"recurrent\": \"np-RN\"", "np-RNN")>]
    [<TestCase("talathi-table3", "\"recurrent\": \"IRNN\"", "\"recurrent\": \"np-RN\"", "np-RNN")>]
    let ``A misspelt variant is refused and the nearest is named``
        (item: string, before: string, after: string, nearest: string)
        =
        Assert.That(refusal item before after, Does.Contain $"'{nearest}', perhaps")

    [<TestCase("talathi-fig3", "chosen\": \"half loss\"", "chosen\": \"half los\"", "half loss")>]
    [<TestCase("talathi-fig3", "\"alpha\": false", "\"alpa\": false", "alpha")>]
    [<TestCase("talathi-fig3", "\"marks\": \"Anywhere\"", "\"marks\": \"anywere\"", "Anywhere")>]
    [<TestCase("talathi-fig4",
               "\"chosen\": \"as printed\"",
               "\"chosen\": \"as printd\"",
               "as printed")>]
    let ``A misspelt reading is refused and the nearest is named``
        (item: string, before: string, after: string, nearest: string)
        =
        Assert.That(refusal item before after, Does.Contain $"'{nearest}', perhaps")

    [<TestCase("talathi-fig3", "\"readingsOf\"", "\"readingOf\"", "readingsOf")>]
    [<TestCase("talathi-fig3", "\"eligible\"", "\"eligble\"", "eligible")>]
    [<TestCase("talathi-fig3", "\"rates\"", "\"rate\"", "rates")>]
    [<TestCase("talathi-fig3", "\"near\"", "\"nea\"", "near")>]
    [<TestCase("talathi-fig4", "\"lengths\"", "\"length\"", "lengths")>]
    [<TestCase("talathi-fig5", "\"pool\"", "\"pol\"", "pool")>]
    [<TestCase("talathi-table2", "\"updates\"", "\"update\"", "updates")>]
    [<TestCase("talathi-fig6", "\"learningRates\"", "\"learningRate\"", "learningRates")>]
    [<TestCase("talathi-table3", "\"decay\"", "\"deccay\"", "decay")>]
    let ``Any other misspelt member is refused and the nearest is named``
        (item: string, before: string, after: string, nearest: string)
        =
        Assert.That(refusal item before after, Does.Contain $"'{nearest}', perhaps")

    [<Test>]
    let ``Features of one's own train for the epochs that the pack's updates make`` () =
        let settings =
            Protocol.Load(fileIn Samples.root.Value FeatureRuns.gridItem) |> Setting.Of

        let run = RunSettings.merged settings["run"] [ settings["main"].["paper"].["run"] ]

        let training = run["training"]
        let own = FeatureRuns.ofClips settings["own"] training["batch"].Count 1260L 81L
        let changed = (RunSettings.merged run [ own ]).["training"]

        let numbers (node: Setting) =
            [ "updates"; "evaluateEvery"; "validation" ]
            |> List.map (fun m -> node[m].Whole)

        let steps (node: Setting) =
            node["schedule"].List |> List.map (fun s -> s.At(0).Whole, s.At(1).Number)

        Samples.same (numbers training) (numbers changed)
        Samples.same (steps training) (steps changed)
        let twice = FeatureRuns.ofClips settings["own"] training["batch"].Count 2520L 162L
        Assert.That(twice["training"].["updates"].Whole, Is.EqualTo 689L)
