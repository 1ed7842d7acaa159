namespace Repro.Reports.Items

open Repro.Engine.Judging

/// What the runs of `clockwork` say that is worth a headline.
module ClockworkHeadlines =
    /// The order of the three methods, where it is the same at every number of parameters.
    let order: Headline = {
        Item = "clockwork"
        Text =
            fun context finished _ ->
                let groups = ClockworkErrors.groups context finished
                let budgets = ClockworkRuns.budgets context Profile.Paper

                let error budget method =
                    groups
                    |> List.tryFind (fun g ->
                        g.Series = method && g.X = budget && g.Profile = Profile.Paper)
                    |> Option.map (fun g -> 10.0 ** (g.Values |> List.averageBy snd))

                let ordered = [
                    for budget in budgets do
                        match List.map (error budget) [ "CW-RNN"; "LSTM"; "SRN" ] with
                        | [ Some clockwork; Some lstm; Some simple ] when
                            clockwork < lstm && lstm < simple
                            ->
                            clockwork, lstm, simple
                        | _ -> ()
                ]

                if ordered.IsEmpty || ordered.Length < budgets.Length then
                    None
                else
                    let clockwork, lstm, simple = List.last ordered
                    let number = Format.number "G2"

                    Some
                        $"On waveforms a Clockwork RNN has a smaller error than an LSTM, and that \
                          than a simple network, at each of {budgets.Length} sizes, as its \
                          authors report on music: {number clockwork}, {number lstm} and \
                          {number simple} at {List.last budgets} parameters, where the best \
                          constant has 1."
    }
