namespace Repro.Reports

open System
open System.Text.RegularExpressions

/// Formulas as MathML, which browsers set by themselves: no script and no font of ours.
///
/// Input is a small part of TeX: letters, numbers, `+ - = < > ( ) [ ] , ; / |`, primes,
/// subscripts, superscripts, groups, and the commands that `commands` lists. Anything else is an
/// error that names it, so that no formula is ever shown wrong or in part.
[<RequireQualifiedAccess>]
module MathMl =
    let private identifiers =
        Map [
            "alpha", "α"
            "gamma", "γ"
            "eta", "η"
            "theta", "θ"
            "lambda", "λ"
            "mu", "µ"
            "sigma", "σ"
            "Delta", "Δ"
            "Lambda", "Λ"
            "Omega", "Ω"
            "ell", "ℓ"
            "infty", "∞"
            "partial", "∂"
            "max", "max"
            "min", "min"
            "exp", "exp"
            "log", "log"
            "tanh", "tanh"
            "diag", "diag"
        ]

    let private operators =
        Map [
            "le", "≤"
            "ge", "≥"
            "ne", "≠"
            "approx", "≈"
            "cdot", "·"
            "times", "×"
            "to", "→"
            "in", "∈"
            "sum", "∑"
            "prod", "∏"
            "dots", "…"
            "Vert", "‖"
            "langle", "⟨"
            "rangle", "⟩"
        ]

    /// The commands that may be used, each after a backslash.
    let commands: string list =
        [ "frac"; "sqrt"; "tilde"; "text" ]
        @ List.map fst (Map.toList identifiers)
        @ List.map fst (Map.toList operators)
        |> List.sort

    let private token =
        Regex(@"\\([A-Za-z]+)|\d+(?:[.,]\d+)*|\s+|.", RegexOptions.Singleline)

    let private fail (formula: string) (what: string) =
        raise (
            FormatException(
                sprintf
                    "The formula '%s' has %s. Known commands are %s."
                    formula
                    what
                    (String.concat ", " (commands |> List.map (fun c -> "\\" + c)))
            )
        )

    let private identifier (text: string) =
        sprintf "<mi>%s</mi>" (Html.escape text)

    let private operator (text: string) =
        sprintf "<mo>%s</mo>" (Html.escape text)

    let private row parts =
        match parts with
        | [ single ] -> single
        | several -> sprintf "<mrow>%s</mrow>" (String.concat "" several)

    /// The formula's content, without the math element.
    let private content (formula: string) =
        let tokens =
            [ for m in token.Matches formula -> m.Value ]
            |> List.filter (fun t -> t.Trim() <> "")

        // Each reader returns what it read and the tokens that are left.
        let rec group tokens =
            match tokens with
            | "{" :: rest ->
                match readRow rest with
                | inner, "}" :: rest -> row inner, rest
                | _ -> fail formula "a group that is not closed"
            | _ -> readAtom tokens

        and readAtom tokens =
            match tokens with
            | [] -> fail formula "nothing where a letter, number or group is needed"
            | "{" :: _ -> group tokens
            | "\\frac" :: rest ->
                let above, rest = group rest
                let below, rest = group rest
                sprintf "<mfrac>%s%s</mfrac>" above below, rest
            | "\\sqrt" :: rest ->
                let inner, rest = group rest
                sprintf "<msqrt>%s</msqrt>" inner, rest
            | "\\tilde" :: rest ->
                let inner, rest = group rest
                sprintf "<mover accent=\"true\">%s<mo>~</mo></mover>" inner, rest
            | "\\text" :: "{" :: rest ->
                let words = rest |> List.takeWhile ((<>) "}")

                if words.Length = rest.Length then
                    fail formula "a text that is not closed"
                else
                    let text = Html.escape (String.concat "" words)
                    sprintf "<mtext>%s</mtext>" text, List.skip (words.Length + 1) rest
            | name :: rest when name.Length > 1 && name[0] = '\\' ->
                let name = name.Substring 1

                match Map.tryFind name identifiers, Map.tryFind name operators with
                | Some symbol, _ -> identifier symbol, rest
                | None, Some symbol -> operator symbol, rest
                | None, None -> fail formula (sprintf "the unknown command '\\%s'" name)
            | text :: rest when Char.IsDigit text[0] -> sprintf "<mn>%s</mn>" text, rest
            | text :: rest when Char.IsLetter text[0] -> identifier text, rest
            | "-" :: rest -> operator "−", rest
            | "'" :: rest -> operator "′", rest
            | text :: rest when "+=<>()[],;/|".Contains text -> operator text, rest
            | text :: _ ->
                fail formula (sprintf "the character '%s', which means nothing here" text)

        and readScripted tokens =
            let atom, rest = readAtom tokens

            let rec scripts below above tokens =
                match tokens, below, above with
                | "_" :: rest, None, _ ->
                    let script, rest = group rest
                    scripts (Some script) above rest
                | "^" :: rest, _, None ->
                    let script, rest = group rest
                    scripts below (Some script) rest
                | ("_" | "^") :: _, _, _ -> fail formula "two scripts in one place"
                | _ -> below, above, tokens

            match scripts None None rest with
            | None, None, rest -> atom, rest
            | Some below, None, rest -> sprintf "<msub>%s%s</msub>" atom below, rest
            | None, Some above, rest -> sprintf "<msup>%s%s</msup>" atom above, rest
            | Some below, Some above, rest ->
                sprintf "<msubsup>%s%s%s</msubsup>" atom below above, rest

        and readRow tokens =
            match tokens with
            | []
            | "}" :: _ -> [], tokens
            | _ ->
                let first, rest = readScripted tokens
                let others, rest = readRow rest
                first :: others, rest

        match readRow tokens with
        | [], [] -> fail formula "nothing in it"
        | parts, [] -> row parts
        | _, _ -> fail formula "a '}' without its '{'"

    /// A formula within a line of text. Raises FormatException naming what it does not know.
    let ofTex (formula: string) : string =
        sprintf "<math>%s</math>" (content formula)

    /// A formula on a line of its own. Raises FormatException naming what it does not know.
    let display (formula: string) : string =
        sprintf "<math display=\"block\">%s</math>" (content formula)

    let private span =
        Regex(
            @"<span class=""math"">\s*(\\[(\[])(.*?)\\[)\]]\s*</span>"
            + @"|(\\\()(.*?)\\\)|(\\\[)(.*?)\\\]",
            RegexOptions.Singleline ||| RegexOptions.CultureInvariant
        )

    /// HTML with `\(…\)` and `\[…\]` made MathML; what stands between them may be escaped.
    let inHtml (html: string) : string =
        span.Replace(
            html,
            fun (m: Match) ->
                let opening, body =
                    [ 1; 3; 5 ]
                    |> List.pick (fun i ->
                        if m.Groups[i].Success then
                            Some(m.Groups[i].Value, m.Groups[i + 1].Value)
                        else
                            None)

                let formula =
                    Net.WebUtility.HtmlDecode body |> Option.ofObj |> Option.defaultValue ""

                if opening = "\\[" then display formula else ofTex formula
        )
