namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// What the page on music and text says in words: the paper's claim and what the runs found.
module NaturalSummary =
    let private text = Format.number "0.00"

    /// What the paper's table claims, with the numbers that bear it and those that do not.
    let claim (context: Context) =
        let training set method =
            Judging.published context.Targets $"{set}/MSGD{method}" "train" |> text

        let piano, ptb = training "Piano-midi.de", training "PTB-1-step"
        let pianoBoth, pianoClipped = piano "+CR", piano "+C"
        let ptbBoth, ptbClipped = ptb "+CR", ptb "+C"

        $"<p>Table 1 claims that clipping lowers the test loss of every set and that the \
          regulariser lowers it further, so that a plain recurrent network trained by MSGD+CR is \
          as good as the best recurrent networks of the time. Training losses fall as well, with \
          two exceptions: with the regulariser they are higher than with clipping alone on \
          Piano-midi.de ({pianoBoth} against {pianoClipped} nats) and on text one step ahead \
          ({ptbBoth} against {ptbClipped} bits).</p>"

    let private methodNames = [ "MSGD"; "MSGD+C"; "MSGD+CR" ]

    /// The mean loss of each method at hand on a data set, in the order of the methods.
    let private losses (tested: Group list) (data: string) = [
        for method in methodNames do
            match tested |> List.tryFind (fun g -> g.Series = $"{data}/{method}") with
            | Some g -> method, g.Values |> List.averageBy snd
            | None -> ()
    ]

    /// Which method is the best on the data sets that have all three, and by how much. A method
    /// that diverged has no loss and is never the lowest.
    let private lowest (whole: (string * float) list list) =
        let worth (loss: float) =
            if Double.IsNaN loss then infinity else loss

        let count method =
            whole
            |> List.filter (fun all -> fst (List.minBy (snd >> worth) all) = method)
            |> List.length

        let best = List.maxBy count methodNames

        let gains = [
            for all in whole do
                let first, last = snd all.Head, snd (List.last all)
                let percent = 100.0 * (first - last) / first

                if Double.IsFinite percent then
                    percent
        ]

        let percent = Format.number "0.0"

        let gained =
            if gains.IsEmpty then
                ""
            else
                $" From {methodNames.Head} to {List.last methodNames} the loss falls by \
                  {percent (List.min gains)} to {percent (List.max gains)} %%."

        $"{best} has the lowest mean test loss on {count best} of {whole.Length} data sets \
          run with all three methods.{gained}"

    /// In how many runs on text the validation loss still fell in the last epoch, and by how much
    /// at the most: the paper does not say for how many epochs it trained.
    let private unfinished (runs: Finished list) =
        let falls = [
            for run in runs |> List.filter NaturalPages.isText do
                let _, y = Runs.curve ("validation " + NaturalPages.scoreOf run) run

                if y.Length > 1 then
                    y[y.Length - 2] - y[y.Length - 1]
        ]

        let falling = falls |> List.filter (fun fall -> fall > 0.0)

        if falling.IsEmpty then
            ""
        else
            let digits = Format.number "G2"

            $"On text the validation loss still fell in the last epoch of {falling.Length} of \
              {falls.Length} runs, by up to {digits (List.max falling)} bits per character, so that more epochs would lower it."

    /// What the index says: which method has the lowest test loss, and by how much.
    let summary (profile: Profile) (groups: Group list) (finished: Finished list) =
        let tested = groups |> List.filter (fun g -> g.Profile = profile && g.X = "test")
        let sets = tested |> List.map (fun g -> (g.Series.Split '/')[0]) |> List.distinct
        let isWhole (_, all: (string * float) list) = all.Length = methodNames.Length

        let whole, partly =
            [ for set in sets -> set, losses tested set ] |> List.partition isWhole

        let alone = [
            for data, all in partly do
                for method, loss in all ->
                    let name = SeriesText.name $"{data}/{method}"
                    $"{name} {text loss}"
        ]

        let sentences = [
            if not whole.IsEmpty then
                lowest (List.map snd whole)

            if not alone.IsEmpty then
                $"Test losses: {Runs.listed alone}."

            if profile = Profile.Paper then
                unfinished (Runs.ofProfile profile finished)
        ]

        match sentences |> List.filter ((<>) "") with
        | [] -> Runs.noneAtHand
        | said -> Runs.atScale profile + String.Join(" ", said)
