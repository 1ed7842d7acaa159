namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports

/// How often networks trained at random lengths err at each test length: the misclassified
/// sequences of Tables 1 to 4 of Pascanu, Mikolov and Bengio's supplement.
module TaskErrors =
    /// The metric of the paper's tables.
    let metric = "misclassified"

    /// The part and the series of the other clipping threshold.
    let otherPart, otherName = "threshold-6", "MSGD-CR, µ = 6"

    /// Percent wrong by test length, one value a seed that succeeds. Without any such seed every
    /// value is NaN: the item was run, and has no network to test.
    let errors (part: string) (finished: Finished list) : Group list = [
        let mine = finished |> List.filter (fun f -> f.Cell.Part = part)

        for (series, profile), runs in mine |> List.groupBy (fun f -> f.Cell.Series, f.Profile) do
            let learnt = runs |> List.filter Runs.succeeded

            for length in runs |> List.collect CellRuns.testedAt |> List.distinct do
                {
                    Series = series
                    X = string<int> length
                    Profile = profile
                    Values =
                        (if learnt.IsEmpty then
                             [ for run in runs -> run.Cell.Seed, nan ]
                         else
                             [
                                 for run in learnt ->
                                     run.Cell.Seed, CellRuns.percentWrongAt length run
                             ])
                        |> List.sortBy fst
                }
    ]

    /// Test lengths of a profile, in order.
    let lengthsOf profile (groups: Group list) =
        groups
        |> List.filter (fun g -> g.Profile = profile)
        |> List.map _.X
        |> List.sortBy int

    let private trained (finished: Finished list) (profile: Profile) =
        Runs.ofPart profile "main" finished
        |> List.tryHead
        |> Option.map (fun f -> f.Cell.X.Split '-')

    // Percent wrong by test length, a curve a seed that succeeds.
    let private curvesOf (part: string) profile (finished: Finished list) =
        let groups = errors part finished |> List.filter (fun g -> g.Profile = profile)
        let lengths = lengthsOf profile groups

        let valuesAt x =
            groups
            |> List.find (fun g -> g.X = x)
            |> _.Values
            |> List.filter (snd >> Double.IsFinite)

        let seeds =
            match lengths with
            | [] -> []
            | first :: _ -> valuesAt first |> List.map fst

        let xs = lengths |> List.map float |> Array.ofList

        let curve seed =
            xs,
            lengths
            |> List.map (fun x -> valuesAt x |> List.find (fun (s, _) -> s = seed) |> snd)
            |> Array.ofList

        seeds |> List.map curve

    /// Percent wrong against test length: seeds thin, means thick, the paper's values as marks.
    let figure (context: Context) profile (finished: Finished list) : Figure =
        let curves = curvesOf "main" profile finished
        let others = curvesOf otherPart profile finished

        let printed =
            if profile = Profile.Paper then
                context.Targets |> List.filter (fun t -> t.Metric = metric)
            else
                []

        let chart =
            Compare.curves [
                {
                    Name = "MSGD-CR"
                    Seeds = curves
                    Mean = Judging.meanCurve curves
                    Paper =
                        printed |> List.map (fun t -> float t.X) |> Array.ofList,
                        printed |> List.map _.Value |> Array.ofList
                }
                if not others.IsEmpty then
                    {
                        Name = otherName
                        Seeds = others
                        Mean = Judging.meanCurve others
                        Paper = [||], [||]
                    }
            ]
            |> Chart.withXAxisStyle (TitleText = "length T of the test sequences")
            |> Chart.withYAxisStyle (TitleText = "wrong, percent of the test sequences")
            |> Chart.withSize (960.0, 420.0)

        let marked =
            match trained finished profile with
            | Some [| low; high |] ->
                chart
                |> Chart.withVerticalLine (float low, Dash = StyleParam.DrawingStyle.Dot)
                |> Chart.withVerticalLine (
                    float high,
                    Text = $"trained on {low} to {high} steps",
                    Dash = StyleParam.DrawingStyle.Dot
                )
            | _ -> chart

        // "the 5 seeds that succeeded thin, their mean thick", of one threshold or of both.
        let counted =
            let count (curves: (float[] * float[]) list) = $"the {curves.Length} seeds"

            if others.IsEmpty then
                $"{count curves} that succeeded thin, their mean thick"
            else
                $"{count curves} that succeeded thin, their mean thick, and {count others} with \
                  the clipping threshold 6 likewise"

        {
            Id = $"lengths-{profile.Name()}"
            Caption =
                match profile, curves with
                | Profile.Paper, [] ->
                    "The paper's network at each test length. None of ours at this scale is \
                     recorded yet."
                | Profile.Paper, _ ->
                    $"Sequences wrong at each test length: {counted}; the paper's network as marks."
                | _ -> $"Sequences wrong at each test length, {Runs.scaleName profile}: {counted}."
            Chart = marked
            Note =
                if profile = Profile.Paper then
                    ""
                else
                    "Shorter sequences than the paper's; no verdict is drawn from them."
        }
