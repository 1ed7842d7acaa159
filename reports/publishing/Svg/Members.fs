namespace Repro.Reports.Svg

open System
open System.Text.Json

/// The members of one JSON object of a figure. Each that is asked for counts as known; what is
/// left at the end and says anything is refused by its place and name.
type internal Members(path: string, element: JsonElement) =
    let known = Collections.Generic.HashSet<string>()

    static let rec empty (value: JsonElement) =
        match value.ValueKind with
        | JsonValueKind.Null
        | JsonValueKind.Undefined -> true
        | JsonValueKind.Object -> value.EnumerateObject() |> Seq.forall (fun p -> empty p.Value)
        | _ -> false

    static let none: JsonElement = JsonElement()

    /// Where the object stands, as "layout.xaxis".
    member _.Path = path

    /// Stops the drawing: what is wrong at a member, and what would be drawn.
    member _.Refuse (name: string) (problem: string) : 'a =
        invalidArg
            "json"
            (sprintf "The figure's %s%s %s." path (if name = "" then "" else "." + name) problem)

    /// The member's value, if it has one.
    member _.TryGet(name: string) : JsonElement option =
        known.Add name |> ignore

        if element.ValueKind <> JsonValueKind.Object then
            None
        else
            match element.TryGetProperty name with
            | true, value when value.ValueKind <> JsonValueKind.Null -> Some value
            | _ -> None

    /// A member that changes nothing that is drawn.
    member _.Ignore(names: string list) =
        for name in names do
            known.Add name |> ignore

    /// A member that may be stated with one value only.
    member this.Only (name: string) (allowed: string list) =
        match this.TryGet name with
        | Some value when not (List.contains (value.ToString()) allowed) ->
            this.Refuse
                name
                (sprintf
                    "is '%O'; only %s is drawn"
                    value
                    (allowed |> List.map (sprintf "'%s'") |> String.concat " or "))
        | _ -> ()

    member this.Float(name: string) : float option =
        this.TryGet name
        |> Option.map (fun value ->
            match value.ValueKind with
            | JsonValueKind.Number -> value.GetDouble()
            | _ -> this.Refuse name (sprintf "is '%O'; a number is needed" value))

    member this.Bool(name: string) : bool option =
        this.TryGet name
        |> Option.map (fun value ->
            match value.ValueKind with
            | JsonValueKind.True -> true
            | JsonValueKind.False -> false
            | _ -> this.Refuse name (sprintf "is '%O'; true or false is needed" value))

    member this.String(name: string) : string option =
        this.TryGet name
        |> Option.map (fun value ->
            match value.ValueKind with
            | JsonValueKind.String -> Members.Plain(value.GetString())
            | JsonValueKind.Number -> value.GetRawText()
            | _ -> this.Refuse name (sprintf "is '%O'; a text is needed" value))

    /// A CSS colour; black is the page's text colour.
    member this.Color(name: string) : string option =
        this.String name |> Option.map Members.Css

    /// The object at a member; an empty one where there is none.
    member this.Object(name: string) : Members =
        let inner =
            match this.TryGet name with
            | Some value when value.ValueKind = JsonValueKind.Object -> value
            | Some value -> this.Refuse name (sprintf "is '%O'; an object is needed" value)
            | None -> none

        Members((if path = "" then name else path + "." + name), inner)

    /// Whether the member is there.
    member this.Has(name: string) = (this.TryGet name).IsSome

    /// The objects of a list, each with its place.
    member this.Objects(name: string) : Members list =
        this.Items name
        |> List.mapi (fun i value ->
            Members(sprintf "%s%s[%d]" (if path = "" then "" else path + ".") name i, value))

    /// The items of a list; none where there is no such member.
    member this.Items(name: string) : JsonElement list =
        match this.TryGet name with
        | Some value when value.ValueKind = JsonValueKind.Array -> [
            for item in value.EnumerateArray() -> item
          ]
        | Some value -> this.Refuse name (sprintf "is '%O'; a list is needed" value)
        | None -> []

    /// The numbers of a list.
    member this.Floats(name: string) : float[] option =
        if this.Has name then
            Some [| for item in this.Items name -> this.Number name item |]
        else
            None

    /// The texts of a list.
    member this.Strings(name: string) : string[] option =
        if this.Has name then
            Some [| for item in this.Items name -> Members.Plain(item.ToString()) |]
        else
            None

    /// A number of a list: null and the words of numbers that are not finite are allowed.
    member this.Number (name: string) (value: JsonElement) : float =
        match value.ValueKind with
        | JsonValueKind.Number -> value.GetDouble()
        | JsonValueKind.Null -> nan
        | JsonValueKind.String when Members.Special(value.GetString()).IsSome ->
            (Members.Special(value.GetString())).Value
        | _ -> this.Refuse name (sprintf "holds '%O'; numbers are needed" value)

    /// Positions along an axis; none is an empty list.
    member this.Values(name: string) : Values option =
        if not (this.Has name) then
            None
        else
            let items = this.Items name

            let label (item: JsonElement) =
                item.ValueKind = JsonValueKind.String
                && (Members.Special(item.GetString())).IsNone

            if items |> List.exists label then
                Some(
                    Labels [|
                        for item in items ->
                            if item.ValueKind = JsonValueKind.Null then
                                None
                            else
                                Some(Members.Plain(item.ToString()))
                    |]
                )
            else
                Some(Numbers [| for item in items -> this.Number name item |])

    /// Refuses every member that was not asked for and is not empty.
    member this.Done() =
        if element.ValueKind = JsonValueKind.Object then
            for property in element.EnumerateObject() do
                if not (known.Contains property.Name) && not (empty property.Value) then
                    this.Refuse
                        property.Name
                        "is not drawn: the static drawing knows no such member. Leave it out, \
                         or teach reports/publishing/Svg to draw it"

    /// The numbers that JSON has no digits for, as Plotly.NET writes them.
    static member Special(text: string | null) : float option =
        match text with
        | "NaN" -> Some nan
        | "Infinity" -> Some infinity
        | "-Infinity" -> Some -infinity
        | _ -> None

    /// Text without plotly's escapes.
    static member Plain(text: string | null) : string =
        match text with
        | null -> ""
        | text -> text.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&")

    /// A colour as the drawing writes it: an opaque one in hexadecimal, black as currentColor.
    static member Css(color: string) : string =
        let text = color.Trim()

        let parts =
            if text.StartsWith("rgb", StringComparison.Ordinal) then
                text.Substring(text.IndexOf '(' + 1).TrimEnd(')').Split(',')
                |> Array.map (fun p -> p.Trim())
            else
                [||]

        let solid =
            parts.Length = 3
            || parts.Length = 4
               && Double.Parse(parts[3], Globalization.CultureInfo.InvariantCulture) = 1.0

        let hex =
            if solid then
                ColorScale.hex (int parts[0], int parts[1], int parts[2])
            else
                text

        match hex.ToLowerInvariant() with
        | "black"
        | "#000"
        | "#000000"
        | "currentcolor" -> "currentColor"
        | _ -> hex
