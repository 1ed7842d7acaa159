namespace Repro.Reports.Svg

open System
open Repro.Reports

/// An axis ready to be drawn. Its own coordinate is the value on a linear axis, the log10 on
/// a logarithmic one, and the index of the category on a categorical one.
type internal Scale = {
    Log: bool
    /// Empty unless the axis is categorical.
    Categories: string[]
    Lo: float
    Hi: float
    Reversed: bool
    Ticks: (float * string)[]
} with

    /// The axis's own coordinate of a value; NaN when the axis cannot show it.
    member this.Place(v: float) =
        if not (Number.drawable v) then nan
        elif not this.Log then v
        elif Number.hasDecade v then Number.log10 v
        else nan

    /// Own coordinates of many values.
    member this.Places(values: Values) =
        match values with
        | Numbers v -> Array.map this.Place v
        | Labels v ->
            v
            |> Array.map (fun label ->
                match label with
                | Some name -> float (Array.IndexOf(this.Categories, name))
                | None -> nan)

    /// 0 at the axis's start and 1 at its end.
    member this.Fraction(place: float) =
        let f = (place - this.Lo) / (this.Hi - this.Lo)
        if this.Reversed then 1.0 - f else f

[<RequireQualifiedAccess>]
module internal Scale =
    let private categories (values: Values list) =
        values
        |> List.collect (fun v ->
            match v with
            | Labels labels -> labels |> Array.choose id |> List.ofArray
            | Numbers _ -> [])
        |> List.distinct
        |> Array.ofList

    /// A pair of ends that are finite, apart from each other and not absurdly close.
    let private widen lo hi =
        let size = max (abs lo) (abs hi)

        if hi - lo > 1e-9 * size && hi - lo > 1e-290 then
            lo, hi
        elif size < 1e-290 then
            -1.0, 1.0
        else
            (lo + hi) / 2.0 - 0.1 * size, (lo + hi) / 2.0 + 0.1 * size

    let private padded (places: float[]) (fromZero: bool) padding =
        let seen = places |> Array.filter Double.IsFinite
        let seen = if fromZero then Array.append seen [| 0.0 |] else seen

        if seen.Length = 0 then
            0.0, 1.0
        else
            let lo, hi = widen (Array.min seen) (Array.max seen)
            let pad = padding * (hi - lo)
            // Bars stand on the axis itself: nothing is added beyond zero.
            (if fromZero && lo = 0.0 then 0.0 else lo - pad),
            (if fromZero && hi = 0.0 then 0.0 else hi + pad)

    /// Ticks for about `target` labels, unless the style names its own.
    let withTicks (style: AxisStyle) (target: int) (scale: Scale) =
        // The same slack as Ticks.linear has: a tick that stands at an end is kept when read again.
        let slack = 1e-9 * (scale.Hi - scale.Lo)

        let inside place =
            place >= scale.Lo - slack && place <= scale.Hi + slack

        let ticks =
            match style.TickVals with
            | _ when not style.Visible -> [||]
            | Some at ->
                at
                |> Array.mapi (fun i v ->
                    let text =
                        match style.TickText with
                        | Some texts when i < texts.Length -> texts[i]
                        | _ -> Ticks.dressed (Number.significant 6 v)

                    scale.Place v, text)
                |> Array.filter (fst >> inside)
            | None when scale.Categories.Length > 0 ->
                scale.Categories |> Array.mapi (fun i name -> float i, name)
            | None when scale.Log -> Ticks.log scale.Lo scale.Hi target
            | None -> Ticks.linear scale.Lo scale.Hi target

        { scale with Ticks = ticks }

    /// The range an axis needs for the values on it.
    /// `extra` are values that have to fit too (ends of error bars), `fromZero` keeps zero in
    /// view, `half` is room on both sides in the axis's own coordinate (half a bar or cell).
    let create
        (style: AxisStyle)
        (values: Values list)
        (extra: float[])
        (fromZero: bool)
        (half: float)
        (padding: float)
        =
        let names = categories values

        let bare = {
            Log = style.Kind = Log && names.Length = 0
            Categories = names
            Lo = 0.0
            Hi = 1.0
            Reversed = style.Reversed
            Ticks = [||]
        }

        match style.Range with
        | Some(a, b) when bare.Log && max (abs a) (abs b) > 310.0 ->
            invalidArg
                "json"
                (sprintf
                    "A logarithmic axis was given the ends %s and %s. Its range is log10 of the \
                     ends: (-3, 0) is from 0.001 to 1."
                    (Number.roundTrip a)
                    (Number.roundTrip b))
        | _ -> ()

        let numbers =
            values
            |> List.collect (fun v ->
                match v with
                | Numbers n -> List.ofArray n
                | Labels _ -> [])

        let places = Array.append (Array.ofList numbers) extra |> Array.map bare.Place

        let lo, hi =
            match style.Range with
            | Some(a, b) when Number.drawable a && Number.drawable b && a <> b -> min a b, max a b
            | _ when names.Length > 0 -> -0.5, float names.Length - 0.5
            | _ ->
                let lo, hi = padded places (fromZero && not bare.Log) padding

                // Powers beyond these are no numbers any more.
                if bare.Log then
                    max -299.5 (lo - half), min 299.5 (hi + half)
                else
                    max -Number.largest (lo - half), min Number.largest (hi + half)

        let turned =
            match style.Range with
            | Some(a, b) when a > b -> not style.Reversed
            | _ -> style.Reversed

        {
            bare with
                Lo = lo
                Hi = hi
                Reversed = turned
        }
