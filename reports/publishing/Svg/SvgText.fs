namespace Repro.Reports.Svg

open System
open Repro.Reports
open System.Text

/// Text in a drawing whose font is not known: widths are those of Helvetica, to about 5 %.
[<RequireQualifiedAccess>]
module internal SvgText =
    let private charWidth (c: char) =
        match c with
        | 'i'
        | 'j'
        | 'l'
        | '\''
        | '|' -> 0.23
        | ' '
        | '.'
        | ','
        | ':'
        | ';'
        | 'I'
        | 't'
        | 'f'
        | '/'
        | '!'
        | '['
        | ']' -> 0.28
        | 'r'
        | '('
        | ')'
        | '-'
        | '"' -> 0.34
        | 'm'
        | 'M' -> 0.84
        | 'w'
        | 'O'
        | 'Q'
        | 'G'
        | '+'
        | '−'
        | '='
        | '<'
        | '>'
        | '~' -> 0.72
        | 'W'
        | '%'
        | '@' -> 0.95
        | 'k'
        | 's'
        | 'c'
        | 'v'
        | 'x'
        | 'y'
        | 'z'
        | 'J' -> 0.5
        | c when c >= '⁰' && c <= '₉' -> 0.36
        | c when Char.IsUpper c -> 0.67
        | c when c > '\u2E80' -> 1.0
        | _ -> 0.556

    /// Room for a font somewhat wider than Helvetica.
    let private reserve = 1.08

    /// The width in pixels of a text at a font size.
    let width (size: float) (text: string) =
        size * reserve * (text |> Seq.sumBy charWidth)

    /// Lines no wider than `available` pixels, broken at spaces; a longer word stands alone.
    let wrap (size: float) (available: float) (text: string) : string list =
        let words =
            text.Split([| ' '; '\n'; '\t'; '\r' |], StringSplitOptions.RemoveEmptyEntries)

        let finished, current =
            (([], ""), words)
            ||> Array.fold (fun (finished, current) word ->
                let longer = if current = "" then word else current + " " + word

                if current = "" || width size longer <= available then
                    finished, longer
                else
                    current :: finished, word)

        List.rev (if current = "" then finished else current :: finished)

    /// How an element ends after its attributes: with the text that a pointer shows, or at once.
    let ending (hover: bool) (element: string) (text: string) =
        if hover then
            sprintf "><title>%s</title></%s>" (Html.escape text) element
        else
            "/>"

    /// Appends a text element; `attributes` are ready-made.
    let append (sb: StringBuilder) (attributes: string) (x: float) (y: float) (text: string) =
        sb
            .Append("<text x=\"")
            .Append(Number.coordinate x)
            .Append("\" y=\"")
            .Append(Number.coordinate y)
            .Append(if attributes = "" then "\"" else "\" ")
            .Append(attributes)
            .Append('>')
            .Append(Html.escape text)
            .Append("</text>\n")
        |> ignore
