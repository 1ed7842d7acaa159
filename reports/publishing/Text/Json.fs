namespace Repro.Reports

open System
open System.Text

/// A JSON value whose members keep the order they were given in.
type internal Json =
    | Null
    | Flag of bool
    | Number of float
    | Text of string
    | List of Json list
    | Object of (string * Json) list

[<RequireQualifiedAccess>]
module internal Json =
    let private writeText (sb: StringBuilder) (text: string) =
        sb.Append '"' |> ignore

        for i in 0 .. text.Length - 1 do
            let c = text[i]

            let pairs =
                Char.IsHighSurrogate c && i + 1 < text.Length && Char.IsLowSurrogate text[i + 1]
                || Char.IsLowSurrogate c && i > 0 && Char.IsHighSurrogate text[i - 1]

            match c with
            | '"' -> sb.Append "\\\"" |> ignore
            | '\\' -> sb.Append @"\\" |> ignore
            // Inside a script element no text may open or close a tag or a comment.
            | '<'
            | '>'
            | '&'
            | '\''
            | '\u2028'
            | '\u2029' -> sb.Append("\\u").Append((int c).ToString "x4") |> ignore
            | _ when c < ' ' || Char.IsSurrogate c && not pairs ->
                sb.Append("\\u").Append((if c < ' ' then int c else 0xFFFD).ToString "x4")
                |> ignore
            | _ -> sb.Append c |> ignore

        sb.Append '"' |> ignore

    let rec private write (sb: StringBuilder) json =
        match json with
        | Null -> sb.Append "null" |> ignore
        | Flag b -> sb.Append(if b then "true" else "false") |> ignore
        | Number v when not (Double.IsFinite v) -> sb.Append "null" |> ignore
        | Number v -> sb.Append(Number.roundTrip v) |> ignore
        | Text t -> writeText sb t
        | List items ->
            sb.Append '[' |> ignore

            items
            |> List.iteri (fun i item ->
                if i > 0 then
                    sb.Append ',' |> ignore

                write sb item)

            sb.Append ']' |> ignore
        | Object members ->
            sb.Append '{' |> ignore

            members
            |> List.iteri (fun i (name, value) ->
                if i > 0 then
                    sb.Append ',' |> ignore

                writeText sb name
                sb.Append ':' |> ignore
                write sb value)

            sb.Append '}' |> ignore

    /// The value on one line. Safe to stand in a script element; not finite numbers are null.
    let toText json =
        let sb = StringBuilder()
        write sb json
        sb.ToString()
