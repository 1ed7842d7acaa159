namespace Repro.Reports

open System
open System.Text

/// F# source coloured by its words alone: no compiler, so it is quick and needs no build.
[<RequireQualifiedAccess>]
module internal Highlight =
    let private keywords =
        "abstract and as assert base begin class default delegate do done downcast downto elif \
         else end exception extern false finally fixed for fun function global if in inherit \
         inline interface internal lazy let match member module mutable namespace new not null \
         of open or override private public rec return select static struct then to true try \
         type upcast use val void when while with yield let! use! do! return! yield! match!"
            .Split([| ' ' |], StringSplitOptions.RemoveEmptyEntries)
        |> Set.ofArray

    let private startsAt (text: string) i (what: string) =
        String.CompareOrdinal(text, i, what, 0, what.Length) = 0

    let private until (text: string) from (stop: string) =
        match text.IndexOf(stop, min from text.Length, StringComparison.Ordinal) with
        | -1 -> text.Length
        | i -> i + stop.Length

    let private lineEnd (text: string) (from: int) =
        match text.IndexOf('\n', from) with
        | -1 -> text.Length
        | i -> i

    let private stringEnd (text: string) from =
        let mutable i = from
        let mutable closed = false

        while not closed && i < text.Length do
            if text[i] = '\\' then
                i <- i + 2
            else
                closed <- text[i] = '"'
                i <- i + 1

        min i text.Length

    let private while' (text: string) from test =
        let mutable i = from

        while i < text.Length && test text[i] do
            i <- i + 1

        i

    let private isWord c =
        Char.IsLetterOrDigit c || c = '_' || c = '\''

    /// The end and the CSS class of the token that starts at `i`; an empty class is plain.
    let private token (text: string) i =
        let c = text[i]
        let lineStart = i = 0 || text[i - 1] = '\n'

        if startsAt text i "\"\"\"" then
            until text (i + 3) "\"\"\"", "s"
        elif startsAt text i "$\"\"\"" then
            until text (i + 4) "\"\"\"", "s"
        elif startsAt text i "@\"" then
            until text (i + 2) "\"", "s"
        elif startsAt text i "$\"" then
            stringEnd text (i + 2), "s"
        elif c = '"' then
            stringEnd text (i + 1), "s"
        elif startsAt text i "//" then
            lineEnd text i, "c"
        elif startsAt text i "(*" && not (startsAt text i "(*)") then
            until text (i + 2) "*)", "c"
        elif startsAt text i "``" then
            until text (i + 2) "``", ""
        elif c = '#' && lineStart then
            while' text (i + 1) Char.IsLetter, "p"
        elif c = '\'' && i + 2 < text.Length && text[i + 2] = '\'' then
            i + 3, "s"
        elif
            c = '\''
            && startsAt text (i + 1) "\\"
            && i + 3 < text.Length
            && text[i + 3] = '\''
        then
            i + 4, "s"
        elif Char.IsDigit c then
            while' text i (fun d -> Char.IsLetterOrDigit d || d = '.' || d = '_'), "n"
        elif Char.IsLetter c || c = '_' then
            let stop = while' text i isWord
            let banged = stop < text.Length && text[stop] = '!'
            let word = text.Substring(i, stop - i)

            if banged && keywords.Contains(word + "!") then
                stop + 1, "k"
            elif keywords.Contains word then
                stop, "k"
            elif Char.IsUpper c then
                stop, "t"
            else
                stop, ""
        elif "|>=<-:.&+*/^%!?@".Contains c then
            while' text i (fun o -> "|>=<-:.&+*^%!?@".Contains o) |> max (i + 1), "o"
        else
            i + 1, ""

    /// The code as a pre element with a span for each coloured token.
    let toHtml (code: string) : string =
        let text = code.Replace("\r\n", "\n").Trim '\n'
        let sb = StringBuilder("<pre class=\"fs\" tabindex=\"0\"><code>")
        let mutable i = 0

        while i < text.Length do
            let stop, kind = token text i
            let part = Html.escape (text.Substring(i, stop - i))

            if kind = "" then
                sb.Append part |> ignore
            else
                sb
                    .Append("<span class=\"")
                    .Append(kind)
                    .Append("\">")
                    .Append(part)
                    .Append("</span>")
                |> ignore

            i <- stop

        sb.Append("</code></pre>\n").ToString()
