namespace Repro.Reports

open System.Text.RegularExpressions
open FSharp.Formatting.ApiDocs

/// Texts of comments as pieces of our pages.
[<RequireQualifiedAccess>]
module internal Comments =
    /// Ids that FSharp.Formatting gives to pieces of text recur within a page.
    let private ids =
        Regex(@"\s(?:id|class|onmouseout|onmouseover)=(""[^""]*""|'[^']*')")

    /// Headings inside comments would stand among those of the page.
    let private headings = Regex(@"<(/?)h[1-6](?=[ >])")

    let private links =
        Regex(@"<a\s[^>]*?href=""([^""]*)""[^>]*>(.*?)</a>", RegexOptions.Singleline)

    /// Links lead to pages of this reference and nowhere else: their files lie side by side.
    let private ours (m: Match) =
        let address, text = m.Groups[1].Value, m.Groups[2].Value
        let here = "../reference/"

        if address.StartsWith here then
            sprintf "<a href=\"%s\">%s</a>" (address.Substring here.Length) text
        else
            text

    let private tips = Regex(@"<div popover[^>]*>.*?</div>", RegexOptions.Singleline)
    let private code' = Regex(@"(<pre>.*?</pre>)", RegexOptions.Singleline)
    let private tags = Regex("<[^>]*>")
    let private breaks = Regex(@"\s*\n\s*")

    /// Code as it stands in the source, less the indentation that its lines share. It is C#, which
    /// FSharp.Formatting colours as F#: without colours.
    let private example (html: string) =
        let lines = tags.Replace(html, "").TrimEnd().Split '\n'
        let isBlank (line: string) = line.Trim() = ""

        let shared =
            match Array.filter (isBlank >> not) lines with
            | [||] -> 0
            | some -> some |> Seq.map (fun l -> l.Length - l.TrimStart().Length) |> Seq.min

        lines
        |> Array.map (fun l -> if isBlank l then "" else l.Substring shared)
        |> String.concat "\n"
        |> fun text -> "<pre tabindex=\"0\"><code>" + text.Trim '\n' + "</code></pre>"

    /// Text on one line, but for a source, which has one of its own.
    let private prose (html: string) =
        breaks.Replace(html, " ").Replace(" Source: ", "<br>Source: ")

    /// FSharp.Formatting hands on some signs of text as they are: what is no tag is text.
    let private strays =
        Regex(
            @"<(?!/?(?:a|b|i|p|em|strong|code|pre|span|ul|ol|li|br|div|table|thead|tbody|tr|td|th|"
            + @"h[1-6]|dl|dt|dd)(?:\s[^<>]*)?/?>)"
        )

    let tidy (html: string) =
        let html = strays.Replace(html, "&lt;")
        let html = links.Replace(tips.Replace(html, ""), ours)
        let html = headings.Replace(html, fun m -> "<" + m.Groups[1].Value + "p")
        // A split by a group in parentheses keeps what it splits by: every second piece is code.
        code'.Split(ids.Replace(html, "").Replace("<code lang=\"fsharp\">", "<code>"))
        |> Array.mapi (fun i part -> if i % 2 = 1 then example part else prose part)
        |> String.concat ""
        |> fun text -> text.Trim()

    let textOf (html: ApiDocHtml) = tidy html.HtmlText

    let private optional (html: ApiDocHtml option) =
        html |> Option.map textOf |> Option.defaultValue ""

    let private noteOf (name: string) (text: ApiDocHtml) : ApiNote option =
        match textOf text with
        | "" -> None
        | text -> Some { Name = name; Text = text }

    let private code (name: string) =
        sprintf "<code>%s</code>" (System.Net.WebUtility.HtmlEncode name)

    /// An exception with a link where it is one of ours.
    let private raised (name: string, link: string option, text: ApiDocHtml) : ApiNote =
        let shown =
            match link with
            | Some href -> tidy (sprintf "<a href=\"%s\">%s</a>" href (code name))
            | None -> code name

        { Name = shown; Text = textOf text }

    /// A comment without parameters and result.
    let ofComment (comment: ApiDocComment) : ApiComment = {
        Summary = textOf comment.Summary
        Remarks = optional comment.Remarks
        Examples = comment.Examples |> List.map textOf |> List.filter ((<>) "")
        Exceptions = List.map raised comment.Exceptions
        TypeParameters = []
        Parameters = []
        Returns = ""
    }

    /// A member's comment.
    let ofMember (m: ApiDocMember) : ApiComment = {
        ofComment m.Comment with
            Parameters =
                m.Parameters
                |> List.choose (fun p ->
                    p.ParameterDocs
                    |> Option.bind (noteOf (code (p.ParameterNameText.TrimStart '?'))))
            Returns = optional m.ReturnInfo.ReturnDocs
    }
