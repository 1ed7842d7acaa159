namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// What the page on music and text says in words: the paper's claim and what the runs found.
module NaturalSummary =
    let private text = Format.number "0.00"
    let private methods = NaturalPages.methodNames

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

    /// The mean loss of each method at hand on a data set, in the order of the methods.
    let private losses (tested: Group list) (data: string) = [
        for method in methods do
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

        let best = List.maxBy count methods

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
                $" From {methods.Head} to {List.last methods} the loss falls by \
                  {percent (List.min gains)} to {percent (List.max gains)} %%."

        $"{best} has the lowest mean test loss on {count best} of {whole.Length} data sets \
          run with all three methods.{gained}"

    /// Whether the runs on text were still learning when they ended: the paper says neither for how
    /// many epochs it trained nor how small its learning rate became.
    let private unfinished (runs: Finished list) =
        let text = runs |> List.filter NaturalPages.isText

        let falls = [
            for run in text do
                let _, y = Runs.curve ("validation " + NaturalPages.scoreOf run) run

                if y.Length > 1 then
                    y[y.Length - 2] - y[y.Length - 1]
        ]

        let halved =
            text
            |> List.filter (fun run ->
                let _, rates = Runs.curve "learning rate" run
                rates.Length > 0 && Array.last rates < rates[0])

        let falling = falls |> List.filter (fun fall -> fall > 0.0)

        if falling.IsEmpty then
            ""
        else
            let most = Format.number "G2" (List.max falling)
            let counted = if halved.IsEmpty then "none" else string halved.Length

            $"On text the validation loss still fell in the last epoch of {falling.Length} of \
              {falls.Length} runs, by up to {most} bits per character, and the learning rate was \
              halved in {counted}: longer runs would end lower."

    /// What the index says: which method has the lowest test loss, and by how much.
    let summary (profile: Profile) (groups: Group list) (finished: Finished list) =
        let tested = groups |> List.filter (fun g -> g.Profile = profile && g.X = "test")
        let sets = tested |> List.map (fun g -> (g.Series.Split '/')[0]) |> List.distinct

        let isWhole (_, all: (string * float) list) = all.Length = methods.Length

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
