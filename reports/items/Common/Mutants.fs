namespace Repro.Reports.Items

open System
open System.Globalization
open Repro.Engine.Records
open Repro.Engine.Statistics
open Repro.Reports

/// Faults put into the engine on purpose, and how many of them its tests found: the tables of the
/// file that `tests/Torture/Mutants` left.
module Mutants =
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

    let private percent (share: float) = Number.fixedPoint 0 (100.0 * share)

    let private measured (tried: int) (without: int) (tests: string) (figures: SettingsNode) =
        let within (share: float) (low: float) (high: float) =
            $"{percent share} %% ({percent low} to {percent high} %%)"

        let share (name: string) = figures[name].Number
        let killed = figures["killed"].Count
        let real = tried - without
        let ofReal = Intervals.Wilson(killed, real, 0.95)

        [
            text tests
            count tried
            count killed
            text (within (share "share") (share "low") (share "high"))
            count without
            text (within (float killed / float real) ofReal.Low ofReal.High)
        ]

    let private shares (figures: SettingsNode) =
        let row = measured figures["mutants"].Count (Map.count (withoutEffect figures))

        Table.create [
            "Tests"
            "Faults tried"
            "Found"
            "Share found, with its 95 % interval"
            "Without an effect, by reading"
            "Share of those with an effect"
        ] [
            row "as they were when the sample was drawn" figures
            if not figures["again"].IsAbsent then
                row "with those written for what was not found" figures["again"]
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

    /// The shares, and what became of each fault that was not found at first.
    let tables (command: string) (figures: SettingsNode) : (string * Table) list =
        let folders = figures["folders"].Text

        let places = figures["places"].Count.ToString("N0", CultureInfo.InvariantCulture)

        let title =
            $"Faults put into the engine on purpose, at random among {places} places of {folders}"

        [
            ($"{title}: {command}", shares figures)
            ("Faults that were not found at first", notFound figures)
        ]
