namespace Repro.Reports

open System
open System.Text.RegularExpressions
open FSharp.Formatting.ApiDocs

/// The pages of the API reference: one a type, and one that lists them all. FSharp.Formatting
/// reads the types; its own template repeats the whole menu on each page, so pages are ours.
[<RequireQualifiedAccess>]
module internal ApiHtml =
    let private e = Html.escape

    /// The file of a type's page.
    let fileOf (entity: ApiDocEntity) = entity.UrlBaseName + ".html"

    /// Ids that FSharp.Formatting gives to pieces of text recur within a page.
    let private ids = Regex(@"\s(?:id|onmouseout|onmouseover)=(""[^""]*""|'[^']*')")

    /// Headings inside comments would stand among those of the page.
    let private headings = Regex(@"<(/?)h[1-6](?=[ >])")

    let private tidy (html: string) =
        headings.Replace(ids.Replace(html, ""), fun m -> "<" + m.Groups[1].Value + "p").Trim()

    let private textOf (html: ApiDocHtml) = tidy html.HtmlText

    /// A comment's text in a block of its own: its paragraphs may be bare.
    let private block (html: string) =
        if html = "" then
            ""
        elif Regex.IsMatch(html, "^<(p|ul|ol|pre|table|div)[ >]") then
            html + "\n"
        else
            sprintf "<p>%s</p>\n" html

    let private labelled (label: string) (html: string) =
        if html = "" then
            ""
        else
            sprintf "<div class=\"api-part\"><h4>%s</h4>\n%s</div>\n" label html

    let private remarks (comment: ApiDocComment) =
        comment.Remarks
        |> Option.map (textOf >> block)
        |> Option.defaultValue ""
        |> labelled "Remarks"

    let private examples (comment: ApiDocComment) =
        comment.Examples
        |> List.map (textOf >> block)
        |> String.concat ""
        |> labelled "Example"

    let private exceptions (comment: ApiDocComment) =
        comment.Exceptions
        |> List.map (fun (name, link, text) ->
            let shown =
                match link with
                | Some href when href <> "" ->
                    sprintf "<a href=\"%s\"><code>%s</code></a>" (e href) (e name)
                | _ -> sprintf "<code>%s</code>" (e name)

            sprintf "<dt>%s</dt>\n<dd>%s</dd>\n" shown (textOf text))
        |> String.concat ""
        |> fun list -> if list = "" then "" else sprintf "<dl>\n%s</dl>\n" list
        |> labelled "Exceptions"

    let private summary (comment: ApiDocComment) = textOf comment.Summary

    let private parameters (m: ApiDocMember) =
        [
            for p in m.Parameters do
                match p.ParameterDocs with
                | Some docs when textOf docs <> "" ->
                    sprintf
                        "<dt><code>%s</code></dt>\n<dd>%s</dd>\n"
                        (e p.ParameterNameText)
                        (textOf docs)
                | _ -> ()
        ]
        |> String.concat ""
        |> fun list -> if list = "" then "" else sprintf "<dl>\n%s</dl>\n" list
        |> labelled "Parameters"

    let private returns (m: ApiDocMember) =
        m.ReturnInfo.ReturnDocs
        |> Option.map (textOf >> block)
        |> Option.defaultValue ""
        |> labelled "Returns"

    /// Name, parameters and type, as F# writes them.
    let private signature (m: ApiDocMember) =
        let parameters =
            m.Parameters
            |> List.map (fun p -> sprintf "%s: %s" (e p.ParameterNameText) (textOf p.ParameterType))
            |> String.concat ", "

        // A property has no parentheses, and the usage that FSharp.Formatting writes says so.
        let isCall = m.UsageHtml.HtmlText.Contains '('

        let arguments =
            if parameters = "" && not isCall then
                ""
            else
                sprintf "(%s)" parameters

        let result =
            match m.ReturnInfo.ReturnType with
            | Some(_, html) -> ": " + textOf html
            | None -> ""

        sprintf "<code>%s%s%s</code>" (e m.Name) arguments result

    let private member' (used: Collections.Generic.HashSet<string>) (m: ApiDocMember) =
        let rec fresh (name: string) n =
            let id = if n = 1 then name else sprintf "%s-%d" name n
            if used.Add id then id else fresh name (n + 1)

        let id = fresh (Html.slug m.Name) 1

        sprintf
            "<div class=\"api-member\" id=\"%s\">\n<p class=\"api-signature\">%s \
             <a class=\"permalink\" href=\"#%s\" aria-label=\"Link to %s\">#</a></p>\n%s</div>\n"
            id
            (signature m)
            id
            (e m.Name)
            (block (summary m.Comment)
             + parameters m
             + returns m
             + exceptions m.Comment
             + remarks m.Comment
             + examples m.Comment)

    let private group used (id: string) (title: string) (members: ApiDocMember list) =
        members
        |> List.filter (fun m -> not m.Exclude)
        |> List.map (member' used)
        |> String.concat ""
        |> Sections.section id title

    /// The page of a type.
    let entity (place: Shell.Place) (space: string) (entity: ApiDocEntity) : string =
        let used = Collections.Generic.HashSet<string>()

        for id in [ "content"; "constructors"; "values"; "properties"; "static" ] do
            used.Add id |> ignore

        let comment = entity.Comment

        let bases = [
            match entity.BaseType with
            | Some(_, html) when not (html.HtmlText.Contains "obj") ->
                "Base: <code>" + textOf html + "</code>"
            | _ -> ()
            match entity.AllInterfaces with
            | [] -> ()
            | all ->
                "implements "
                + (all
                   |> List.map (fun (_, html) -> "<code>" + textOf html + "</code>")
                   |> String.concat ", ")
        ]

        let body =
            [
                sprintf "<h1>%s</h1>\n" (e entity.Name)
                sprintf
                    "<p class=\"meta\"><a href=\"index.html\">API reference</a> · \
                     <code>%s</code>%s</p>\n"
                    (e space)
                    (bases |> List.map (fun b -> " · " + b) |> String.concat "")
                block (summary comment)
                remarks comment
                examples comment
                group used "constructors" "Constructors" entity.Constructors
                group
                    used
                    "values"
                    "Values"
                    (entity.UnionCases @ entity.RecordFields @ entity.ValuesAndFuncs)
                group used "properties" "Members" entity.InstanceMembers
                group used "static" "Static members" entity.StaticMembers
            ]
            |> String.concat ""

        let title = entity.Name + " – API reference"
        Shell.page place "" title (space + "." + entity.Name) "" body ""

    let private first (html: string) =
        let text = Regex.Replace(html, "<[^>]*>", "").Trim()
        let text = Regex.Replace(text, @"\s+", " ")

        match Regex.Match(text, @"^.*?[.:](?=\s|$)") with
        | m when m.Success -> m.Value.TrimEnd(':', '.') + "."
        | _ -> text

    /// The page that lists all types, with a search that works without a network.
    let index (place: Shell.Place) (spaces: (string * ApiDocEntity list) list) : string =
        let row (space: string) (entity: ApiDocEntity) =
            sprintf
                "<tr><td><a href=\"%s\">%s</a><td>%s<td>%s\n"
                (e (fileOf entity))
                (e entity.Name)
                (first (summary entity.Comment))
                (e space)

        let rows =
            spaces
            |> List.collect (fun (space, all) -> all |> List.map (row space))
            |> String.concat ""

        let count = spaces |> List.sumBy (fun (_, all) -> all.Length)

        let body =
            sprintf
                "<h1>API reference</h1>\n<p class=\"lead\">The %d public types of the engine, the \
                 library that trains every network of this site.</p>\n\
                 <p>Signatures are written as F# writes them: <code>float32</code> is C#'s \
                 <code>float</code>, <code>float</code> its <code>double</code>.</p>\n\
                 <div data-filter=\"rows\" data-noun=\"types\">\n\
                 <div class=\"scroll\" role=\"region\" aria-label=\"All types, table\" \
                 tabindex=\"0\">\n<table class=\"cards api-list\">\n<thead><tr>\
                 <th scope=\"col\">Type</th><th scope=\"col\">What it is</th>\
                 <th scope=\"col\">Namespace</th></tr></thead>\n<tbody>\n%s</tbody>\n</table>\n\
                 </div>\n</div>\n"
                count
                rows

        Shell.page
            place
            "API"
            "API reference"
            "The public types of the engine with their comments and examples."
            ""
            body
            (Shell.listScript place)
