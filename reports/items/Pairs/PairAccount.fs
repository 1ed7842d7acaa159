namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// What the paper's description of addition says and leaves open, what was tried, and what the
/// rules give: from the protocol and the records.
module PairAccount =
    let private shown (v: float) = Format.whole v

    let private paragraph (text: string) = $"<p>{Html.escape text}</p>"

    let private present (context: Context) =
        (PairRuns.chosen (PairRuns.settings (PairStage.ofAddition context))).Name

    let private find (rows: StageRow list) name =
        rows |> List.find (fun r -> r.Tried.Of.Name = name)

    /// What stage A gives, a sentence each.
    let outcome (context: Context) (rows: StageRow list) : string list =
        let recorded = rows |> List.sumBy _.Recorded
        let wanted = rows |> List.sumBy _.Wanted
        let stage = PairStage.settings PairStage.deciding context
        let margin, near = stage["margin"].Number, stage["near"].Number
        let present = present context

        match PairStage.outcomeOf context Profile.Paper rows with
        | None -> [
            $"{recorded} of the {wanted} runs that decide are recorded. The rule decides when all \
              are; until then the figure is judged by the present reading, '{present}'."
          ]
        | Some outcome -> [
            let nearest = find rows outcome.Nearest
            let printed = rows |> List.find _.Tried.IsEligible
            let eligible = rows |> List.filter _.Tried.IsEligible |> List.length

            $"Of the {eligible} readings that may be chosen, {outcome.Nearest} \
              ({nearest.Tried.Of.Text}) is nearest to the paper's bars: {shown outcome.Least} of \
              10,000 away on average."

            let away =
                $"{printed.Tried.Of.Name}, the printed one, is {shown printed.Distance} away"

            match outcome.Chosen with
            | Some _ ->
                $"{away}, farther by {shown margin} or more, so the rule chooses {outcome.Nearest}."
            | None when outcome.Nearest = printed.Tried.Of.Name ->
                $"It is the printed one, so the rule keeps the present reading, '{present}', and \
                  the part main stands for the chosen reading."
            | None ->
                $"{away}, farther by less than {shown margin}, so the rule keeps the present \
                  reading, '{present}', and the part main stands for the chosen reading."

            if outcome.IsNear then
                $"The distance is within {shown near}: read so, the figure comes out near the \
                  paper's. The paper does not state this reading, so its description alone does \
                  not determine the figure."
            else
                $"The smallest distance exceeds {shown near}: no reading tried reproduces the \
                  figure. The paper's own runs may well have given it; the published description \
                  does not determine it."

            for r in rows do
                if not r.Tried.IsEligible && r.Distance < outcome.Least then
                    $"{r.Tried.Of.Name} ({r.Tried.Of.Text}) is nearer, {shown r.Distance} away, \
                      and may not be chosen: the paper prints otherwise."
          ]

    /// How far the chosen reading's own runs are.
    let private progress (part: string) (context: Context) (finished: Finished list) = [
        match PairStage.chosen context Profile.Paper with
        | None -> ()
        | Some reading ->
            let atHand, planned = PairChosen.progress part context finished

            if atHand = planned then
                $"The rows and the figure below are of {reading.Of.Name}, trained anew with other \
                  seeds and tested once."
            else
                $"{reading.Of.Name} is being trained anew with other seeds, {atHand} of {planned} \
                  runs so far; until all are there the figure is judged by the present reading, \
                  '{present context}'."
    ]

    /// Each reading of a stage with its distance, and its score by variant; shown as soon as one
    /// run is recorded.
    let stageTables
        (stage: PairStageName)
        (context: Context)
        (rows: StageRow list)
        : (string * Table) list = [
        if rows |> List.exists (fun r -> r.Recorded > 0) then
            let planned = PairStage.plan stage context Profile.Paper
            let bars = PairStage.bars context planned
            let x = PairStage.length context

            let whose, scores =
                if stage = PairStage.deciding then
                    $"Readings of what all share, T = {x}, with the distance that the rule goes by",
                    "Their scores: validation sequences right of 10,000, means of the seeds"
                else
                    $"Readings with a rate that falls (stage E), T = {x}, and their distance",
                    "Scores of stage E: validation sequences right of 10,000, means of the seeds"

            whose,
            Table.ofStrings [ "reading"; "what it is"; "may be chosen"; "runs"; "distance" ] [
                for r in rows ->
                    [
                        r.Tried.Of.Name
                        r.Tried.Of.Text
                        (if r.Tried.IsEligible then "yes" else "no")
                        $"{r.Recorded} of {r.Wanted}"
                        shown r.Distance
                    ]
            ]

            scores,
            Table.ofStrings ("reading" :: List.map fst bars) [
                "paper" :: List.map (snd >> shown) bars

                for r in rows do
                    r.Tried.Of.Name
                    :: [
                        for (_, mean), (_, diverged) in List.zip r.Means r.Diverged ->
                            match diverged with
                            | 0 -> shown mean
                            | n -> $"{shown mean} ({n} diverged, counted as 0 by the rule)"
                    ]
            ]
    ]

    /// The account of addition's page; HTML.
    let addition
        (metric: string)
        (context: Context)
        (rows: StageRow list)
        (falling: StageRow list)
        (finished: Finished list)
        =
        let settings = PairRuns.settings context

        let account =
            settings["account"].Only [ "says"; "open"; "scouted"; "scoutedText"; "code" ]

        let stage = PairStage.settings PairStage.deciding context
        let later = PairStage.settings PairStage.falling context
        let lengths = PairFallingLengths.settings context
        let sensitivity = PairSensitivity.settings context
        let scouted = account["scouted"].List |> List.map _.Text
        let grid = (PairRuns.readings settings).Length
        let rivals = String.Join(" and ", settings["readingsOf"].List |> List.map _.Text)

        let code = [
            for source in account["code"].List do
                source.Only [ "source"; "suggests"; "proves" ] |> ignore
                let name = Html.escape source["source"].Text
                let suggests = Html.escape source["suggests"].Text
                let proves = Html.escape source["proves"].Text
                let doubt = $"<em>What it does not show:</em> {proves}"
                $"<p><strong>{name}</strong>: {suggests} {doubt}</p>"
        ]

        let items =
            [ for text in scouted -> $"<li>{Html.escape text}</li>" ] |> String.concat "\n"

        let counts =
            $"{grid + scouted.Length + rows.Length + falling.Length} readings in all: {grid} of \
              one change each, judged by {rivals} alone; {scouted.Length} in scouting runs; \
              {rows.Length} of stage A, judged by all variants; and {falling.Length} of stage E, \
              set up while stage A ran. The tables below give each recorded one with its distance."

        String.concat "\n" [
            "<h3>What the rule gives</h3>"
            paragraph (
                outcome context rows @ progress PairChosen.addition context finished
                |> String.concat " "
            )
            "<h3>What a rate that falls gives</h3>"
            paragraph (
                PairFalling.outcome context rows falling
                @ PairFallingLengths.outcome metric context finished
                |> String.concat " "
            )
            "<details>"
            "<summary>The account: what the paper leaves open, what was tried, what public code \
             suggests, and the rules</summary>"
            "<h3>What the paper says, and what it leaves open</h3>"
            paragraph account["says"].Text
            paragraph account["open"].Text
            "<h3>What was tried</h3>"
            paragraph counts
            paragraph account["scoutedText"].Text
            $"<ul>\n{items}\n</ul>"
            "<h3>What public code suggests, and what it does not show</h3>"
            yield! code
            "<h3>The rule, and what was expected</h3>"
            paragraph stage["rule"].Text
            paragraph stage["predictions"].Text
            "<h3>A rate that falls (stages E and F)</h3>"
            paragraph later["text"].Text
            paragraph later["predictions"].Text
            for name in [ "text"; "rule"; "predictions" ] do
                let node: Setting = lengths[name]
                paragraph node.Text

            "<h3>Sensitivity</h3>"
            for name in [ "text"; "rule"; "predictions" ] do
                let node: Setting = sensitivity[name]
                paragraph node.Text

            yield! PairSensitivity.outcome context finished |> List.map paragraph
            "</details>"
        ]

    /// The account of multiplication's page; HTML.
    let multiplication (context: Context) (finished: Finished list) =
        let stage = PairStage.multiplication context

        let rows = PairStage.rows PairStage.deciding context Profile.Paper
        let own = PairChosen.multiplication

        let gives =
            match PairStage.outcomeOf context Profile.Paper rows with
            | None ->
                "Stage A of addition is not complete, so no other reading is chosen yet; the \
                 figure is judged by the part main."
            | Some { Chosen = None } ->
                "Stage A of addition keeps the present reading, so the part main is all there is."
            | Some { Chosen = Some name } ->
                let atHand, planned = PairChosen.progress own context finished
                let text = (find rows name).Tried.Of.Text

                if atHand = planned then
                    $"Stage A of addition chose {name} ({text}); rows and figure below are of it."
                else
                    $"Stage A of addition chose {name} ({text}); {atHand} of its {planned} runs \
                      are at hand, and until all are the figure is judged by the part main."

        String.concat "\n" [
            "<h3>What the rule gives</h3>"
            paragraph gives
            "<details>"
            "<summary>What the paper leaves open, the rule, and what was expected</summary>"
            paragraph stage["text"].Text
            paragraph stage["rule"].Text
            paragraph stage["predictions"].Text
            "</details>"
        ]
