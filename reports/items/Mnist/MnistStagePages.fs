namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// What pages say of the readings of sequential MNIST: each with its distance, and what the rule
/// gives, from the protocol and the records.
module MnistStagePages =
    let private nats = Format.numberOr "–" "0.00"

    /// A cross-entropy or distance, infinite where runs diverged.
    let shown (v: float) =
        if Double.IsPositiveInfinity v then "diverged" else nats v

    let private near (context: Context) =
        (MnistStage.settings context).["near"].Number

    /// What the rule gives for one network, in sentences.
    let conclusion (context: Context) (network: string) =
        let rows = MnistStage.rows context Profile.Paper network
        let recorded = rows |> List.sumBy _.Recorded
        let wanted = rows |> List.sumBy _.Wanted

        if recorded < wanted then
            $"{network}: {recorded} of the {wanted} runs that decide are recorded, so no reading \
              is chosen yet."
        else
            match MnistStage.chosen context Profile.Paper network with
            | None ->
                $"{network}: every reading that may be chosen diverged or lacks a point, so the \
                  present one stays."
            | Some(reading, distance) ->
                let limit = near context

                let present = if reading.IsPresent then ", the present reading," else ""

                let verdict =
                    if distance <= limit then
                        $"That is within {nats limit}: read so, the curve begins as the paper's \
                          does."
                    else
                        $"That is more than {nats limit}: no reading tried reproduces the start \
                          of its curve, and the published description does not determine it."

                let nearer =
                    rows
                    |> List.filter (fun r -> not r.Which.IsEligible && r.Distance < distance)
                    |> List.map (fun r ->
                        $" {r.Which.Name}, which the rule may not choose, is nearer: \
                          {nats r.Distance} ({r.Which.Text}).")
                    |> String.concat ""

                $"{network}: the rule chooses {reading.Name}{present} ({reading.Text}), \
                  {nats distance} nats from the paper's points on average. {verdict}{nearer}"

    /// The readings a page's curves and rows are of, in a sentence.
    let whose (context: Context) (finished: Finished list) =
        let judged = MnistStage.judged context finished |> Runs.ofProfile Profile.Paper

        let parts = [
            for network in MnistStage.networks context do
                let own =
                    judged
                    |> List.filter (fun f -> f.Cell.Part <> "main")
                    |> List.exists (fun f ->
                        MnistRuns.series context
                        |> List.exists (fun s ->
                            s["variant"].Text = network && s["series"].Text = f.Cell.Series))

                match MnistStage.chosen context Profile.Paper network with
                | Some(reading, _) when own -> $"{network}: reading {reading.Name}"
                | _ ->
                    MnistStage.readings context
                    |> List.tryFind (fun r -> r.Network = network && r.IsPresent)
                    |> Option.map (fun r -> $"{network}: the present reading, {r.Name}")
                    |> Option.defaultValue $"{network}: the present reading"
        ]

        String.Join("; ", parts) + "."

    let private paragraph (text: string) = $"<p>{Html.escape text}</p>"

    /// What the rule gives for each network; HTML.
    let private conclusions (context: Context) =
        let networks = MnistStage.networks context

        let isOther network =
            MnistStage.chosen context Profile.Paper network
            |> Option.exists (fun (reading, _) -> not reading.IsPresent)

        [
            "<h3>What the rule gives</h3>"
            for network in networks do
                paragraph (conclusion context network)
            if List.exists isOther networks then
                paragraph
                    "A chosen reading takes the place of the general answers below on pixels, N \
                     and input weights; those are of the present reading."
        ]
        |> String.concat "\n"

    /// What the paper leaves open, what was tried and what the rule gives; HTML.
    let account (context: Context) =
        let stage = MnistStage.settings context

        String.concat "\n" [
            conclusions context
            "<details>"
            "<summary>What the paper leaves open, what was tried, what public code suggests, the \
             rule, and what was expected</summary>"
            paragraph stage["text"].Text
            paragraph stage["scouted"].Text
            paragraph stage["code"].Text
            paragraph stage["rule"].Text
            paragraph stage["predictions"].Text
            "</details>"
        ]

    /// What the readings trained over the whole length came to, and what was expected; HTML,
    /// nothing before a run is there.
    let fullLength (context: Context) (finished: Finished list) =
        let outcome = MnistFullLength.outcome context finished

        if outcome = "" then
            ""
        else
            String.concat "\n" [
                "<h3>The other readings over the whole length</h3>"
                paragraph outcome
                "<details>"
                "<summary>Why these, and what was expected</summary>"
                paragraph (MnistFullLength.settings context).["text"].Text
                paragraph (MnistFullLength.settings context).["predictions"].Text
                "</details>"
            ]

    /// The same in short, for the page of another item whose runs follow the same rule; HTML.
    let shortAccount (context: Context) =
        $"{conclusions context}\n<p>Every reading tried, with its distance, the rule, and what was \
          expected stand on <a href=\"../{MnistStage.item}/index.html\">the page of Figure \
          5</a>.</p>"

    /// Along their runs the readings of each network that may be chosen, the means of the seeds,
    /// with the paper's points; drawn of readings with a run at hand.
    let figures (context: Context) (finished: Finished list) : Figure list = [
        let eligible =
            MnistStage.readings context |> List.filter _.IsEligible |> List.map _.Name

        let runs =
            Runs.ofPart Profile.Paper MnistStage.part finished
            |> List.filter (fun f -> List.contains f.Cell.X eligible)

        for network in MnistStage.networks context do
            let own = runs |> List.filter (fun f -> f.Cell.Series = network)

            if not own.IsEmpty then
                let ours: CurveSeries list = [
                    for reading, runs in own |> List.groupBy _.Cell.X do
                        let curves = [
                            for run in runs do
                                match MnistRuns.curve MnistStage.curve run with
                                | [||], _ -> ()
                                | curve -> curve
                        ]

                        {
                            Name = reading
                            Seeds = []
                            Mean = Judging.meanCurve curves
                            Paper = [||], [||]
                        }
                ]

                let points = [|
                    for _, epochs, paper in MnistStage.points context Profile.Paper network ->
                        epochs, paper
                |]

                let paper: CurveSeries = {
                    Name = "the points compared"
                    Seeds = []
                    Mean = [||], [||]
                    Paper = Array.unzip points
                }

                {
                    Id = $"readings-{network.ToLowerInvariant()}"
                    Caption =
                        $"Readings of {network} that may be chosen: cross-entropy on held-out \
                          training images, means of the seeds, with the paper's points that the \
                          rule compares."
                    Chart =
                        Compare.curves (ours @ [ paper ])
                        |> Diverged.onto (
                            own
                            |> Runs.divergedEnds (MnistRuns.curve MnistStage.curve)
                            |> Diverged.atEnds
                        )
                        |> MnistPages.lossAxes "held-out"
                    Note = "A curve that leaves the frame is far off; the table has its numbers."
                }
    ]

    /// Each network's readings with their distance, and their held-out cross-entropy at the
    /// paper's points; shown as soon as one run is recorded.
    let tables (context: Context) : (string * Table) list = [
        for network in MnistStage.networks context do
            let rows = MnistStage.rows context Profile.Paper network

            if rows |> List.exists (fun r -> r.Recorded > 0) then
                let points = MnistStage.points context Profile.Paper network

                $"Readings of {network}, with the distance that the rule goes by, nats",
                Table.ofStrings [ "reading"; "what it is"; "may be chosen"; "runs"; "distance" ] [
                    for r in rows ->
                        [
                            r.Which.Name
                            r.Which.Text
                            (if r.Which.IsEligible then "yes" else "no")
                            $"{r.Recorded} of {r.Wanted}"
                            shown r.Distance
                        ]
                ]

                $"Readings of {network}: cross-entropy on held-out training images, nats, means "
                + "of the seeds, after so many epochs (in brackets the paper's)",
                Table.ofStrings ("reading" :: [ for x, epochs, _ in points -> $"{epochs} ({x})" ]) [
                    "paper" :: [ for _, _, paper in points -> nats paper ]

                    for r in rows do
                        r.Which.Name :: List.map shown r.Means
                ]
    ]
