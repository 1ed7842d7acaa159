namespace Repro.Reports.Tests

open System
open System.IO
open System.Xml
open System.Xml.Linq
open FsCheck
open FsCheck.FSharp
open NUnit.Framework
open NUnit.Framework.Constraints
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports

/// Figures and pages that the tests share.
module Samples =
    /// The two lists are the same, or the test fails showing both.
    let same (expected: 'a list) (actual: 'a list) =
        Assert.That(Array.ofList actual, EqualConstraint(Array.ofList expected))

    /// The action throws an exception whose message holds the text.
    let refuses (message: string) (action: unit -> obj) =
        let text =
            try
                action () |> ignore
                "nothing was thrown"
            with error ->
                error.Message

        Assert.That(text, Does.Contain message)

    let rec private rootFrom (folder: string) =
        if File.Exists(Path.Combine(folder, "Repro.sln")) then
            folder
        else
            match Path.GetDirectoryName folder with
            | null -> invalidOp "the tests do not lie in the repository"
            | above -> rootFrom above

    /// The repository's folder.
    let root = lazy (rootFrom TestContext.CurrentContext.TestDirectory)

    let parse (svg: string) = XDocument.Parse svg

    let named (name: string) (document: XDocument) =
        document.Descendants()
        |> Seq.filter (fun e -> e.Name.LocalName = name)
        |> List.ofSeq

    let texts document =
        named "text" document |> List.map (fun e -> e.Value)

    let categories = [ "150"; "200"; "300" ]

    let bars () =
        Compare.bars categories [
            for name, level in [ "IRNN", 0.5; "np-RNN", 0.9 ] ->
                {
                    Name = name
                    Ours =
                        categories
                        |> List.map (fun _ -> {
                            Value = level
                            Low = level - 0.1
                            High = level + 0.05
                        })
                        |> Array.ofList
                    Seeds =
                        categories
                        |> List.map (fun _ -> [| level - 0.02; level; level + 0.02 |])
                        |> Array.ofList
                    Paper = [| level; nan; level |]
                }
        ]
        |> Chart.withTitle "Correct sequences by length"
        |> Chart.withYAxisStyle (TitleText = "share correct", MinMax = (0.0, 1.0))

    /// The first panel of a chart made without Plotly.NET's own template, laid out.
    let internal panel (chart: GenericChart) =
        (Chart.toJson chart
         |> Repro.Reports.Svg.FigureJson.read
         |> Repro.Reports.Svg.Plan.make)
            .Panels.Head
        |> fst

    /// A new chart at each call: a grid takes its charts for itself.
    let curve () =
        Chart.Line([ 0..20 ], [ for i in 0..20 -> 1.0 / float (i + 1) ], Name = "loss")

    /// Two panels with circles, the second series the other way round.
    let panels () =
        [
            for sign in [ 1.0; -1.0 ] ->
                Chart.Point([ 0.5; -0.3; 0.1 ], [ 0.2 * sign; 0.1; -0.6 ], Name = "eigenvalues")
                |> Chart.withShape (
                    Shape.init (
                        ShapeType = StyleParam.ShapeType.Circle,
                        X0 = -1.0,
                        X1 = 1.0,
                        Y0 = -1.0,
                        Y1 = 1.0
                    )
                )
        ]
        |> Panels.grid 1 2 ([ "at first"; "at last" ])
        |> Chart.withEqualAspect ()

    let map () =
        Chart.Heatmap(
            [ [ 0.1; 0.2 ]; [ 0.3; nan ] ],
            X = [ "1e-3"; "1e-2" ],
            Y = [ "0.5"; "0.7" ],
            ColorBar = ColorBar.init (Title = Title.init "accuracy")
        )
        |> Chart.withCellText [ [ "0.1"; "0.2" ]; [ "0.3"; "" ] ]

    /// Marks at the edge of what can be drawn: bars without height, intervals without length,
    /// lines of one point and of no width, and runs without a value.
    let edges () : (string * GenericChart) list = [
        "bars without height",
        Compare.bars [ "a"; "b"; "c" ] [
            for name, values in [ "IRNN", [ 0.0; 0.4; nan ]; "np-RNN", [ 0.3; 0.0; 0.2 ] ] ->
                {
                    Name = name
                    Ours = [| for v in values -> { Value = v; Low = v; High = v } |]
                    Seeds = [| [| 0.0 |]; [||]; [||] |]
                    Paper = [| 0.0; nan; 0.1 |]
                }
        ]
        |> Chart.withYAxisStyle (MinMax = (0.0, 0.5))
        "bars on both sides of none",
        Chart.Column([ -1.0; 0.0; 2.0; 0.0 ], Keys = [ 1.0; 2.0; 3.0; 4.0 ])
        |> Chart.withYErrorStyle (Array = [ 0.5; 0.0; 0.0; 0.3 ])
        "intervals without length",
        Chart.Point([ 1.0; 2.0; 3.0 ], [ 1.0; 2.0; 1.5 ], Name = "points")
        |> Chart.withYErrorStyle (Array = [ 0.0; 0.5; 0.0 ])
        |> Chart.withXErrorStyle (Array = [ 0.0; 0.0; 0.2 ])
        "lines of one point and of no width",
        Chart.combine [
            Chart.Line([ 1.0 ], [ 2.0 ], Name = "one point")
            Chart.Line([ 1.0; 2.0; 3.0 ], [ 1.0; nan; 3.0 ], Name = "points between gaps")
            Chart.Line([ 1.0; 2.0; 3.0 ], [ 2.0; 2.0; nan ], Name = "a line")
            Chart.Line([ 2.0; 2.0 ], [ 1.5; 1.5 ], Name = "a place twice")
            Chart.Line([ 1.0; 3.0 ], [ 1.0; 2.0 ], Name = "no width", LineWidth = 0.0)
        ]
        "runs without a value",
        bars ()
        |> Diverged.onto (Diverged.atFoot [ 0.2, Diverged.note 12L; 1.0, Diverged.note 3L ])
        "runs without an error",
        Chart.Line([ 1.0; 2.0; 3.0 ], [ 0.1; 10.0; 1000.0 ], Name = "error")
        |> Diverged.onto (Diverged.atTop [ 2.5, Diverged.note 12L ])
        |> Diverged.onto (Diverged.atEnds [ 3.0, 1000.0, Diverged.note 12L ])
        |> Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)
        "long labels at the ends",
        Chart.Line([ 0.0; 5e6 ], [ 0.0; 1.0 ], Name = "share")
        |> Chart.withXAxisStyle (MinMax = (0.0, 5e6), TitleText = "updates")
        |> Chart.withXTicks ([ 0.0; 2.5e6; 5e6 ], [ "0"; "2,500,000"; "5,000,000" ])
        "long turned labels",
        Compare.bars [
            for name in [ "MSGD-CR"; "MSGD-C"; "MSGD" ] do
                for activation in [ "sigmoid"; "basic tanh" ] -> $"{activation} {name} T=200"
        ] [
            {
                Name = "ours"
                Ours = [| for v in 1.0 .. 6.0 -> { Value = v; Low = v; High = v + 1.0 } |]
                Seeds = [| for v in 1.0 .. 6.0 -> [| v |] |]
                Paper = Array.create 6 2.0
            }
        ]
        "fractions below one",
        Chart.Line([ 0.1; 0.9 ], [ 0.0005; 0.0045 ], Name = "small")
        |> Chart.withYAxisStyle (TitleText = "share")
        "fractions on a logarithmic axis",
        Chart.Line([ 0.02; 0.9 ], [ 0.001; 800.0 ], Name = "small")
        |> Chart.withXAxisStyle (AxisType = StyleParam.AxisType.Log)
        |> Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)
    ]

    /// A row of the ledger: published and run where `n` is above 0.
    let row series x published ours n verdict : LedgerRow = {
        Item = "talathi-fig3"
        Series = series
        X = x
        Metric = "test sequences with |error|<0.04 of 10000"
        Unit = "count"
        Published = published
        Computed = ""
        Provenance = (if published = "" then "" else "digitised")
        Ours = ours
        Low = ours - 500.0
        High = ours + 500.0
        IntervalKind = (if n = 0 then "" else "95 % prediction")
        JudgedLow = nan
        JudgedHigh = nan
        N = n
        Scale = "paper"
        Verdict = verdict
    }

    /// Two series at seven lengths, a third of them run.
    let rows: LedgerRow list = [
        for series in [ "IRNN"; "np-RNN" ] do
            for i in 1..7 ->
                let x = string (100 * i)

                if i <= 2 then
                    row series x "8578" 9117.0 3 (Some Badge.Reproduced)
                else
                    row series x "1422" nan 0 (Some Badge.NotRun)
    ]

    let private figure id caption chart : Figure = {
        Id = id
        Caption = caption
        Chart = chart
        Note = ""
    }

    let terms: Term list = [
        {
            Id = "irnn"
            Spellings = [ "IRNN" ]
            Definition = "Begins as the identity, \\(W_{hh}=I\\)."
        }
        {
            Id = "np-rnn"
            Spellings = [ "np-RNN" ]
            Definition = "Positive definite."
        }
    ]

    /// A page at the profile "paper" has the figures in its own part, another has them in the
    /// quick check.
    let page id profile : ItemPage =
        let figures: Figure list = [
            {
                Id = "bars"
                Caption = "The bars."
                Chart = bars ()
                Note = "Whiskers are intervals."
            }
            figure "curve" "The curve." (curve ())
            figure "panels" "The eigenvalues." (panels ())
            figure "map" "The grid." (map ())
        ]

        {
            Id = id
            Title = "Addition by <length>"
            Paper = {
                Name = "Talathi & Vartak 2016"
                Shows = "Fig. 3"
                Kind = "figure"
                Links = [ "arXiv:1511.03771", "https://arxiv.org/abs/1511.03771" ]
                Terms = terms
            }
            Profile = profile
            Verdict = Badge.NotReproduced
            Reason = "Of the published values: 4 reproduced, 10 not run."
            Finding = "np-RNN leads."
            Claim = "<p>The claim of the paper: \\(h_t=\\max(0,s_t)\\).</p>"
            Verdicts = [
                {
                    What = "np-RNN at 150"
                    Verdict = Badge.Reproduced
                    Reason = "inside the interval"
                }
                {
                    What = "IRNN at 500"
                    Verdict = Badge.NotReproduced
                    Reason = "outside"
                }
            ]
            Figures = (if profile = "paper" then figures else [])
            Values = rows
            Tables = [ "All cells", Table.ofStrings [ "series"; "150" ] [ [ "IRNN"; "0.50" ] ] ]
            Quick =
                (if profile = "paper" then
                     None
                 else
                     Some {
                         Profile = profile
                         Summary = "IRNN leads on short sequences."
                         Figures = figures
                         Tables = []
                         Values = [ row "IRNN" "60" "" 4229.0 3 None ]
                     })
            Settled = [ ("Kind of clipping", "not stated", "by norm", "as in the first paper") ]
            Deviations = [ ("Updates", "1,000,000", "10,000", "the profile") ]
            Runs = [
                for seed in 1..20 ->
                    {
                        Label = "np-RNN T=150"
                        Seed = seed
                        Outcome = "finished"
                        Metric = "0.90"
                        Id = String('a', 64)
                        Weights = String('b', 64)
                        Source = "recorded"
                        Seconds = 12.5
                        Verify = "dotnet fsi scripts/verify.fsx 0123456789ab"
                        Spec = sprintf "{\"seed\":%d,\"task\":\"addition\"}" seed
                    }
            ]
            CostText = "Twenty runs."
            Seeds = 3
            Seconds = 250.0
            Date = "2026-11-24"
            Command = "dotnet fsi scripts/talathi-fig3.fsx"
            LiterateHtml = "<p>Prose.</p>"
            Attached = [ "protocol.json", "paper-figures/talathi-fig3/protocol.json", "{}" ]
            ValuesCsvHref = "values.csv"
        }

    /// A figure of three moments of learning, over a line that belongs to none.
    let staged () : Figure =
        let line (name: string) (stage: string) (values: float list) =
            Chart.Line([ 0.0; 1.0; 2.0 ], values, Name = name) |> Chart.atStage stage

        [
            Chart.Line([ 0.0; 1.0; 2.0 ], [ 3.0; 3.0; 3.0 ], Name = "bound")
            line "at the start" "0 updates" [ 1.0; 0.1; 0.01 ]
            line "later" "1,000 updates" [ 1.0; 0.5; 0.2 ]
            line "at the end" "8,000 updates" [ 1.0; 0.9; 0.8 ]
        ]
        |> Chart.combine
        |> Chart.withXAxisStyle (TitleText = "lag")
        |> Chart.withSize (760.0, 420.0)
        |> figure "stages" "The gradient over the lag."

    /// A page whose only figure has stages.
    let stagedPage () : ItemPage = {
        page "pascanu-jacobians" "paper" with
            Figures = [ staged () ]
    }

    let leftOut: LeftOutItem = {
        Id = "talathi-table3"
        Title = "UCF-101"
        Paper = "Talathi & Vartak 2016"
        Shows = "Table 3"
        Verdict = Badge.NoData
        Reason = "The features were never published."
        HowToGet = "Ask the authors."
    }

    let paper: PaperSummary = {
        Name = "Talathi & Vartak 2016"
        Title = "Improving performance"
        Citation = "S. S. Talathi and A. Vartak, 2016"
        Links = [ "DOI", "https://doi.org/10.48550/arXiv.1511.03771" ]
        Sentences = [ "First."; "Second."; "Third." ]
        Shares = [
            {
                Name = "within the margin"
                Class = "good"
                Count = 4
            }
            {
                Name = "not yet run"
                Class = "none"
                Count = 10
            }
        ]
    }

    /// A commit that no repository has.
    let commit: BuiltFrom = {
        Commit = "0123456789abcdef0123456789abcdef01234567"
        Date = "2026-11-25"
        IsClean = true
        Repository = "https://example.org/owner/name"
    }

    let site (items: ItemPage list) : SitePages = {
        Title = "Results"
        Intro = ""
        Papers = [ paper ]
        Headlines = [
            {
                Item = "talathi-fig3"
                Text = "IRNN is ahead."
            }
        ]
        Items = items
        LeftOut = [ leftOut ]
        Ledger = rows
        Measurements = []
        Reference = None
        BuiltFrom = Some commit
    }

    /// A page of measurements with a table wider than a telephone's screen.
    let measurements: MeasurementPage = {
        Id = "speed"
        Title = "How fast a training step is"
        Shows = "Milliseconds of one update."
        Environment = [ "Processor", "one of them"; "System", "Linux" ]
        Method = "<p>Interleaved rounds.</p>"
        Tables = [
            "One update",
            Table.ofStrings [ for i in 1..9 -> $"a long header {i}" ] [
                [ for i in 1..9 -> $"{i}.25 ms" ]
            ]
        ]
        Figures = [ figure "growth" "Growth." (curve ()) ]
        Findings = "<p>It grows.</p>"
        Command = "dotnet fsi scripts/speed.fsx"
        ValuesCsvHref = ""
    }

    /// A folder of its own for a test, gone after it.
    let inFolder (test: string -> unit) =
        let folder = Directory.CreateTempSubdirectory "repro-site-"

        try
            test folder.FullName
        finally
            folder.Delete true

    /// Numbers of every kind that a run can produce.
    let wild: Gen<float> =
        Gen.oneof [
            Gen.elements [
                nan
                infinity
                -infinity
                0.0
                -0.0
                1e308
                -1e308
                5e-324
                1e300
                -1e300
                1e16
                1e16 + 2.0
            ]
            ArbMap.defaults |> ArbMap.generate<float>
            Gen.choose (-50, 50) |> Gen.map (fun i -> float i / 8.0)
        ]

    let wildText: Gen<string> =
        Gen.oneof [
            Gen.elements [
                ""
                "<script>alert(1)</script>"
                "a & b"
                "\"quoted\" 'twice'"
                "]]>"
                "\u0000\u0001\uFFFF"
                "\uD800"
                "</svg>"
                "-->"
                "Ω → ∞"
            ]
            ArbMap.defaults
            |> ArbMap.generate<string>
            |> Gen.map (fun s -> if isNull s then "" else s)
        ]
