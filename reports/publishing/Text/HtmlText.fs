namespace Repro.Reports

open System.Collections.Generic
open System.Text
open System.Text.RegularExpressions

/// The text between the tags of a piece of HTML.
[<RequireQualifiedAccess>]
module internal HtmlText =
    let private piece =
        Regex(@"<(/?)([A-Za-z][A-Za-z0-9]*)[^>]*>|[^<]+|<", RegexOptions.Compiled)

    /// The HTML with each text changed; tags stay as they are. `change` is told the innermost
    /// element of the `watched` ones (names in lower case) that the text stands in.
    let map (watched: Set<string>) (change: string option -> string -> string) (html: string) =
        let sb = StringBuilder html.Length
        let inside = Stack<string>()

        for m in piece.Matches html do
            let name = m.Groups[2].Value.ToLowerInvariant()

            if m.Groups[2].Success then
                if watched.Contains name then
                    if m.Groups[1].Value = "" then
                        inside.Push name
                    elif inside.Count > 0 && inside.Peek() = name then
                        inside.Pop() |> ignore

                sb.Append m.Value |> ignore
            else
                let innermost = if inside.Count > 0 then Some(inside.Peek()) else None
                sb.Append(change innermost m.Value) |> ignore

        sb.ToString()

    /// Elements whose spaces are somebody's own.
    let private verbatim = Set [ "code"; "math"; "pre"; "script"; "style"; "svg" ]

    let private equality =
        Regex(@"(?<![\w&#;])(\p{L}) = (?=[-−]?[.\d])", RegexOptions.Compiled)

    let private percent = Regex(@"(?<=\d) %", RegexOptions.Compiled)

    /// The HTML with "T = 100" and "92 %" kept on one line: a letter and its number are one word,
    /// and so are a number and its sign of percent.
    let unbroken (html: string) : string =
        let change within text =
            match within with
            | None -> percent.Replace(equality.Replace(text, "$1\u00A0=\u00A0"), "\u00A0%")
            | Some _ -> text

        map verbatim change html
