namespace Repro.Reports

open System
open System.Text

/// Text made safe for HTML, XML and file names.
[<RequireQualifiedAccess>]
module Html =
    /// A type of this assembly, to find where it was loaded from.
    type internal Marker = class end

    let private permitted (c: char) =
        c >= ' ' && c <> '\uFFFE' && c <> '\uFFFF' || c = '\t' || c = '\n' || c = '\r'

    /// Escapes text for element content and for quoted attributes. Characters that XML 1.0
    /// forbids (control characters, lone surrogates) become U+FFFD.
    let escape (text: string) =
        let sb = StringBuilder()
        let mutable i = 0

        while i < text.Length do
            let c = text[i]

            match c with
            | '&' -> sb.Append "&amp;" |> ignore
            | '<' -> sb.Append "&lt;" |> ignore
            | '>' -> sb.Append "&gt;" |> ignore
            | '"' -> sb.Append "&quot;" |> ignore
            | '\'' -> sb.Append "&#39;" |> ignore
            | _ when
                Char.IsHighSurrogate c && i + 1 < text.Length && Char.IsLowSurrogate text[i + 1]
                ->
                sb.Append(c).Append(text[i + 1]) |> ignore
                i <- i + 1
            | _ when Char.IsSurrogate c || not (permitted c) -> sb.Append '\uFFFD' |> ignore
            | _ -> sb.Append c |> ignore

            i <- i + 1

        sb.ToString()

    /// Lower-case letters, digits and hyphens: an element id or a folder name.
    let slug (text: string) =
        let sb = StringBuilder()

        for c in text.ToLowerInvariant() do
            if Char.IsAsciiLetterOrDigit c then
                sb.Append c |> ignore
            elif sb.Length > 0 && sb[sb.Length - 1] <> '-' then
                sb.Append '-' |> ignore

        let slug = sb.ToString().Trim '-'
        if slug = "" then "x" else slug

    /// A long hash cut to its first `length` characters, the whole of it in the title.
    let shortHash (length: int) (hash: string) =
        if hash.Length <= length then
            sprintf "<code>%s</code>" (escape hash)
        else
            sprintf
                "<code title=\"%s\">%s…</code>"
                (escape hash)
                (escape (hash.Substring(0, length)))
