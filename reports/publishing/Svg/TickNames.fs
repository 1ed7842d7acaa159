namespace Repro.Reports.Svg

open System

/// What whole places 0, 1, 2, … stand for: the texts of an axis's ticks there, where those are
/// not these numbers. Marks beside a place belong to it.
[<RequireQualifiedAccess>]
module internal TickNames =
    /// The names, in the order of their places; none of an axis whose places are numbers.
    let ofAxis (style: AxisStyle) : string[] =
        match style.TickVals, style.TickText with
        | Some places, Some texts when
            places.Length = texts.Length
            && places |> Array.indexed |> Array.forall (fun (i, place) -> place = float i)
            && texts |> Array.indexed |> Array.forall (fun (i, text) -> text <> string i)
            ->
            texts
        | _ -> [||]

    /// The name of the place nearest to a number; None without names or a number.
    let nearest (names: string[]) (place: float) : string option =
        if names.Length = 0 || not (Double.IsFinite place) then
            None
        else
            let index = Math.Clamp(Math.Round place, 0.0, float (names.Length - 1))
            Some names[int index]
