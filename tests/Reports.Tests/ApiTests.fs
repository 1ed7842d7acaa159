namespace Repro.Reports.Tests

open System
open System.IO
open System.Net
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq
open NUnit.Framework
open Repro.Engine.Training
open Repro.Reports
open Repro.Reports.Items

/// The reference of the engine's types, as the build beside these tests left it.
[<TestFixture>]
module ApiTests =
    let private engine = typeof<Trainer>.Assembly

    /// Not a type that the compiler made for itself.
    let private isNamed (t: Type) = not (t.Name.StartsWith '<')

    let private reference () =
        match Reference.ofEngine () with
        | Some reference -> reference
        | None -> failwith "api.json is not beside the assemblies: reports/api was not built."

    let private site () = {
        Samples.site [
            {
                Samples.page "talathi-fig3" "quick" with
                    ValuesCsvHref = ""
            }
        ] with
            Measurements = [
                {
                    Samples.measurements with
                        Id = "trust"
                }
            ]
            Reference = Some(reference ())
    }

    let private written (test: string -> unit) =
        Samples.inFolder (fun folder ->
            File.WriteAllText(Path.Combine(folder, "ledger.csv"), "item")
            Site.write folder (site ()) |> ignore
            test folder)

    let private pagesOf folder =
        Directory.GetFiles(Path.Combine(folder, "reference"), "*.html")

    /// A page's text without its markup, on one line.
    let private bare (html: string) =
        Regex.Replace(WebUtility.HtmlDecode(Regex.Replace(html, "<[^>]+>", " ")), @"\s+", " ")

    /// Letters and digits alone: markup may put spaces where a comment has none.
    let private letters (text: string) =
        Regex.Replace(text, @"[^\p{L}\p{N}]", "")

    [<Test>]
    let ``The list of types has each one's first sentence, without its list or source`` () =
        let list =
            "It does, in turn: <ul><li>one thing;</li><li>another.</li></ul> It is safe."

        Assert.That(ApiHtml.first list, Is.EqualTo "It does, in turn.")

        Assert.That(
            ApiHtml.first "It reads <em>files</em>.<br>Source: Y.",
            Is.EqualTo "It reads files."
        )

        Assert.That(ApiHtml.first "A name", Is.EqualTo "A name")

    let private comments () =
        let document = XDocument.Load(Path.ChangeExtension(engine.Location, ".xml"))
        document.Descendants(XName.Get "member")

    let private typeOfName (name: string) =
        engine.GetType(name, false) |> Option.ofObj |> Option.filter _.IsVisible

    /// The public type that a comment speaks of or of a member of; None for one that is not public.
    let private spokenOf (id: string) =
        let all =
            BindingFlags.Instance
            ||| BindingFlags.Static
            ||| BindingFlags.Public
            ||| BindingFlags.NonPublic
            ||| BindingFlags.DeclaredOnly

        if id.StartsWith "T:" then
            typeOfName (id.Substring 2)
        else
            let head = (id.Substring 2).Split('(')[0]
            let dot = head.LastIndexOf '.'
            let name = (head.Substring(dot + 1)).Split('`')[0]

            typeOfName (head.Substring(0, dot))
            |> Option.filter (fun t ->
                let members = t.GetMember(name.Replace('#', '.'), all)

                members.Length > 0
                && members
                   |> Array.forall (function
                       | :? MethodBase as m -> m.IsPublic
                       | :? PropertyInfo as p ->
                           match p.GetMethod with
                           | null -> false
                           | get -> get.IsPublic
                       | :? FieldInfo as f -> f.IsPublic
                       | _ -> false))

    [<Test>]
    let ``Every public type has a page of its own and a row in the list`` () =
        let named =
            (reference ()).Types
            |> List.map (fun t -> t.Namespace + "." + t.Name.Split('<')[0])
            |> List.distinct
            |> List.sort

        let exported =
            engine.GetExportedTypes()
            |> Array.filter isNamed
            |> Array.map (fun t -> string t.Namespace + "." + t.Name.Split('`')[0])
            |> Array.distinct
            |> Array.sort

        Samples.same (List.ofArray exported) named
        let files = (reference ()).Types |> List.map _.File
        Assert.That(files, Is.Unique)

        written (fun folder ->
            let list = File.ReadAllText(Path.Combine(folder, "reference", "index.html"))

            for t in (reference ()).Types do
                Assert.That(list, Does.Contain(sprintf "<a href=\"%s\">" t.File))
                let page = File.ReadAllText(Path.Combine(folder, "reference", t.File))
                Assert.That(page, Does.Contain(sprintf "<h1>%s</h1>" (Html.escape t.Name))))

    [<Test>]
    let ``Every public method, property and constant of a type is a member on its page`` () =
        let ofOne =
            BindingFlags.Instance
            ||| BindingFlags.Static
            ||| BindingFlags.Public
            ||| BindingFlags.DeclaredOnly

        // What the compiler writes into records.
        let isWritten (m: MemberInfo) =
            m.IsDefined(typeof<Runtime.CompilerServices.CompilerGeneratedAttribute>, false)
            || List.contains m.Name [ "Equals"; "GetHashCode"; "ToString"; "value__" ]

        let pages =
            (reference ()).Types
            |> List.map (fun t -> t.Namespace + "." + t.Name.Split('<')[0], t)

        let missing = [
            for t in engine.GetExportedTypes() |> Array.filter isNamed do
                if not (typeof<Delegate>.IsAssignableFrom t) then
                    let name = string t.Namespace + "." + t.Name.Split('`')[0]

                    let shown =
                        pages
                        |> List.filter (fun (other, _) -> other = name)
                        |> List.collect (fun (_, page) -> page.Groups)
                        |> List.collect (fun g -> g.Members |> List.map _.Name)

                    for m in t.GetMembers ofOne do
                        match m with
                        | :? MethodInfo as f when f.IsSpecialName -> ()
                        | :? ConstructorInfo
                        | :? Type -> ()
                        | m when isWritten m || List.contains m.Name shown -> ()
                        | m -> t.Name + "." + m.Name
        ]

        Assert.That(missing, Is.Empty)

    [<Test>]
    let ``Every summary and every source of a public type or member stands on a page`` () =
        written (fun folder ->
            let text =
                pagesOf folder
                |> Array.map (File.ReadAllText >> bare >> letters)
                |> String.concat " "

            let mutable sources = 0

            let missing = [
                for comment in comments () do
                    let id = comment.Attribute(XName.Get "name").Value

                    match comment.Element(XName.Get "summary"), spokenOf id with
                    | null, _
                    | _, None -> ()
                    // An element inside stands for words that only the page has.
                    | summary, Some _ when not summary.HasElements ->
                        if summary.Value.Contains "Source:" then
                            sources <- sources + 1

                        if not (text.Contains(letters summary.Value)) then
                            id
                    | _ -> ()
            ]

            Assert.That(missing, Is.Empty)
            Assert.That(sources, Is.GreaterThan 30))

    [<Test>]
    let ``A member that inherits its comment shows the words that it inherits`` () =
        let types = (reference ()).Types

        let summaryOf (t: ApiType) name = [
            for g in t.Groups do
                for m in g.Members do
                    if m.Name = name then
                        m.Comment.Summary
        ]

        let find name =
            types |> List.find (fun t -> t.Name = name)

        let steps = summaryOf (find "SequenceTask") "Steps"
        Assert.That(steps, Has.Exactly(1).Not.Empty)
        Samples.same steps (summaryOf (find "ArrayTask") "Steps")

    [<Test>]
    let ``Signatures are those of C#, with defaults, nulls and types of optional parameters`` () =
        let types = (reference ()).Types

        let signatures = [
            for g in (types |> List.find (fun t -> t.Name = "DataStore")).Groups do
                for m in g.Members -> bare m.Signature
        ]

        Assert.That(
            signatures,
            Does.Contain
                "string Require( DataFile file, IProgress< DownloadProgress >? progress = null, \
                 CancellationToken cancel = default)"
        )

        for t in types do
            for g in t.Groups do
                for m in g.Members do
                    Assert.That(m.Signature, Does.Not.Contain "float32")
                    Assert.That(m.Signature, Does.Not.Contain "``")

    [<Test>]
    let ``Every link of the reference leads to a page, and to a place on it`` () =
        written (fun folder ->
            let home = Path.Combine(folder, "reference")

            for path in pagesOf folder do
                let page = File.ReadAllText path

                for m in Regex.Matches(page, "href=\"([^\"]*)\"") do
                    let address = m.Groups[1].Value.Split '#'

                    if not (address[0].StartsWith "data:" || address[0].StartsWith "https:") then
                        let target =
                            if address[0] = "" then
                                path
                            else
                                Path.GetFullPath(Path.Combine(home, address[0]))

                        Assert.That(File.Exists target, $"{path}: {m.Value}")

                        if address.Length > 1 then
                            let id = sprintf "id=\"%s\"" address[1]
                            Assert.That(File.ReadAllText target, Does.Contain id, path)

                let ids = [ for m in Regex.Matches(page, " id=\"([^\"]*)\"") -> m.Groups[1].Value ]
                Assert.That(ids, Is.Unique, path))

    [<Test>]
    let ``The reference is small, the same again, and keeps no page of a type that is gone`` () =
        written (fun folder ->
            let read () =
                Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories)
                |> Array.sort
                |> Array.map (fun path -> path, File.ReadAllText path)
                |> List.ofArray

            let sizes = pagesOf folder |> Array.map (fun path -> FileInfo(path).Length)
            Assert.That(Array.max sizes, Is.LessThanOrEqualTo 300_000L)
            Assert.That(Array.sum sizes, Is.LessThanOrEqualTo 3_000_000L)
            let before = read ()
            File.WriteAllText(Path.Combine(folder, "reference", "gone.html"), "A type no more.")
            Assert.That(Site.write folder (site ()), Is.Empty)
            Samples.same before (read ()))

    [<Test>]
    let ``Every page of a site with a reference links it, and none of a site without`` () =
        let header (path: string) =
            let page = File.ReadAllText path
            page.Substring(0, page.IndexOf "</header>")

        written (fun folder ->
            for path in Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories) do
                Assert.That(header path, Does.Contain "reference/index.html\"", path)

            let index = File.ReadAllText(Path.Combine(folder, "index.html"))
            Assert.That(index, Does.Contain "an API reference</a>"))

        Samples.inFolder (fun folder ->
            Site.write folder { site () with Reference = None } |> ignore
            Assert.That(header (Path.Combine(folder, "index.html")), Does.Not.Contain "reference/"))

    [<Test>]
    let ``A file that is no list of types is named with what to do`` () =
        Samples.inFolder (fun folder ->
            let path = Path.Combine(folder, "api.json")
            File.WriteAllText(path, "{\"Assembly\":")
            Samples.refuses "Build reports/api again" (fun () -> box (ApiReference.read path)))
