namespace Repro.Reports.Tests

open System.IO
open System.Text
open System.Text.Json
open System.Text.RegularExpressions
open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module LedgerPageTests =
    let private written (site: SitePages) (test: string -> unit) =
        Samples.inFolder (fun folder ->
            Site.write folder site |> ignore
            test folder)

    let private ids (html: string) = [
        for m in Regex.Matches(html, "<tr id=\"([^\"]+)\"") -> m.Groups[1].Value
    ]

    [<Test>]
    let ``Each value has a place of its own that its numbers do not change`` () =
        let anchors = Samples.rows |> List.map LedgerRow.anchor
        Assert.That(anchors, Is.Unique)

        let changed =
            Samples.rows
            |> List.map (fun r -> {
                r with
                    Ours = r.Ours + 1.0
                    N = r.N + 1
                    Verdict = Some Badge.NotReproduced
            })

        Samples.same anchors (changed |> List.map LedgerRow.anchor)
        // Recorded once and for all: links to rows are given to others.
        Assert.That(anchors.Head, Is.EqualTo "v6e53d8cfa")

    [<Test>]
    let ``IRNN and iRNN are two series`` () =
        let anchor name =
            LedgerRow.anchor (Samples.row name "150" "1" 1.0 3 None)

        Assert.That(anchor "IRNN", Is.Not.EqualTo(anchor "iRNN"))

    [<Test>]
    let ``Numbers have as many digits as their interval warrants, a true minus and no e`` () =
        let row ours low high = {
            Samples.row "IRNN" "150" "" ours 3 None with
                Unit = "nats"
                Low = low
                High = high
        }

        let number ours low high =
            let r = row ours low high
            LedgerRow.number r ours

        Assert.That(number 0.412345 0.3 0.5, Is.EqualTo "0.41")
        Assert.That(number 7.654321 7.6 7.7, Is.EqualTo "7.654")
        Assert.That(number -1.5 nan nan, Is.EqualTo "−1.5")
        Assert.That(number 2.2204e-16 nan nan, Is.EqualTo "2.2204 × 10⁻¹⁶")
        Assert.That(number nan nan nan, Is.EqualTo "–")
        let count = Samples.row "IRNN" "150" "12345" 9117.4 3 None
        Assert.That(LedgerRow.number count 9117.4, Is.EqualTo "9,117")
        Assert.That(LedgerRow.published count, Is.EqualTo "12,345")
        Assert.That(LedgerRow.interval count, Is.EqualTo "8,617 to 9,617")

    [<Test>]
    let ``Page and JSON have the same rows, the JSON with numbers and nulls`` () =
        written (Samples.site [ Samples.page "talathi-fig3" "paper" ]) (fun folder ->
            let html = File.ReadAllText(Path.Combine(folder, "ledger", "index.html"))
            let text = File.ReadAllText(Path.Combine(folder, "ledger.json"))
            use json = JsonDocument.Parse text
            let rows = List.ofSeq (json.RootElement.EnumerateArray())
            let given (name: string) (row: JsonElement) = row.GetProperty name

            Samples.same
                (ids html)
                (rows |> List.map (fun r -> string ((given "id" r).GetString())))

            Assert.That((given "published" rows.Head).GetDouble(), Is.EqualTo 8578.0)
            Assert.That((given "ours" rows.Head).GetDouble(), Is.EqualTo 9117.0)
            Assert.That((given "unit" rows.Head).GetString(), Is.EqualTo "count")
            Assert.That((given "interval" rows.Head).GetString(), Is.EqualTo "95 % prediction")
            Assert.That((given "ours" rows[2]).ValueKind, Is.EqualTo JsonValueKind.Null))

    [<Test>]
    let ``A thousand values and as many runs still make pages of at most 300 kB`` () =
        let rows = [
            for i in 1..1000 ->
                Samples.row "np-tanhRNN" (string i) "8578" 9117.0 3 (Some Badge.NotReproduced)
        ]

        let item = Samples.page "talathi-fig3" "paper"

        let item = {
            item with
                Runs = [ for i in 1..500 -> { item.Runs.Head with Seed = i } ]
        }

        let site = {
            Samples.site [ item ] with
                Ledger = rows
        }

        written site (fun folder ->
            for page in Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories) do
                Assert.That(FileInfo(page).Length, Is.LessThanOrEqualTo 300_000L, page))

    [<Test>]
    let ``The crate describes each file of the site that it names, and no other`` () =
        written (Samples.site [ Samples.page "talathi-fig3" "paper" ]) (fun folder ->
            File.WriteAllText(Path.Combine(folder, "ledger.csv"), "item")
            File.WriteAllText(Path.Combine(folder, "talathi-fig3", "values.csv"), "item")
            let text = File.ReadAllText(Path.Combine(folder, "ro-crate-metadata.json"))
            use crate = JsonDocument.Parse text
            let graph = List.ofSeq (crate.RootElement.GetProperty("@graph").EnumerateArray())

            let id (entity: JsonElement) =
                string (entity.GetProperty("@id").GetString())

            Assert.That(graph |> List.map id, Is.Unique)
            Assert.That(id graph.Head, Is.EqualTo "ro-crate-metadata.json")
            let root = graph |> List.find (fun e -> id e = "./")
            let parts = [ for p in root.GetProperty("hasPart").EnumerateArray() -> id p ]
            Assert.That(parts, Has.Length.GreaterThanOrEqualTo 7)

            for part in parts do
                Assert.That(File.Exists(Path.Combine(folder, part)), Is.True, part)
                Assert.That(graph |> List.exists (fun e -> id e = part), Is.True, part)

            // Whatever an entity refers to is described too, but for the specification itself.
            for m in Regex.Matches(text, "\"(?:about|license)\":\\{\"@id\":\"([^\"]+)\"") do
                let target = m.Groups[1].Value
                Assert.That(graph |> List.exists (fun e -> id e = target), Is.True, target))

    [<Test>]
    let ``Page and crate say by SHA-256 which files a page was made from`` () =
        written (Samples.site [ Samples.page "talathi-fig3" "paper" ]) (fun folder ->
            let path = Path.Combine(folder, "talathi-fig3", "protocol.json")
            Assert.That(File.ReadAllText path, Is.EqualTo "{}")
            // What `printf '{}' | sha256sum` says.
            let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
            let html = File.ReadAllText(Path.Combine(folder, "talathi-fig3", "index.html"))
            Assert.That(html, Does.Contain digest)

            let crate = File.ReadAllText(Path.Combine(folder, "ro-crate-metadata.json"))
            let lines = crate.Split '\n'

            let about (id: string) =
                lines |> Array.find _.StartsWith($"{{\"@id\":\"{id}\"")

            let file = about "talathi-fig3/protocol.json"
            Assert.That(file, Does.Contain $"\"sha256\":\"{digest}\"")

            Assert.That(
                about "talathi-fig3/index.html",
                Does.Contain "\"isBasedOn\":[{\"@id\":\"talathi-fig3/protocol.json\"}]"
            ))

    [<Test>]
    let ``The index says of itself what it is, in schema.org's words`` () =
        written (Samples.site [ Samples.page "talathi-fig3" "paper" ]) (fun folder ->
            let html = File.ReadAllText(Path.Combine(folder, "index.html"))

            let script =
                Regex.Match(html, "<script type=\"application/ld\\+json\">(.*?)</script>")

            use json = JsonDocument.Parse script.Groups[1].Value

            let text (name: string) =
                json.RootElement.GetProperty(name).GetString()

            Assert.That(text "@context", Is.EqualTo "https://schema.org")
            Assert.That(text "@type", Is.EqualTo "Dataset")
            Assert.That(text "datePublished", Is.EqualTo "2026-11-25")
            let based = json.RootElement.GetProperty("isBasedOn")[0]
            let doi = based.GetProperty("@id").GetString()
            Assert.That(doi, Is.EqualTo "https://doi.org/10.48550/arXiv.1511.03771"))

    let private row unit (published: string) (low, ours, high) : LedgerRow = {
        Samples.rows[0] with
            Unit = unit
            Published = published
            Computed = ""
            Ours = ours
            Low = low
            High = high
    }

    let private inWords (r: LedgerRow) = [ LedgerRow.number r r.Ours; LedgerRow.interval r ]

    [<Test>]
    let ``A value and its interval end at the digit that the interval leaves meaningful`` () =
        // The half-widths are 3.1, .031, 310 and 1e-5: their second significant digits count.
        Samples.same [ "12.3"; "9.2 to 15.4" ] (inWords (row "nats" "" (9.24, 12.345, 15.44)))
        Samples.same [ "0.250"; "0.219 to 0.281" ] (inWords (row "" "" (0.219, 0.25, 0.281)))
        Samples.same [ "98.30"; "98.00 to 98.60" ] (inWords (row "percent" "" (98.0, 98.3, 98.6)))

        Samples.same
            [ "−3,773"; "−4,083 to −3,463" ]
            (inWords (row "" "" (-4083.33, -3773.33, -3463.33)))

        Samples.same
            [ "0.002000"; "0.001990 to 0.002010" ]
            (inWords (row "" "" (0.00199, 0.002, 0.00201)))

    [<Test>]
    let ``A number of ten digits is a power of ten, with the digits that its interval leaves`` () =
        Samples.same
            [ "6.725 × 10¹¹"; "6.634 × 10¹¹ to 6.761 × 10¹¹" ]
            (inWords (row "operations" "" (6.63398e11, 6.725008e11, 6.76112e11)))

        Samples.same
            [ "3.9 × 10¹²"; "9 × 10¹¹ to 6.0 × 10¹²" ]
            (inWords (row "operations" "" (9.4e11, 3.8503e12, 6.02637e12)))

    [<Test>]
    let ``One run's value has a digit more than the published one beside it`` () =
        let one published ours =
            let r = {
                row "fraction" published (nan, ours, nan) with
                    N = 1
            }

            LedgerRow.number r ours

        Assert.That(one "0.219" 0.2592592, Is.EqualTo "0.2593")
        Assert.That(one "0.5" 0.00123, Is.EqualTo "0.0012")
        Assert.That(one "2" 0.2592592, Is.EqualTo "0.25926")
        Assert.That(one "1e-3" 0.2592592, Is.EqualTo "0.25926")

    [<Test>]
    let ``Thousands are apart in every number, ours and the paper's`` () =
        Samples.same [ "12,346"; "–" ] (inWords (row "nats" "" (nan, 12345.6, nan)))
        Assert.That(LedgerRow.published (row "count" "9519" (nan, nan, nan)), Is.EqualTo "9,519")
        Assert.That(LedgerRow.published (row "" "-1234.50" (nan, nan, nan)), Is.EqualTo "−1,234.50")
        Assert.That(LedgerRow.published (row "" "3.60" (nan, nan, nan)), Is.EqualTo "3.60")

    [<Test>]
    let ``An abscissa and a metric are written as a reader reads them`` () =
        Samples.same [ "5,000"; "−2.614"; "50-200"; "none"; "200" ] [
            for x in [ "5000"; "-2.614"; "50-200"; "none"; "200" ] -> LedgerRow.placeText x
        ]

        let metric text =
            LedgerRow.metric { Samples.rows[0] with Metric = text }

        Assert.That(
            metric "test sequences with |error|<0.04 of 10000",
            Is.EqualTo "test sequences with |error| < 0.04 of 10,000"
        )

        Assert.That(metric "E_50 at 0.12345", Is.EqualTo "E_50 at 0.12345")

    [<Test>]
    let ``A tiny number is a power of ten and never has an E`` () =
        Samples.same [ "2.2204 × 10⁻¹⁶"; "–" ] (inWords (row "" "" (nan, 2.220446e-16, nan)))
