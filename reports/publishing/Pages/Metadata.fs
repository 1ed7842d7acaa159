namespace Repro.Reports

/// What the site says of itself to programs: schema.org terms as JSON-LD in the index, and an
/// RO-Crate beside it.
/// Source: RO-Crate 1.1, https://w3id.org/ro/crate/1.1.
[<RequireQualifiedAccess>]
module internal Metadata =
    let private reference (id: string) = Json.object' [ "@id", Json.text id ]

    let private license = "https://spdx.org/licenses/MIT"

    let private doi (paper: PaperSummary) =
        paper.Links
        |> List.tryFind (fun (name, _) -> name = "DOI")
        |> Option.orElse (List.tryHead paper.Links)
        |> Option.map snd
        |> Option.defaultValue ("#" + Html.slug paper.Name)

    let private article (paper: PaperSummary) =
        Json.object' [
            "@id", Json.text (doi paper)
            "@type", Json.text "ScholarlyArticle"
            "name", Json.text paper.Title
            "description", Json.text paper.Citation
        ]

    let private description =
        "Tables, figures and in-text results of two papers on training recurrent networks, "
        + "regenerated from nothing: published values, ours with intervals over seeds, verdicts."

    let private keywords =
        "recurrent neural networks, reproducibility, gradient clipping, vanishing gradients, "
        + "np-RNN"

    let private dataset (id: string) (site: SitePages) (parts: string list) extra =
        [
            "@id", Json.text id
            "@type", Json.text "Dataset"
            "name", Json.text site.Title
            "description", Json.text description
            "keywords", Json.text keywords
            "license", reference license
            match site.BuiltFrom with
            | None -> ()
            | Some built ->
                "datePublished", Json.text built.Date
                "version", Json.text built.Commit
            "isBasedOn", Json.list (site.Papers |> List.map (doi >> reference))
            "hasPart", Json.list (List.map reference parts)
        ]
        @ extra

    let private downloads = [
        "ledger.csv", "All values as CSV", "text/csv"
        "ledger.json", "All values as JSON", "application/json"
    ]

    /// schema.org's description of the site as a data set, for the index.
    let jsonLd (site: SitePages) : string =
        let download (file, name, format) =
            Json.object' [
                "@type", Json.text "DataDownload"
                "name", Json.text name
                "contentUrl", Json.text file
                "encodingFormat", Json.text format
            ]

        let values =
            [ "@context", Json.text "https://schema.org" ]
            @ dataset "./" site [] [ "distribution", Json.list (List.map download downloads) ]
            |> List.filter (fun (name, _) -> name <> "hasPart" && name <> "isBasedOn")

        Json.object' (values @ [ "isBasedOn", Json.list (site.Papers |> List.map article) ])
        |> Json.write

    let private fileWith extra (id: string) (name: string) (format: string) about =
        Json.object' [
            "@id", Json.text id
            "@type", Json.text "File"
            "name", Json.text name
            "encodingFormat", Json.text format
            match about with
            | Some paper -> "about", reference (doi paper)
            | None -> ()
            yield! extra
        ]

    let private file = fileWith []

    let private formatOf (name: string) =
        match System.IO.Path.GetExtension name with
        | ".json" -> "application/json"
        | ".csv" -> "text/csv"
        | _ -> "text/x-fsharp"

    /// The crate's `ro-crate-metadata.json`, one entity a line.
    let crate (site: SitePages) : string =
        let paperOf name =
            site.Papers |> List.tryFind (fun p -> p.Name = name)

        let files = [
            file "index.html" site.Title "text/html" None
            file "ledger/index.html" "The ledger" "text/html" None
            for page in site.Measurements do
                file (Html.slug page.Id + "/index.html") page.Title "text/html" None
            if site.Reference.IsSome then
                file "reference/index.html" "API reference" "text/html" None
            for path, name, format in downloads do
                file path name format None
            for item in site.Items do
                let about = paperOf item.Paper.Name
                let folder = Html.slug item.Id
                let name = sprintf "%s: %s" item.Paper.Shows item.Title

                let madeFrom =
                    item.Attached
                    |> List.map (fun (attached, _, _) -> reference (folder + "/" + attached))

                fileWith
                    (if madeFrom.IsEmpty then
                         []
                     else
                         [ "isBasedOn", Json.list madeFrom ])
                    (folder + "/index.html")
                    name
                    "text/html"
                    about

                if item.ValuesCsvHref <> "" then
                    file (folder + "/" + item.ValuesCsvHref) (name + ", values") "text/csv" about

                if not item.Runs.IsEmpty then
                    file (folder + "/runs.json") (name + ", runs") "application/json" about

                if Sections.haveOwnPage item.Runs then
                    file (folder + "/" + Sections.RunsFile) (name + ", runs") "text/html" about

                for attached, path, text in item.Attached do
                    fileWith
                        [ "sha256", Json.text (Digest.ofText text) ]
                        (folder + "/" + attached)
                        path
                        (formatOf attached)
                        about
        ]

        let ids =
            files
            |> List.choose (fun entity ->
                entity |> Option.ofObj |> Option.map (fun e -> string e["@id"]))

        let entities =
            [
                Json.object' [
                    "@id", Json.text "ro-crate-metadata.json"
                    "@type", Json.text "CreativeWork"
                    "conformsTo", reference "https://w3id.org/ro/crate/1.1"
                    "about", reference "./"
                ]
                Json.object' (dataset "./" site ids [])
                Json.object' [
                    "@id", Json.text license
                    "@type", Json.text "CreativeWork"
                    "name", Json.text "MIT License"
                ]
            ]
            @ List.map article site.Papers
            @ files

        sprintf
            "{\"@context\":\"https://w3id.org/ro/crate/1.1/context\",\n\"@graph\":[\n%s\n]}\n"
            (entities |> List.map Json.write |> String.concat ",\n")
