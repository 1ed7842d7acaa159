namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.RegularExpressions
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

/// What pages and files state: units, intervals, verdicts and sentences.
[<TestFixture>]
module StatementTests =
    let private folder (item: string) =
        Path.Combine(Samples.root.Value, "paper-figures", item)

    let private targetsOf item =
        List.ofSeq (Targets.Load(Path.Combine(folder item, "targets.csv")))

    let private protocolOf item =
        Protocol.Load(Path.Combine(folder item, "protocol.json"))

    let private items () =
        Directory.GetDirectories(Path.Combine(Samples.root.Value, "paper-figures"))
        |> Array.filter (fun path -> File.Exists(Path.Combine(path, "targets.csv")))
        |> Array.map (fun path -> string (Path.GetFileName path))
        |> List.ofArray

    let private headers (html: string) = [
        for m in Regex.Matches(html, "<th scope=\"col\">([^<]*)</th>") -> m.Groups[1].Value
    ]

    [<Test>]
    let ``A metric that counts of so many has counts, and its values lie among them`` () =
        let targets = items () |> List.collect targetsOf
        Assert.That(targets, Has.Length.GreaterThan 300)

        for t in targets do
            if Regex.IsMatch(t.Metric, " of \\d+$") then
                Assert.That(t.Unit, Is.EqualTo Units.Count, $"{t.Item}: {t.Metric}")

            let struct (low, high) = Units.Possible(t.Unit, t.Metric)
            Assert.That(t.Value, Is.InRange(low, high), $"{t.Item}, {t.Series} at {t.X}")

    [<Test>]
    let ``A number that the paper does not print has a column of its own on the page`` () =
        let targets = targetsOf "pascanu-fig3"
        let rows = Computed.rows (protocolOf "pascanu-fig3") targets (fun t -> t.Value)
        Assert.That(rows |> List.map _.Verdict.Value, Is.All.EqualTo Verdict.Consistent)
        let html = Pages.ledger targets rows |> ValueTables.table "Values"
        Assert.That(headers html, Does.Contain "Computed")
        Assert.That(headers html, Does.Not.Contain "Published")
        let off = Computed.rows (protocolOf "pascanu-fig3") targets (fun t -> t.Value + 1.0)
        Assert.That(off |> List.map _.Verdict.Value, Is.All.EqualTo Verdict.Inconsistent)

    [<Test>]
    let ``Every interval on a page says what it is and which bounds judged`` () =
        let protocol = protocolOf "talathi-table2"
        let targets = targetsOf "talathi-table2" |> List.truncate 1

        let group = {
            Series = targets.Head.Series
            X = targets.Head.X
            Profile = Profile.Paper
            Values = [ 1UL, 97.0; 2UL, 99.5; 3UL, 98.0 ]
        }

        let row =
            Judging.rows protocol targets targets.Head.Metric [ group ] |> List.exactlyOne

        Assert.That(row.High, Is.EqualTo(Nullable 100.0), "no accuracy is above 100 %")
        let html = Pages.ledger targets [ row ] |> ValueTables.table "Values"

        let cell (name: string) =
            Regex.Match(html, $"<td data-label=\"{name}\">([^<]*)</td>").Groups[1].Value

        Assert.That(html, Does.Contain "unit: percent; interval: one more run (95 %).</p>")
        Assert.That(cell "Interval", Does.EndWith "to 100.0")
        Assert.That(cell "Agrees within", Does.EndWith "to 100.0")
        Assert.That(row.JudgedLow.Value, Is.EqualTo(row.Low.Value - 1.0).Within 1e-9)

    [<Test>]
    let ``An undecided value says on the page how many seeds would decide`` () =
        let protocol = protocolOf "talathi-table2"
        let targets = targetsOf "talathi-table2" |> List.truncate 1

        let judged values =
            Judging.rows protocol targets targets.Head.Metric [
                {
                    Series = targets.Head.Series
                    X = targets.Head.X
                    Profile = Profile.Paper
                    Values = values |> List.mapi (fun i v -> uint64 (i + 1), v)
                }
            ]

        // Half-width t(2) s √(4/3) = 4.3027 · 3 · 1.1547 = 14.9, above the 10 allowed; with four
        // seeds of the same spread it is 3.1824 · 3 · √(5/4) = 10.7, with five 9.1.
        let table =
            judged [ 80.0; 83.0; 86.0 ] |> Undecided.tables |> List.exactlyOne |> snd

        let why = (table.Rows |> List.exactlyOne |> List.last).Text
        Assert.That(why, Does.Contain "With the same spread 5 seeds would decide.")
        Assert.That(Undecided.tables (judged [ 82.0; 83.0; 84.0 ]), Is.Empty)

    [<Test>]
    let ``A value of another scale has the unit of its series`` () =
        let protocol, targets = protocolOf "pascanu-table1", targetsOf "pascanu-table1"

        let group series = {
            Series = series
            X = "test"
            Profile = Profile.Quick
            Values = [ 1UL, 2.0; 2UL, 2.5; 3UL, 3.0 ]
        }

        let unitOf series =
            Judging.rows protocol targets "loss" [ group series ]
            |> List.find (fun r -> r.N > 0)
            |> _.Unit

        Assert.That(unitOf "PTB-1-step/MSGD", Is.EqualTo "bits/char")
        Assert.That(unitOf "Nottingham/MSGD", Is.EqualTo "nll/step (nats)")

        Samples.refuses "its unit is not known" (fun () ->
            Judging.rows protocol [] "loss" [ group "Nottingham/MSGD" ])

    [<Test>]
    let ``Theory and schematics are consistent, never reproduced`` () =
        let claims = [
            Computed.near "one" 1.0 0.0 1.0
            Computed.holds "two" (fun v -> v > 0.0) id 1.0
            Computed.holds "three" (fun v -> v > 0.0) id -1.0
        ]

        Samples.same [ Verdict.Consistent; Verdict.Consistent; Verdict.Inconsistent ] [
            for _, j in claims -> j.Verdict
        ]

        Assert.That(
            Computed.summary "It is so." claims,
            Is.EqualTo "Of 3 statements checked, 2 hold."
        )

    [<Test>]
    let ``The multiplication figure's claim does not contradict its own bars`` () =
        let targets = targetsOf "talathi-fig4"
        let claim = PairClaims.multiplication targets

        let bar series x =
            (targets |> List.find (fun t -> t.Series = series && t.X = x)).Value

        // Five bars of iRNN and IRNN are near the linear part's score, one is far below it.
        Assert.That(bar "iRNN" "100", Is.LessThan 2000.0)
        Assert.That(claim, Does.Contain "Of their 6 bars, 5 lie near 4,530")
        Assert.That(claim, Does.Contain "iRNN at T = 100 with 1,116, the score of always answering")
        Assert.That(claim, Does.Contain "at least 9,212 of 10,000")

        let raised = [
            for t in targets ->
                if t.Series = "iRNN" && t.X = "100" then
                    Target(
                        t.Item,
                        t.Series,
                        t.X,
                        t.Metric,
                        4500.0,
                        "4500",
                        t.Unit,
                        t.Provenance,
                        t.Tolerance
                    )
                else
                    t
        ]

        let all = PairClaims.multiplication raised
        Assert.That(all, Does.Contain "Of their 6 bars, 6 lie near 4,530")
        Assert.That(all, Does.Not.Contain "exception")

    [<Test>]
    let ``The training losses named as exceptions of Table 1 are those of the table`` () =
        let item = "pascanu-table1"

        let context = {
            Root = Samples.root.Value
            Protocol = protocolOf item
            Targets = targetsOf item
            Data = DataStore(DataFolder.Resolve(Path.GetTempPath()))
            Find = fun _ -> None
        }

        let train series =
            Judging.published context.Targets series "train"

        let exceptions = [
            for set in
                context.Targets |> List.map (fun t -> (t.Series.Split '/')[0]) |> List.distinct do
                if train $"{set}/MSGD+CR" > train $"{set}/MSGD+C" then
                    set
        ]

        Samples.same [ "Piano-midi.de"; "PTB-1-step" ] exceptions
        let claim = NaturalSummary.claim context
        Assert.That(claim, Does.Contain "two exceptions")
        Assert.That(claim, Does.Contain "(7.01 against 6.81 nats)")
        Assert.That(claim, Does.Contain "(1.36 against 1.34 bits)")

    /// Text that pages may show: the item library and the scripts, without line breaks.
    let private sources =
        lazy
            [
                for place in [ "reports/items"; "scripts" ] do
                    let root = Path.Combine(Samples.root.Value, place)

                    for path in Directory.GetFiles(root, "*.fs*", SearchOption.AllDirectories) do
                        let slashed = path.Replace('\\', '/')

                        if
                            not (slashed.Contains "/obj/" || slashed.Contains "/bin/")
                            && (path.EndsWith ".fs" || path.EndsWith ".fsx")
                        then
                            let text = File.ReadAllText path
                            Path.GetFileName path, Regex.Replace(text, @"\s*\\?\s+", " ")
            ]

    [<TestCase("spectral radius above 1 is necessary",
               Description = "the condition is on the largest singular value")>]
    [<TestCase("public attempts", Description = "no source counts them")>]
    let ``A sentence found to be wrong or without a source stays away`` (words: string) =
        Assert.That(sources.Value, Has.Length.GreaterThan 50)

        let wrong = [
            for file, text in sources.Value do
                if text.Contains(words, StringComparison.OrdinalIgnoreCase) then
                    file
        ]

        Assert.That(wrong, Is.Empty)

    [<Test>]
    let ``Explosion is bound to the largest singular value where curves of it are shown`` () =
        let _, text = sources.Value |> List.find (fun (file, _) -> file = "LengthPages.fs")

        Assert.That(
            text,
            Does.Contain "a largest singular value above 1 is necessary for them to explode"
        )

    [<Test>]
    let ``The scores that chose the reading of the loss are those of the recorded runs`` () =
        let item = "talathi-fig3"
        let protocol = protocolOf item

        let why =
            protocol.Settled |> Seq.find (fun s -> s.Question.Contains "factor ½") |> _.Why

        let stated =
            Regex.Match(why, @"was ([\d,]+) with ½ and ([\d,]+) as printed").Groups
            |> fun groups -> [ for i in 1..2 -> float (groups[i].Value.Replace(",", "")) ]

        /// A recorded run's mean of its last five validation scores, of 10,000.
        let score reading =
            File.ReadLines(
                Path.Combine(Samples.root.Value, "tests", "Scripts.Tests", "planned-runs.tsv")
            )
            |> Seq.map (_.Split('\t'))
            |> Seq.find (fun f ->
                f[0] = item
                && f[1] = "paper"
                && f[2] = "readings"
                && f[3] = "np-RNN"
                && f[4] = reading)
            |> fun f -> Path.Combine(folder item, "runs", f[6] + ".json")
            |> File.ReadAllText
            |> System.Text.Json.Nodes.JsonNode.Parse
            |> fun node -> node["record"].["curves"].["validation correct"].["y"].AsArray()
            |> Seq.map (fun v -> 10000.0 * v.GetValue<float>())
            |> List.ofSeq
            |> fun scores -> scores |> List.skip (scores.Length - 5) |> List.average

        stated
        |> Samples.same [ Math.Round(score "half loss"); Math.Round(score "as printed") ]
