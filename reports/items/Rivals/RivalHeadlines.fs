namespace Repro.Reports.Items

open System
open Repro.Engine.Judging

/// What the runs of `rivals` say that is worth a headline.
module RivalHeadlines =
    // Tasks with the largest length up to which every seed of a method succeeds. A length that is
    // missing or incomplete ends the list.
    let private reach context (part: RivalPart) method finished = [
        let cells =
            RivalCosts.cells context Profile.Paper part finished
            |> List.filter (fun (_, name, _) -> name = method)

        for task in part.Tasks do
            let isSolved length =
                cells
                |> List.exists (fun (x, _, runs) ->
                    RivalRuns.split x = (task, length) && List.forall Runs.succeeded runs)

            match part.Lengths |> List.sort |> List.takeWhile isSolved with
            | [] -> ()
            | solved -> task, List.last solved
    ]

    /// How far Hessian-free optimisation reaches on the tasks of pathological lengths.
    let hessianFree: Headline = {
        Item = "rivals"
        Text =
            fun context finished _ ->
                // The first part that has it; a later one tries other settings at one length.
                let found =
                    RivalRuns.parts context Profile.Paper
                    |> List.tryFind (fun part -> List.contains "HF" part.Methods)
                    |> Option.map (fun part -> reach context part "HF" finished)
                    |> Option.defaultValue []

                if found.IsEmpty then
                    None
                else
                    let each = [ for task, length in found -> $"{task} up to T = {length}" ]
                    let seeds = context.Protocol.Seeds[Profile.Paper]

                    // Of the pairs that the protocol names, the cost in sequences.
                    let beside = [
                        for pair in RivalPairs.named context do
                            if pair.Method = "HF" then
                                yield!
                                    RivalPairs.sentences context Profile.Paper pair finished
                                    |> List.truncate 1
                    ]

                    // What a variant of it solves beyond that, from every seed.
                    let further = [
                        for pair in RivalPairs.named context do
                            if pair.Other = "HF" then
                                match RivalPairs.solvedByAll context pair.Method found finished with
                                | [] -> ()
                                | more -> $"'{pair.Method}' also solves {Runs.listed more}."
                    ]

                    let first =
                        $"Hessian-free optimisation, after its authors' released program with \
                          two rules changed, solves {Runs.listed each} with each of {seeds} seeds."

                    Some(String.Join(" ", first :: further @ beside))
    }

    /// Which architectures learn all of Talathi and Vartak's problems under one optimiser, and
    /// which needs the fewest sequences; none while runs are missing.
    let architectures: Headline = {
        Item = "rivals"
        Text =
            fun context finished _ ->
                let part =
                    RivalRuns.parts context Profile.Paper
                    |> List.find (fun part -> List.contains "np-RNN" part.Methods)

                let counts =
                    RivalAdvice.counts context Profile.Paper part RivalCosts.Sequences finished

                let seeds = context.Protocol.Seeds[Profile.Paper]
                let planned = part.Tasks.Length * part.Lengths.Length * seeds
                let all = counts |> List.filter (fun c -> c.Solved = planned)
                let most = counts |> List.map _.Cheapest |> List.max

                match all, counts |> List.filter (fun c -> c.Cheapest = most) with
                | _ :: _, [ first ] ->
                    let names = all |> List.map _.Method |> Runs.listed
                    let longest = Format.whole (float (List.max part.Lengths))

                    Some
                        $"On one budget {names} learn Talathi and Vartak's tasks at every length \
                          up to T = {longest} with each of {seeds} seeds; {first.Method} needs \
                          the fewest sequences in {first.Cheapest} of {planned} cases."
                | _ -> None
    }
