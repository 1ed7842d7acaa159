namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// What the protocols of addition and multiplication predicted before their runs, and what came.
/// Each prediction waits for all runs it speaks of.
module PairPredictions =
    let private words scores =
        [ for series, score in scores -> $"{series} {Format.whole score}" ]
        |> Runs.listed

    let private learns = PairConstant.learns PairConstant.addition

    let private isFinite = snd >> System.Double.IsFinite

    let private bound = Predicted.bound

    /// Means of a reading's variants, where all are there.
    let private among names (row: StageRow) =
        let found = [ for name in names -> name, row.Means |> List.find (fst >> (=) name) |> snd ]

        if List.forall isFinite found then Some found else None

    let private row name (rows: StageRow list) =
        rows |> List.tryFind (fun r -> r.Tried.Of.Name = name && r.Recorded = r.Wanted)

    let private of' name names rows =
        row name rows |> Option.bind (among names)

    let private away (row: StageRow) =
        $"{row.Tried.Of.Name} {Format.whole row.Distance}"

    let private isWhole (rows: StageRow list) =
        not rows.IsEmpty && rows |> List.forall (fun r -> r.Recorded = r.Wanted)

    /// Stage A of addition.
    let internal ofDeciding (context: Context) (rows: StageRow list) = [
        match of' "A1" [ "np-tanhRNN"; "iRNN" ] rows with
        | None -> ()
        | Some both ->
            let isShort (series, score) =
                score < Judging.published context.Targets series (PairStage.length context)

            bound
                "Input N (A1) lets np-tanhRNN and iRNN leave the plateau and does not bring them \
                 to the paper's 8,400"
                (words both)
                (both |> List.forall (fun s -> learns (snd s) && isShort s))

        match row "A3" rows, row "A0" rows with
        | Some moved, Some printed ->
            bound
                "Momentum alone (A3) helps nothing"
                $"distance from the bars {away moved}, {away printed}"
                (moved.Distance >= printed.Distance)
        | _ -> ()

        match of' "A6" [ "gRNN" ] rows with
        | Some one ->
            bound "A6 makes gRNN fail as printed" (words one) (not (learns (snd one.Head)))
        | None -> ()

        if isWhole rows then
            let nearest = rows |> List.minBy _.Distance

            bound
                "No reading comes within 1,000 of the seven bars on average"
                $"nearest {away nearest}"
                (nearest.Distance > 1000.0)

            let pairs =
                rows
                |> List.filter _.Tried.IsEligible
                |> List.choose (among [ "np-RNN"; "IRNN" ])

            let behind = pairs |> List.filter (fun s -> snd s[0] < snd s[1]) |> List.length

            bound
                "np-RNN stays behind IRNN in every eligible reading"
                $"in {behind} of {pairs.Length}"
                (behind = pairs.Length)

        match of' "D1" [ "np-RNN" ] rows with
        | Some one ->
            bound
                "The falling rate (D1) brings np-RNN above 8,000"
                (words one)
                (snd one.Head > 8000.0)
        | None -> ()
    ]

    /// Stage E of addition; the linear fall of the variants that no initialiser changes is D1's.
    let internal ofFalling (rows: StageRow list) (falling: StageRow list) = [
        match of' "E1" [ "gRNN"; "oRNN" ] falling with
        | Some both ->
            bound
                "The initialisers of Keras do not bring gRNN and oRNN to their bars when the rate \
                 falls: both score above 2,000 in E1"
                (words both)
                (both |> List.forall (fun s -> snd s > 2000.0))
        | None -> ()

        let alike = [ "nRNN"; "np-RNN"; "np-tanhRNN" ]

        match of' "E2" alike falling, of' "D1" alike rows with
        | Some thirds, Some linear ->
            Predicted.unbound
                "Rates divided by ten at each third (E2) do about as well as the linear fall for \
                 nRNN, np-RNN and np-tanhRNN"
                $"{words thirds}; linear {words linear}"
        | _ -> ()

        match of' "E2" [ "iRNN" ] falling, of' "D1" [ "iRNN" ] rows with
        | Some thirds, Some linear ->
            bound
                "and leave iRNN lower"
                $"{words thirds}; linear {words linear}"
                (snd thirds.Head < snd linear.Head)
        | _ -> ()

        match row "E3" falling, row "A7" rows with
        | Some cut, Some before ->
            let lost (row: StageRow) =
                row.Diverged |> List.find (fst >> (=) "IRNN") |> snd

            bound
                "Cut by component (E3), IRNN diverges as it does in A7"
                $"{lost cut} seeds diverged; in A7 {lost before}"
                (lost cut > 0 && lost cut >= lost before)
        | _ -> ()

        match of' "E4" [ "IRNN"; "np-RNN" ] falling with
        | Some both ->
            bound
                "With the hidden units' N (E4) IRNN and np-RNN pass 9,000"
                (words both)
                (both |> List.forall (fun s -> snd s > 9000.0))
        | None -> ()

        match of' "E4" [ "iRNN"; "np-tanhRNN" ] falling with
        | Some both ->
            bound
                "iRNN and np-tanhRNN stay near the constant's 784"
                $"{words both} (near: less than twice that)"
                (both |> List.forall (snd >> learns >> not))
        | None -> ()

        match row "D1" rows with
        | Some first when isWhole falling ->
            let nearest = first :: falling |> List.minBy _.Distance

            bound
                "E1 is nearest, between 1,500 and 2,500 away"
                $"nearest {away nearest}"
                (nearest.Tried.Of.Name = "E1"
                 && nearest.Distance >= 1500.0
                 && nearest.Distance <= 2500.0)
        | _ -> ()
    ]

    /// The means of a series' runs at a length, once there are as many as the rule needs.
    let private meanAt (context: Context) (groups: Group list) x series =
        match Judging.tryFind Profile.Paper series x groups with
        | Some group when group.Values.Length >= context.Protocol.Rule.MinSeeds ->
            PairLengths.mean group |> Option.map (fun score -> series, score)
        | _ -> None

    let private allAt context groups x series =
        let found = series |> List.choose (meanAt context groups x)

        if found.Length = List.length series then
            Some found
        else
            None

    /// Stage F of addition: every length with a rate that falls.
    let internal ofLengths metric (context: Context) (finished: Finished list) = [
        let groups = PairFallingLengths.groups finished
        let at = allAt context groups
        let lengths = PairLengths.published context

        match at "200" [ "np-RNN"; "IRNN" ] with
        | Some both ->
            bound
                "np-RNN and IRNN score above 8,000 at T = 200"
                (words both)
                (both |> List.forall (fun s -> snd s > 8000.0))
        | None -> ()

        let fall = [ "nRNN"; "np-tanhRNN"; "iRNN" ]

        match at (List.head lengths) fall, at (List.last lengths) fall with
        | Some first, Some last ->
            bound
                "nRNN, np-tanhRNN and iRNN fall with the length as printed"
                $"{words first} at T = {List.head lengths}; {words last} at T = {List.last lengths}"
                (List.forall2 (fun a b -> snd b < snd a) first last)
        | _ -> ()

        match at "500" [ "np-RNN"; "IRNN" ] with
        | Some both ->
            bound
                "np-RNN is not ahead of IRNN by 1,000 or more at T = 500"
                (words both)
                (snd both[0] - snd both[1] < 1000.0)
        | None -> ()

        match at "150" [ "gRNN"; "oRNN" ] with
        | Some both ->
            bound
                "gRNN and oRNN learn at T = 150, where the paper has nothing"
                (words both)
                (both |> List.forall (snd >> learns))
        | None -> ()

        match PairFallingLengths.within metric context finished with
        | Some(agree, bars) ->
            bound
                "Between 10 and 20 of the 35 bars lie within the margin"
                $"{agree} of {bars}"
                (agree >= 10 && agree <= 20)
        | None -> ()
    ]

    /// The grid of learning rates and thresholds.
    let internal ofSensitivity (context: Context) (finished: Finished list) = [
        match PairSensitivity.wholeGrid context finished with
        | None -> ()
        | Some grid ->
            let rates, clips = PairSensitivity.axes context Profile.Paper

            /// Runs that learn, and all, of some variants at some settings.
            let learning (names: string list) rates clips =
                let own =
                    grid
                    |> List.filter (fun (name, rate, clip, _) ->
                        List.contains name names
                        && List.contains rate rates
                        && List.contains clip clips)

                own |> List.filter (fun (_, _, _, isLearnt) -> isLearnt) |> List.length, own.Length

            let names = grid |> List.map (fun (name, _, _, _) -> name) |> List.distinct

            let share name =
                let n, all = learning [ name ] rates clips
                float n / float all

            let percent = Number.percent 0
            let pair = [ "IRNN"; "np-RNN" ]

            let both =
                [ for name in pair -> $"{name} in {percent (share name)}" ] |> Runs.listed

            Predicted.unbound "IRNN and np-RNN learn in about half of the settings" both

            bound "np-RNN in no more of them than IRNN" both (share "np-RNN" <= share "IRNN")

            let slow = [ "iRNN"; "np-tanhRNN" ]

            let ratesOf name =
                rates |> List.filter (fun rate -> fst (learning [ name ] [ rate ] clips) > 0)

            let highest = List.skip (rates.Length - 2) rates

            let at name =
                match ratesOf name with
                | [] -> $"{name} at none"
                | own -> $"{name} at {Runs.listed own}"

            bound
                "iRNN and np-tanhRNN learn, if at all, at the highest rates only"
                ((List.map at slow |> String.concat "; ") + " (highest: the two last)")
                (slow |> List.collect ratesOf |> List.forall (fun r -> List.contains r highest))

            let rectified = names |> List.filter ((<>) "np-tanhRNN")
            let n, all = learning rectified [ List.last rates ] [ List.last clips ]

            bound
                "At rate 1e-2 with threshold 100 most networks of rectified units diverge or fall \
                 back"
                $"{all - n} of {all} runs do not learn"
                (2 * (all - n) > all)

            let low, _ = learning names rates [ List.head clips ]
            let high, each = learning names rates [ List.last clips ]

            bound
                "Threshold 1 lets more rates work than threshold 100"
                $"{low} of {each} runs learn with threshold 1, {high} with 100"
                (low > high)

            let n, all = learning names [ List.head rates ] clips

            bound "At 1e-4 nothing learns within the budget" $"{n} of {all} runs learn" (n = 0)
    ]

    /// All of addition's, a table a stage.
    let addition
        metric
        (context: Context)
        (rows: StageRow list)
        (falling: StageRow list)
        (finished: Finished list)
        : (string * Table) list =
        let stage name = PairStage.settings name context
        let scores = " (means of the seeds, of 10,000)"

        Predicted.table " of stage A" scores (stage PairStage.deciding) (ofDeciding context rows)
        @ Predicted.table " of stage E" scores (stage PairStage.falling) (ofFalling rows falling)
        @ Predicted.table
            " of stage F"
            scores
            (PairFallingLengths.settings context)
            (ofLengths metric context finished)
        @ Predicted.table
            " of the grid of rates and thresholds"
            ""
            (PairSensitivity.settings context)
            (ofSensitivity context finished)

    /// Multiplication's, whose protocol states them under `stageD`.
    let multiplication (context: Context) (groups: Group list) : (string * Table) list =
        let lengths = PairLengths.published context
        let shortest = List.truncate 1 lengths
        let isIdle = PairConstant.learns PairConstant.multiplication >> not

        let held said at (find: string -> (string * bool) option) = [
            for x in at do
                match find x with
                | Some(came, isSo) -> {
                    bound said came isSo with
                        At = $"T = {x}"
                  }
                | None -> ()
        ]

        let all = allAt context groups
        let mean = meanAt context groups

        Predicted.table "" " (means of the seeds, of 10,000)" (PairStage.multiplication context) [
            yield!
                held
                    "no variant but IRNN, nRNN and np-RNN leaves the constant's 1,112 at T = 50"
                    shortest
                    (fun x ->
                        all x [ "iRNN"; "np-tanhRNN" ]
                        |> Option.map (fun s ->
                            words s + " (leaves: twice that)", s |> List.forall (snd >> isIdle)))

            yield!
                held "np-RNN is not above 9,000 at any length in either reading" lengths (fun x ->
                    mean x "np-RNN" |> Option.map (fun own -> words [ own ], snd own <= 9000.0))

            yield!
                held "not ahead of IRNN by 1,000 at T = 50" shortest (fun x ->
                    all x [ "np-RNN"; "IRNN" ]
                    |> Option.map (fun s -> words s, snd s[0] - snd s[1] < 1000.0))

            yield!
                held "nRNN stays below the paper's bars" lengths (fun x ->
                    mean x "nRNN"
                    |> Option.map (fun own ->
                        let bar = Judging.published context.Targets "nRNN" x
                        $"{words [ own ]}; the paper {Format.whole bar}", snd own < bar))
        ]
