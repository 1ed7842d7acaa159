namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// One method beside another, over the cases that both have ended, whatever the others have.
module RivalPairs =
    /// Two methods to be laid beside each other, also of different parts.
    type Pair = { Method: string; Other: string }

    /// What both did at one task and length: seeds in all, seeds that solved it, and the median
    /// cost of those, first the method's, then the other's.
    type Case = {
        X: string
        Seeds: int
        Solved: int * int
        Sequences: float * float
        Operations: float * float
        /// Whether every seed of both solved it within the operations too.
        AllWithinOperations: bool
    }

    /// The pairs that the protocol names.
    let named (context: Context) : Pair list = [
        for pair in (RivalRuns.settings context).["beside"].List do
            let pair = pair.Only [ "method"; "other" ]

            {
                Method = pair["method"].Text
                Other = pair["other"].Text
            }
    ]

    // A method's whole cells in all parts, in the order of the plan.
    let private cellsOf context profile method (finished: Finished list) =
        RivalCosts.everyCell context profile finished
        |> List.filter (fun (_, m, _) -> m = method)

    /// The tasks and lengths at which every run of both has ended, in the order of the plan.
    let cases context profile (pair: Pair) (finished: Finished list) : Case list = [
        let others = cellsOf context profile pair.Other finished

        for mine in cellsOf context profile pair.Method finished do
            let x, _, _ = mine

            match others |> List.tryFind (fun (at, _, _) -> at = x) with
            | Some other ->
                let both measure =
                    RivalAdvice.cell context measure mine, RivalAdvice.cell context measure other

                let a, b = both RivalCosts.Sequences
                let p, q = both RivalCosts.Operations

                {
                    X = x
                    Seeds = a.Runs
                    Solved = a.Successes, b.Successes
                    Sequences = a.Median, b.Median
                    Operations = p.Median, q.Median
                    AllWithinOperations = p.Successes = p.Runs && q.Successes = q.Runs
                }
            | None -> ()
    ]

    /// Tasks and lengths that a method solves with every seed at the paper's scale, beyond the
    /// largest lengths given by task, in words.
    let solvedByAll context (method: string) (reached: (string * int64) list) finished = [
        for x, _, runs in cellsOf context Profile.Paper method finished do
            let task, length = RivalRuns.split x
            let isNew = List.forall (fun (t, most) -> t <> task || length > most) reached

            if isNew && List.forall Runs.succeeded runs then
                $"{task} at T = {length}"
    ]

    // Some names have a comma.
    let private word (method: string) =
        if method.Contains ',' then $"'{method}'" else method

    let private factor (value: float) =
        Format.number (if value < 10.0 then "0.0" else "0") value

    // "by a factor of 2.4", or of the least to the most.
    let private factors (values: float list) =
        let least, most = factor (List.min values), factor (List.max values)

        if least = most then
            $"a factor of {most}"
        else
            $"factors of {least} to {most}"

    // In how many cases the method needs less than the other, and in how many more; None where
    // there is no such case.
    let private compared (pair: Pair) unit (costs: (float * float) list) =
        let among holds by =
            match costs |> List.filter holds with
            | [] -> None
            | found -> Some $"in {found.Length}, by {factors (List.map by found)}"

        let less = among (fun (a, b) -> a < b) (fun (a, b) -> b / a)
        let more = among (fun (a, b) -> a > b) (fun (a, b) -> a / b)

        match less, more with
        | Some less, Some more ->
            Some $"fewer {unit} than {word pair.Other} {less}, and more {more}"
        | Some less, None -> Some $"fewer {unit} than {word pair.Other} {less}"
        | None, Some more -> Some $"more {unit} than {word pair.Other} {more}"
        | None, None -> None

    let private counted (cases: Case list) =
        if cases.Length = 1 then
            "Of one case"
        else
            $"Of {cases.Length} cases"

    /// How the two compare in sequences, in operations, and in what only one solves; nothing
    /// where they have no case in common.
    let sentences context profile (pair: Pair) (finished: Finished list) : string list = [
        let method, other = word pair.Method, word pair.Other
        let cases = cases context profile pair finished
        let both = cases |> List.filter (fun c -> c.Solved = (c.Seeds, c.Seeds))
        let within = both |> List.filter _.AllWithinOperations

        match both |> List.map _.Sequences |> compared pair "sequences" with
        | Some text ->
            $"{counted both} (a task at one length) that {method} and {other} solve \
              with every seed, {method} needs {text}."
        | None -> ()

        match within |> List.map _.Operations |> compared pair "operations" with
        | Some text when within.Length = both.Length -> $"{method} needs {text}."
        | Some text ->
            $"{counted within} that both solve within the operations of the second reading, \
              {method} needs {text}."
        | None -> ()

        for case in cases do
            let mine, others = case.Solved

            if mine <> others then
                let task, length = RivalRuns.split case.X

                $"Of {case.Seeds} seeds on {task} at T = {length}, {method} solves {mine} \
                  and {other} {others}."
    ]

    /// The two side by side, a row a case.
    let tables context profile (finished: Finished list) : (string * Table) list = [
        for pair in named context do
            match cases context profile pair finished with
            | [] -> ()
            | cases ->
                let power = Format.number "0.0e0"

                let ratio (a: float, b: float) = Format.number "0.00" (a / b)

                $"{pair.Method} beside {pair.Other}, medians of the seeds that succeed: \
                  {profile.Name()} profile",
                Table.ofStrings [
                    "task"
                    "T"
                    $"{pair.Method}: seeds"
                    $"{pair.Other}: seeds"
                    $"{pair.Method}: sequences"
                    $"{pair.Other}: sequences"
                    "ratio"
                    $"{pair.Method}: operations"
                    $"{pair.Other}: operations"
                    "ratio of operations"
                ] [
                    for case in cases do
                        let task, length = RivalRuns.split case.X
                        let mine, other = case.Solved

                        [
                            task
                            string length
                            $"{mine} of {case.Seeds}"
                            $"{other} of {case.Seeds}"
                            Format.whole (fst case.Sequences)
                            Format.whole (snd case.Sequences)
                            ratio case.Sequences
                            power (fst case.Operations)
                            power (snd case.Operations)
                            ratio case.Operations
                        ]
                ]
    ]
