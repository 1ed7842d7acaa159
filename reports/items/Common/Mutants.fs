namespace Repro.Reports.Items

open System
open System.Globalization
open System.Text.RegularExpressions
open Repro.Engine.Records
open Repro.Engine.Statistics
open Repro.Reports

/// Faults put into the engine on purpose, and how many of them its tests found: what the page says
/// of the files that `tests/Torture/Mutants` left, one file a sample.
module Mutants =
    /// One file: a random sample of faults, drawn by its seed.
    type Sample = private {
        Seed: int64
        Command: string
        Figures: SettingsNode
    }

    let private text (value: string) = Cell.text value

    let private count (value: int) =
        Cell.text (value.ToString("N0", CultureInfo.InvariantCulture))

    let private survivors (figures: SettingsNode) =
        figures["survivors"].Elements |> Seq.map _.Text |> List.ofSeq

    /// Faults that a reader found to be without an effect, and why: the program with such a fault
    /// does the same in all that it returns and writes.
    let private withoutEffect (figures: SettingsNode) =
        if figures["equivalent"].IsAbsent then
            Map.empty
        else
            let known = survivors figures

            figures["equivalent"].Elements
            |> Seq.map (fun e ->
                let place = e["place"].Text

                if not (List.contains place known) then
                    raise (
                        FormatException
                            $"'{place}' is called a fault without an effect and is not among the \
                              faults that were not found"
                    )

                place, e["why"].Text)
            |> Map.ofSeq

    /// A sample by its file's command, which names the seed, and its figures.
    let sample (command: string) (figures: SettingsNode) : Sample =
        let seed = Regex.Match(command, @"--seed (\d+)")

        if not seed.Success then
            raise (
                FormatException
                    $"a sample of faults was drawn by '{command}', which names no seed; put there \
                      the one that drew it, as in '--seed 2': samples are ordered by it"
            )

        {
            Seed = Int64.Parse(seed.Groups[1].Value, CultureInfo.InvariantCulture)
            Command = command
            Figures = figures
        }

    let private percent (share: float) = Number.fixedPoint 0 (100.0 * share)

    let private within (share: float) (low: float) (high: float) =
        $"{percent share} %% ({percent low} to {percent high} %%)"

    let private shareOf (figures: SettingsNode) =
        within figures["share"].Number figures["low"].Number figures["high"].Number

    let private measured
        (sample: Sample)
        (tests: string)
        (command: string)
        (figures: SettingsNode)
        =
        let tried = sample.Figures["mutants"].Count
        let without = Map.count (withoutEffect sample.Figures)
        let killed = figures["killed"].Count
        let real = tried - without
        let ofReal = Intervals.Wilson(killed, real, 0.95)

        let places =
            sample.Figures["places"].Count.ToString("N0", CultureInfo.InvariantCulture)

        let folders = sample.Figures["folders"].Text

        [
            text $"Seed {sample.Seed}, among {places} places of {folders}"
            text tests
            count tried
            count killed
            text (shareOf figures)
            count without
            text (within (float killed / float real) ofReal.Low ofReal.High)
            text command
        ]

    let private shares (samples: Sample list) =
        Table.create [
            "Sample"
            "Tests"
            "Faults tried"
            "Found"
            "Share found, with its 95 % interval"
            "Without an effect, by reading"
            "Share of those with an effect"
            "Command"
        ] [
            for s in samples do
                measured s "as they were when the sample was drawn" s.Command s.Figures

                if not s.Figures["again"].IsAbsent then
                    measured
                        s
                        "with those written for what was not found"
                        "the same with --again"
                        s.Figures["again"]
        ]

    let private notFound (figures: SettingsNode) =
        let why = withoutEffect figures

        let left =
            if figures["again"].IsAbsent then
                survivors figures
            else
                survivors figures["again"]

        survivors figures
        |> List.map (fun place ->
            let became =
                match why.TryFind place with
                | Some reason -> $"Without an effect: {reason}"
                | None when List.contains place left -> "Not found"
                | None -> "Found by a test written since"

            [ text place; text became ])
        |> Table.create [ "Place and fault"; "What became of it" ]

    let private inOrder (samples: Sample list) = samples |> List.sortBy _.Seed

    /// The share that the newest sample came to when it was drawn: tests had then been written for
    /// the samples before it, and none for its own faults. Empty without a sample.
    let headline (samples: Sample list) : string =
        match List.tryLast (inOrder samples) with
        | None -> ""
        | Some newest ->
            let figures = newest.Figures
            let tried, killed = figures["mutants"].Count, figures["killed"].Count

            $"Of {tried} faults put into the engine at random, its tests found {killed}: \
              {shareOf figures}."

    /// One table of all samples' shares, the first sample first, and one a sample of what became of
    /// each fault that was not found at first.
    let tables (samples: Sample list) : (string * Table) list = [
        if not samples.IsEmpty then
            "Faults put into the engine on purpose, at random", shares (inOrder samples)

        for s in inOrder samples do
            $"Faults of seed {s.Seed} that were not found at first", notFound s.Figures
    ]
