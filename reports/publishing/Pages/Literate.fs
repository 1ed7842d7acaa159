namespace Repro.Reports

open System
open System.Collections.Generic
open System.IO
open System.Reflection
open System.Runtime.Loader
open System.Text
open System.Text.RegularExpressions

/// The Markdown of FSharp.Formatting, loaded apart from everything else.
///
/// The assemblies come from the fsdocs tool and want a newer FSharp.Core than the one that an
/// older SDK's fsi has already loaded. A load context of their own gives them theirs, so the
/// same Repro.Publishing.dll works in a program and under `#r` in any allowed SDK.
[<RequireQualifiedAccess>]
module internal Markdown =
    let private folder =
        let here = typeof<Html.Marker>.Assembly.Location

        match Path.GetDirectoryName here with
        | null -> "formatting"
        | directory -> Path.Combine(directory, "formatting")

    let private convert =
        lazy
            (let path name = Path.Combine(folder, name + ".dll")

             if not (File.Exists(path "FSharp.Formatting.Markdown")) then
                 raise (
                     FileNotFoundException(
                         sprintf
                             "FSharp.Formatting.Markdown.dll is not in '%s'. Build the \
                              publishing project again: it copies that folder beside \
                              Repro.Publishing.dll."
                             folder
                     )
                 )

             let context = AssemblyLoadContext "FSharp.Formatting"

             context.add_Resolving (fun context name ->
                 match name.Name with
                 | null -> null
                 | simple when File.Exists(path simple) ->
                     context.LoadFromAssemblyPath(path simple)
                 | _ -> null)

             // Loaded first, or the context would share the host's older FSharp.Core.
             context.LoadFromAssemblyPath(path "FSharp.Core") |> ignore
             let assembly = context.LoadFromAssemblyPath(path "FSharp.Formatting.Markdown")

             let found =
                 match assembly.GetType "FSharp.Formatting.Markdown.Markdown" with
                 | null -> null
                 | markdown ->
                     markdown.GetMethods(BindingFlags.Public ||| BindingFlags.Static)
                     |> Array.tryFind (fun m ->
                         m.Name = "ToHtml"
                         && (Array.head (m.GetParameters())).ParameterType = typeof<string>)
                     |> Option.toObj

             match found with
             | null ->
                 raise (
                     MissingMethodException(
                         "FSharp.Formatting's Markdown.ToHtml(string, …) was not found: the \
                          version of fsdocs-tool in Repro.Reports.fsproj has another interface."
                     )
                 )
             | toHtml ->
                 let optional = Array.length (toHtml.GetParameters()) - 1

                 fun (text: string) ->
                     let arguments: objnull[] =
                         Array.append [| box text |] (Array.create optional null)

                     match toHtml.Invoke(null, arguments) with
                     | null -> ""
                     | html -> string html)

    /// A Markdown text as HTML.
    let toHtml (text: string) : string = convert.Value text

