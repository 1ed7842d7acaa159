namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// What the protocol of the authors' search for settings predicted before its runs, and what came;
/// nothing before all of them are there.
module OrderPredictions =
    let private bound = Predicted.bound

    let private held (chosen: OrderGrid.Place) (ranked: OrderGrid.Ended list) = [
        let at rate threshold =
            ranked
            |> List.filter (fun (place, _, _) -> place.Rate = rate && place.Threshold = threshold)

        let isPlain (place: OrderGrid.Place, _, _) = place.Weight = "0"

        let successes (_, runs, _) =
            runs |> List.filter Runs.succeeded |> List.length

        let counted ended =
            let all = ended |> List.sumBy (fun (_, runs: Finished list, _) -> runs.Length)
            List.sumBy successes ended, all

        let share ended =
            let n, all = counted ended
            $"{n} of {all}"

        let weights = List.filter (isPlain >> not)

        let fast =
            at "0.01" "1"
            |> weights
            |> List.sortBy (fun (place, _, _) -> float place.Weight)

        bound
            "At the rate 0.01 and threshold 1 every weight of the regulariser teaches at least two \
             of three seeds"
            ([ for place, _, _ as e in fast -> $"α = {place.Weight}: {successes e}" ]
             |> String.concat ", ")
            (fast |> List.forall (fun e -> successes e >= 2))

        let slow, quick =
            fast |> List.partition (fun (place, _, _) -> float place.Weight <= 1.0)

        let mean (_, _, updates: float) = updates

        bound
            "4 and 2 quicker than 1 and 0.5"
            ([
                for place, _, updates in fast -> $"α = {place.Weight}: {Format.whole updates}"
             ]
             |> String.concat ", ")
            ((quick |> List.map mean |> List.max) < (slow |> List.map mean |> List.min))

        let without = at "0.01" "1" |> List.filter isPlain
        bound "none succeeds without it" (share without) (fst (counted without) = 0)

        let byThreshold rate = [ for t in [ "1"; "4"; "6" ] -> t, at rate t ]

        let all rate =
            [ for t, ended in byThreshold rate -> $"threshold {t}: {share ended}" ]
            |> String.concat ", "

        let taught rate t = counted (at rate t) |> fst

        bound
            "At the rate 0.01 thresholds 4 and 6 teach fewer seeds than threshold 1"
            (all "0.01")
            ([ "4"; "6" ] |> List.forall (fun t -> taught "0.01" t < taught "0.01" "1"))

        bound
            "At the rate 0.001 threshold 6 is the best of the three"
            (all "0.001")
            ([ "1"; "4" ] |> List.forall (fun t -> taught "0.001" "6" > taught "0.001" t))

        bound "threshold 1 teaches none within the budget" (all "0.001") (taught "0.001" "1" = 0)

        let rank = 1 + OrderGrid.quicker chosen ranked

        bound "The chosen setting is among the three quickest" $"place {rank}" (rank <= 3)
    ]

    /// Each prediction beside what came.
    let table (context: Context) (finished: Finished list) : (string * Table) list =
        match OrderGrid.complete context finished with
        | None -> []
        | Some ranked ->
            held (OrderGrid.chosen context) ranked
            |> Predicted.table " of the search" "" (OrderGrid.settings context)
