namespace Repro.Reports

open System
open System.Collections.Generic
open System.Text.RegularExpressions

/// The pages of the API reference: one a type, and one that lists them all.
[<RequireQualifiedAccess>]
module internal ApiHtml =
    let private e = Html.escape

    /// The folder of the pages.
    [<Literal>]
    let Folder = "reference"

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
            sprintf "<div class=\"api-part\"><p class=\"api-label\">%s</p>\n%s</div>\n" label html

    let private notes (label: string) (all: ApiNote list) =
        all
        |> List.map (fun note -> sprintf "<dt>%s</dt>\n<dd>%s</dd>\n" note.Name note.Text)
        |> String.concat ""
        |> fun list -> if list = "" then "" else sprintf "<dl>\n%s</dl>\n" list
        |> labelled label

    let private blocks label texts =
        texts |> List.map block |> String.concat "" |> labelled label

    let private comment (c: ApiComment) =
        block c.Summary
        + notes "Type parameters" c.TypeParameters
        + notes "Parameters" c.Parameters
        + blocks "Returns" [ c.Returns ]
        + notes "Exceptions" c.Exceptions
        + blocks "Remarks" [ c.Remarks ]
        + blocks "Example" c.Examples

    /// The ids of a page's members, in their order: one for each overload.
    let private idsOf (t: ApiType) =
        let used = HashSet<string>()

        for id in [ "content"; "top" ] @ (t.Groups |> List.map (_.Title >> Html.slug)) do
            used.Add id |> ignore

        let rec fresh (name: string) n =
            let id = if n = 1 then name else sprintf "%s-%d" name n
            if used.Add id then id else fresh name (n + 1)

        t.Groups
        |> List.map (fun g -> g.Members |> List.map (fun m -> fresh (Html.slug m.Name) 1))

    let private memberOf (id: string) (m: ApiMember) =
        sprintf
            "<div class=\"api-member\" id=\"%s\">\n<p class=\"api-signature\"><code>%s</code> \
             <a class=\"permalink\" href=\"#%s\" aria-label=\"Link to %s\">#</a></p>\n%s</div>\n"
            id
            m.Signature
            id
            (e (id.Replace('-', ' ')))
            (comment m.Comment)

    let private links =
        Regex("<a href=\"([^\"#]*)(#[^\"]*)?\">(.*?)</a>", RegexOptions.Singleline)

    /// Links of comments: to a page of this reference, to a member where its name is its id, or
    /// none at all.
    let private linked (files: IReadOnlyDictionary<string, string list>) (html: string) =
        links.Replace(
            html,
            fun m ->
                let file, text = m.Groups[1].Value, m.Groups[3].Value

                match files.TryGetValue file with
                | true, ids ->
                    let id = Html.slug m.Groups[2].Value

                    if List.contains id ids then
                        sprintf "<a href=\"%s#%s\">%s</a>" file id text
                    else
                        sprintf "<a href=\"%s\">%s</a>" file text
                | _ -> text
        )

    /// The page of a type.
    let private typePage (place: Shell.Place) files (t: ApiType) : string =
        let groups =
            List.zip t.Groups (idsOf t)
            |> List.map (fun (g, ids) ->
                List.map2 memberOf ids g.Members
                |> String.concat ""
                |> linked files
                |> Sections.section (Html.slug g.Title) g.Title)

        let contents =
            if t.Groups.Length < 2 then
                ""
            else
                t.Groups |> List.map (fun g -> Html.slug g.Title, g.Title) |> Sections.contents

        let bases =
            match t.Bases with
            | [] -> ""
            | all ->
                all
                |> List.map (fun b -> "<code>" + linked files b + "</code>")
                |> String.concat ", "
                |> (+) " · of "

        let body =
            [
                sprintf "<h1>%s</h1>\n" (e t.Name)
                sprintf
                    "<p class=\"meta\"><a href=\"index.html\">API reference</a> · %s in \
                     <code>%s</code>%s</p>\n"
                    t.Kind
                    (e t.Namespace)
                    bases
                linked files (comment t.Comment)
                contents
                String.concat "" groups
            ]
            |> String.concat ""

        Shell.page
            place
            ""
            (t.Name + " – API reference")
            (sprintf "%s.%s: its members and comments." t.Namespace t.Name)
            ""
            body
            ""

    let private sentence = Regex(@"^.*?\.(?=\s|$)", RegexOptions.Singleline)

    /// What stands before a list or a line of its own.
    let private head = Regex(@"^.*?(?=<(?:br|ul|ol)\b|$)", RegexOptions.Singleline)

    /// The first sentence of a text, without markup, lists and sources.
    let internal first (html: string) =
        let text =
            Regex.Replace(Regex.Replace((head.Match html).Value, "<[^>]*>", ""), @"\s+", " ")

        let text = text.Trim()

        match sentence.Match text with
        | m when m.Success -> m.Value
        | _ when text.EndsWith ':' -> text.TrimEnd ':' + "."
        | _ -> text

    /// A name that may be broken after its dots.
    let private breakable (name: string) = (e name).Replace(".", ".<wbr>")

    /// The page that lists all types. With JavaScript it is searched and sorted.
    let private index (place: Shell.Place) (reference: ApiReference) : string =
        let row (t: ApiType) =
            sprintf
                "<tr><td><a href=\"%s\">%s</a><td>%s<td>%s<td>%s\n"
                (e t.File)
                (e t.Name)
                (first t.Comment.Summary)
                t.Kind
                (breakable t.Namespace)

        let body =
            sprintf
                "<h1>API reference</h1>\n<p class=\"lead\">The %d public types of \
                 <code>%s</code>, the library that trains every network of this site.</p>\n\
                 <p>Signatures are written as C# declares them.</p>\n\
                 <div data-filter=\"rows\" data-noun=\"types\">\n\
                 <div class=\"scroll wide\" role=\"region\" aria-label=\"All types, table\" \
                 tabindex=\"0\">\n<table class=\"cards api-list\">\n<thead><tr>\
                 <th scope=\"col\">Type</th><th scope=\"col\">What it is</th>\
                 <th scope=\"col\">Kind</th><th scope=\"col\">Namespace</th></tr></thead>\n\
                 <tbody>\n%s</tbody>\n</table>\n</div>\n</div>\n"
                reference.Types.Length
                (e reference.Assembly)
                (reference.Types |> List.map row |> String.concat "")

        Shell.page
            place
            "API"
            "API reference"
            (sprintf "The public types of %s with their comments." reference.Assembly)
            ""
            body
            (Shell.listScript place)

    /// The pages by the names of their files.
    let pages (place: Shell.Place) (reference: ApiReference) : (string * string) list =
        let files = Dictionary<string, string list>(StringComparer.Ordinal)

        for t in reference.Types do
            files[t.File] <- List.concat (idsOf t)

        ("index.html", index place reference)
        :: [ for t in reference.Types -> t.File, typePage place files t ]
