(**
# The recurrent matrices before training

Talathi and Vartak's Table 1 names the variants that the paper compares. They differ in their
recurrent weights before training: a scaled identity (IRNN, iRNN), a Gaussian matrix (gRNN), a
Gaussian matrix divided by its spectral radius (nRNN), a random orthogonal matrix (oRNN), and the
normalised positive-definite matrix of the paper's equation 9 (np-RNN, and np-tanhRNN with tanh
units). The table holds no numbers, so what its definitions imply is checked instead.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open System
open System.Globalization
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers
open Repro.Engine.Runs
open Plotly.NET
open Repro.Reports
open Repro.Reports.Items

let private shown = [ "spectral radius"; "smallest real part"; "largest singular value" ]
let private names = Variant.All |> Seq.map _.Name |> List.ofSeq

let plan (context: Context) (profile: Profile) : Planned list =
    let hidden = int (Setting.Of context.Protocol).["hidden"].Whole

    [
        for variant in Variant.All do
            for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                {
                    Part = "main"
                    Series = variant.Name
                    X = string hidden
                    Seed = seed
                    Run = MatrixRun(variant, hidden, seed)
                }
    ]

(**
## What the definitions imply

Each check holds for every seed, to one in a million.
*)

let private claims = [
    "np-RNN", "largest real part", 1.0, "the largest eigenvalue is 1"
    "np-RNN", "spectral radius", 1.0, "no eigenvalue is larger in modulus"
    "np-tanhRNN", "largest real part", 1.0, "the matrix is np-RNN's"
    "nRNN", "spectral radius", 1.0, "the spectral radius is 1"
    "oRNN", "largest singular value", 1.0, "the matrix is orthogonal: no stretching"
    "oRNN", "smallest singular value", 1.0, "the matrix is orthogonal: no shrinking"
    "IRNN", "largest real part", 1.0, "every eigenvalue is 1"
    "IRNN", "smallest real part", 1.0, "every eigenvalue is 1"
    "iRNN", "largest real part", 0.01, "every eigenvalue is 0.01"
    "iRNN", "smallest real part", 0.01, "every eigenvalue is 0.01"
]

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let mine = finished |> List.filter (fun f -> f.Profile = profile)

    let number (v: float) =
        v.ToString("0.######", CultureInfo.InvariantCulture)

    let values metric series = [|
        for f in mine do
            if f.Cell.Series = series then
                f.Record.Metric metric
    |]

    let checks = [
        for series, metric, expected, text in claims ->
            let rule = context.Protocol.Rule

            $"{series}: {text} ({metric} {number expected})",
            rule.Judge(expected, Nullable(), values metric series).InTheory()
    ]

    let positive =
        let smallest = values "smallest real part" "np-RNN"
        let holds = smallest.Length > 0 && Array.forall (fun v -> v > 0.0) smallest

        let verdict =
            if holds then
                Repro.Engine.Judging.Verdict.Consistent
            else
                Repro.Engine.Judging.Verdict.Inconsistent

        "np-RNN: the matrix is positive definite (smallest eigenvalue above 0)",
        Judgement(
            verdict,
            Nullable(if smallest.Length = 0 then nan else Array.min smallest),
            Nullable(),
            smallest.Length,
            $"The smallest over {smallest.Length} seeds is {number (Array.min smallest)}."
        )

    let first series =
        mine |> List.tryFind (fun f -> f.Cell.Series = series)

    let panel series =
        match first series with
        | None -> Chart.Point([| 0.0 |], [| 0.0 |])
        | Some f ->
            let circle = [| for i in 0..96 -> 2.0 * Math.PI * float i / 96.0 |]
            let curve = f.Record.Result.Curves[MatrixRun.Eigenvalues]

            Chart.combine [
                Chart.Line(
                    Array.map cos circle,
                    Array.map sin circle,
                    Name = "unit circle",
                    ShowLegend = false,
                    LineWidth = 1.0,
                    LineColor = Color.fromString "#999999"
                )
                Chart.Point(curve.X, curve.Y, Name = series, ShowLegend = false)
            ]
        |> Chart.withXAxisStyle (TitleText = "real", MinMax = (-1.3, 1.3))
        |> Chart.withYAxisStyle (TitleText = "imaginary", MinMax = (-1.3, 1.3))
        |> Chart.withXTicks [ -1.0; 0.0; 1.0 ]
        |> Chart.withYTicks [ -1.0; 0.0; 1.0 ]

    let table =
        Table.ofStrings [
            "variant"
            "spectral radius"
            "largest real part"
            "smallest real part"
            "singular values"
            "top is a complex pair"
        ] [
            for series in names do
                let mean metric =
                    let v = values metric series

                    if v.Length = 0 then
                        "–"
                    else
                        number (Math.Round(Array.average v, 6))

                [
                    series
                    mean "spectral radius"
                    mean "largest real part"
                    mean "smallest real part"
                    mean "smallest singular value" + " … " + mean "largest singular value"
                    (let v = values "top is a complex pair" series
                     $"{Array.sum v} of {v.Length}")
                ]
        ]

    {
        Claim =
            "<p>Table 1 defines the variants: np-RNN's matrix is symmetric and positive definite \
             with the largest eigenvalue 1 and all others below; nRNN's is Gaussian with the top \
             eigenvalue 1; oRNN's orthogonal; IRNN's the identity; iRNN's 0.01 times the \
             identity; gRNN's Gaussian.</p>"
        Summary =
            let held = positive :: checks |> List.filter (fun (_, j) -> j.Verdict.Agrees())

            let seeds = context.Protocol.Seeds[profile]

            if mine.IsEmpty then
                Runs.noneAtHand
            else
                $"The matrices are what their definitions say: {held.Length} of \
                  {claims.Length + 1} properties that follow hold for all of {seeds} seeds."
        Values = [
            for series in names do
                for metric in shown do
                    let v = values metric series

                    if v.Length > 0 then
                        let mean = Array.average v

                        Rows.ours
                            context.Protocol
                            profile
                            series
                            (string mine.Head.Cell.X)
                            (metric, "")
                            v.Length
                            mean
                            (Rows.rangeOf mean (List.ofArray v))
        ]
        Orderings = positive :: checks
        Figures = [
            {
                Id = "spectra"
                Caption = "Eigenvalues of each variant's matrix, N = 100, first seed."
                Chart =
                    Panels.grid 2 4 names (names |> List.map panel)
                    |> Chart.withEqualAspect ()
                    |> Chart.withSize (1040.0, 580.0)
                Note =
                    "The grey line is the unit circle. IRNN's and iRNN's matrices have no chance \
                     in them: every seed gives the same one."
            }
        ]
        Tables = [ ("Means over seeds", table) ]
    }

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-table1"
    Script = "scripts/talathi-table1.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
