namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Repro.Reports

/// Figures and tables of the gradient's norm during a run: Figure 1 of Pascanu, Mikolov and
/// Bengio's supplement.
module NormPages =
    let private finite (values: float[]) = values |> Array.filter Double.IsFinite

    let private largest values =
        match finite values with
        | [||] -> nan
        | some -> Array.max some

    let private median values =
        match finite values with
        | [||] -> nan
        | some -> Sample.Median some

    let private window (run: Finished) =
        Runs.curve "gradient norm by update" run

    let private stretches (run: Finished) = Runs.curve "largest gradient norm" run

    /// A measure that the protocol's claims name.
    let measure (name: string) (run: Finished) =
        let trace = snd (window run)
        let whole = snd (stretches run)

        match name with
        | "base" -> median trace
        | "peak" -> largest trace
        | "spike" -> largest whole
        | "peak over base" -> largest trace / median trace
        | "spike over base" -> largest whole / median trace
        | other ->
            raise (
                ProtocolException(
                    $"there is no measure '{other}'; there are base, peak, spike, peak over base \
                      and spike over base"
                )
            )

    let private names = [ "base"; "peak"; "spike"; "peak over base"; "spike over base" ]

    let private say (v: float) =
        if Double.IsFinite v then Words.Number(v, 3) else "–"

    let private marks (settings: Setting) (key: string) =
        let points =
            settings["digitised"].[key].List
            |> List.map (fun p -> p.At(0).Number, p.At(1).Number)

        Chart.Point(
            List.map fst points,
            List.map snd points,
            Name = "paper, read off its figure",
            MarkerColor = Color.ink
        )
        |> Chart.withMarkerStyle (Size = 8)

    let private lines (curve: Finished -> float[] * float[]) (runs: Finished list) = [
        for run in runs do
            let x, y = curve run
            // A norm of zero has no place on a logarithmic axis.
            let shown = Array.zip x y |> Array.filter (fun (_, v) -> v > 0.0)
            Chart.Line(shown, Name = $"seed {run.Cell.Seed}", LineWidth = 1.2)

        yield! runs |> Runs.divergedEnds curve |> Diverged.atEnds
    ]

    let private figures (settings: Setting) (profile: Profile) (finished: Finished list) = [
        let runs = Runs.ofProfile profile finished
        let isPaper = profile = Profile.Paper

        let scale =
            if isPaper then
                "the paper's scale"
            else
                $"{Runs.scaleName profile}"

        if isPaper || not runs.IsEmpty then
            let paper key =
                if isPaper then [ marks settings key ] else []

            let withBase =
                if isPaper then
                    Chart.withHorizontalLine (
                        settings["digitised"].["base"].Number,
                        Text = "the paper's base",
                        Dash = StyleParam.DrawingStyle.Dot
                    )
                else
                    id

            let range ends = if isPaper then Some ends else None

            let missing =
                if runs.IsEmpty then
                    " None of our runs at this scale is recorded yet."
                else
                    ""

            {
                Id = $"whole-{profile.Name()}"
                Caption =
                    $"The whole run ({scale}): the largest gradient norm of each stretch of \
                      updates, before clipping.{missing}"
                Chart =
                    lines stretches runs @ paper "spikes"
                    |> Chart.overlay
                    |> Chart.withXAxisStyle (TitleText = "updates", ?MinMax = range (0.0, 5e6))
                    |> Chart.withYAxisStyle (
                        TitleText = "largest gradient norm",
                        AxisType = StyleParam.AxisType.Log
                    )
                    |> Chart.withSize (960.0, 420.0)
                Note =
                    "The paper's axis is linear, from −0.5 × 10⁹ to 3 × 10⁹. On it everything \
                     except the largest spike is flat."
            }

            {
                Id = $"window-{profile.Name()}"
                Caption =
                    $"A window of the run ({scale}), the largest norm of every few \
                      updates.{missing}"
                Chart =
                    lines window runs @ paper "peaks"
                    |> Chart.overlay
                    |> Chart.withXAxisStyle (
                        TitleText = "update",
                        ?MinMax = range (174000.0, 181000.0)
                    )
                    |> Chart.withYAxisStyle (
                        TitleText = "gradient norm",
                        AxisType = StyleParam.AxisType.Log
                    )
                    |> Chart.withHorizontalLine (
                        settings["run"].["training"].["threshold"].Number,
                        Text = "threshold",
                        Dash = StyleParam.DrawingStyle.Dash
                    )
                    |> withBase
                    |> Chart.withSize (960.0, 420.0)
                Note =
                    if isPaper then
                        "The paper's right panel is linear, from 0 to 16, with a base just under 1."
                    else
                        "No verdict is drawn from a shortened run."
            }
    ]

    let private table (settings: Setting) profile (finished: Finished list) = [
        let runs = Runs.ofProfile profile finished |> List.sortBy _.Cell.Seed
        let isPaper = profile = Profile.Paper
        let baseLevel = settings["digitised"].["base"].Number

        let top (key: string) =
            settings["digitised"].[key].List
            |> List.map (fun p -> p.At(1).Number)
            |> List.max

        let printed name =
            match name with
            | "base" -> baseLevel
            | "peak" -> top "peaks"
            | "spike" -> top "spikes"
            | "peak over base" -> top "peaks" / baseLevel
            | _ -> top "spikes" / baseLevel

        if not runs.IsEmpty then
            $"Base, peak and spike of each seed ({Runs.scaleName profile})",
            Table.ofStrings [
                "norm"
                if isPaper then
                    "paper, read off its figure"
                for run in runs do
                    $"seed {run.Cell.Seed}"
            ] [
                for name in names do
                    yield
                        name
                        :: [
                            if isPaper then
                                say (printed name)
                            for run in runs do
                                say (measure name run)
                        ]

                yield
                    "updates replaced by the guard, percent"
                    :: [
                        if isPaper then
                            "–"
                        for run in runs do
                            match finite (snd (Runs.curve "guarded" run)) with
                            | [||] -> "–"
                            | shares -> say (100.0 * Array.average shares)
                    ]
            ]
    ]

    let private summary (profile: Profile) (finished: Finished list) =
        match Runs.ofProfile profile finished with
        | [] -> Runs.noneAtHand
        | runs ->
            let range name =
                let values = runs |> List.map (measure name)
                $"{say (List.min values)} to {say (List.max values)}"

            let baseText, spikeText = range "base", range "spike"

            $"{Runs.atScale profile}The gradient's norm stays near {baseText} for most of a run \
              and reaches {spikeText} at its largest."

    let private values (context: Context) (finished: Finished list) = [
        for profile, runs in finished |> List.groupBy _.Profile do
            for name in names do
                let values = runs |> List.map (measure name) |> List.filter Double.IsFinite

                if not values.IsEmpty then
                    Rows.ours
                        context.Protocol
                        profile
                        runs.Head.Cell.Series
                        runs.Head.Cell.X
                        (name, (if name.EndsWith "over base" then "ratio" else "norm"))
                        values.Length
                        (median (Array.ofList values))
                        (Rows.rangeOf (median (Array.ofList values)) values)
    ]

    /// The analysis of such an item; a value's row is the median of the seeds and their range.
    let analyse (claim: string) (context: Context) (profile: Profile) (finished: Finished list) =
        let settings = Setting.Of context.Protocol
        let scales = Runs.scales profile

        {
            Claim = claim
            Summary = summary profile finished
            Values = values context finished
            Orderings = Claims.judge context measure finished
            Figures = scales |> List.collect (fun scale -> figures settings scale finished)
            Tables = scales |> List.collect (fun scale -> table settings scale finished)
        }