/// Literate scripts: prose in `(** … *)` comments is Markdown, the rest is code. A name in double
/// braces in the prose, `{{name}}`, becomes the value of that name; `(*** include-value: name ***)`
/// is a paragraph of its own.
[<RequireQualifiedAccess>]
module Literate =
    type private Part =
        | Prose of string
        | Code of string
        | Value of string

    /// The end of a comment that may hold others, as F# reads it.
    let private commentEnd (source: string) from =
        let mutable depth = 1
        let mutable i = from

        while depth > 0 && i < source.Length do
            let two = if i + 1 < source.Length then source.Substring(i, 2) else ""

            if two = "*)" then
                depth <- depth - 1
                i <- i + 2
            elif two = "(*" && not (i + 2 < source.Length && source[i + 2] = ')') then
                depth <- depth + 1
                i <- i + 2
            else
                i <- i + 1

        i

    /// A block between two lines of "---" at the start of a comment speaks to the site builder.
    let private withoutFrontMatter (text: string) =
        let lines = text.TrimStart().Split '\n'
        let isRule (line: string) = line.Trim() = "---"

        match lines |> Array.skip 1 |> Array.tryFindIndex isRule with
        | Some i when isRule lines[0] -> lines |> Array.skip (i + 2) |> String.concat "\n"
        | _ -> text

    let private includeValue = "include-value:"

    let private parts (source: string) =
        let found = List<Part>()
        let code = StringBuilder()
        let mutable hidden = false

        let flush () =
            if not hidden && code.ToString().Trim() <> "" then
                found.Add(Code(code.ToString()))

            code.Clear() |> ignore

        let mutable i = 0

        while i < source.Length do
            let lineStart = i = 0 || source[i - 1] = '\n'

            if lineStart && String.CompareOrdinal(source, i, "(**", 0, 3) = 0 then
                flush ()
                let stop = commentEnd source (i + 2)
                let text = source.Substring(i + 3, max 0 (stop - i - 5))

                // "(*** hide ***)" and its like are commands to the formatter, not prose.
                if text.StartsWith '*' then
                    let command = text.Trim('*', ' ')
                    hidden <- command = "hide"

                    if command.StartsWith(includeValue, StringComparison.Ordinal) then
                        found.Add(Value(command.Substring(includeValue.Length).Trim()))
                else
                    hidden <- false
                    found.Add(Prose(withoutFrontMatter text))

                i <- stop
            else
                let stop =
                    match source.IndexOf('\n', i) with
                    | -1 -> source.Length
                    | at -> at + 1

                code.Append(source, i, stop - i) |> ignore
                i <- stop

        flush ()
        List.ofSeq found

    /// Prose keeps its own indentation under the comment's mark: what all lines share goes.
    let private unindent (text: string) =
        let lines = text.Split '\n'

        let indents =
            lines
            |> Array.skip (min 1 lines.Length)
            |> Array.filter (fun l -> l.Trim() <> "")
            |> Array.map (fun l -> l.Length - l.TrimStart(' ').Length)

        let shared = if indents.Length = 0 then 0 else Array.min indents

        lines
        |> Array.mapi (fun i l ->
            if i = 0 then l.TrimStart()
            elif l.Trim() = "" then ""
            else l.Substring shared)
        |> String.concat "\n"

    let private heading = Regex(@"<(/?)h([1-6])(?=[ >])", RegexOptions.CultureInvariant)

    /// Headings two levels down, below those of the page; formulas as MathML.
    let private fitted (html: string) =
        let lower (m: Match) =
            sprintf "<%sh%d" m.Groups[1].Value (min 6 (int m.Groups[2].Value + 2))

        MathMl.inHtml (heading.Replace(html, MatchEvaluator lower))

    let private spliced = Regex(@"\{\{([^{}]+)\}\}", RegexOptions.CultureInvariant)

    // Characters of no text: Markdown leaves what stands between them alone.
    let private opening, closing = "\uE000", "\uE001"

    let private marked = Regex(opening + @"(\d+)" + closing)

    let private shown (value: string) =
        sprintf "<span class=\"spliced\">%s</span>" (Html.escape value)

    /// Prose as HTML, its values put in when Markdown is done: none can be taken for markup.
    let private prose (valueOf: string -> string) (text: string) =
        let values = List<string>()

        let mark (m: Match) =
            // A name may be broken at the end of a line.
            let name = String.Join(' ', m.Groups[1].Value.Split([||]: char[]))
            values.Add(valueOf (name.Trim()))
            opening + string (values.Count - 1) + closing

        let html =
            spliced.Replace(unindent text, MatchEvaluator mark) |> Markdown.toHtml |> fitted

        marked.Replace(html, fun m -> shown values[int m.Groups[1].Value]) + "\n"

    /// The script's text as an HTML fragment, with the value of each name that the prose takes.
    /// Nothing is evaluated or type-checked. A front matter block is left out, and so is code
    /// after `(*** hide ***)`. Whatever `valueOf` raises for an unknown name is passed on.
    let render (valueOf: string -> string) (source: string) : string =
        parts (source.Replace("\r\n", "\n").TrimStart '\uFEFF')
        |> List.map (fun part ->
            match part with
            | Prose text -> prose valueOf text
            | Value name -> sprintf "<p>%s</p>\n" (shown (valueOf name))
            | Code text -> Highlight.toHtml text)
        |> String.concat ""

    /// `render` of a file, read as UTF-8.
    let renderFile (valueOf: string -> string) (path: string) : string =
        if not (File.Exists path) then
            raise (
                FileNotFoundException(
                    sprintf
                        "The literate script '%s' does not exist. Give the path of an .fsx file."
                        path
                )
            )

        render valueOf (File.ReadAllText path)
