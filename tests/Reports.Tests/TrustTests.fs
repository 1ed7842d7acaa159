namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.Json.Nodes
open NUnit.Framework
open Repro.Engine.Records
open Repro.Reports
open Repro.Reports.Items

/// Attestations, the order of protocols and runs, and the page that shows both.
[<TestFixture; NonParallelizable>]
module TrustTests =
    let private recorded () =
        let project = new TinyProject()
        let items = [ project.Item "one" ]

        let record () =
            let out = Path.Combine(project.Root, "out")

            Runner.site project.Root items [] [ "--profile"; "paper"; "--record"; "--out"; out ]

        let code, _, errors = Said.run record
        Assert.That(code, Is.Zero, errors)
        project, items

    let private verify (project: TinyProject) items (arguments: string list) =
        let out = Path.Combine(project.Root, "out", "verify")

        Said.run (fun () -> Verification.command project.Root items (arguments @ [ "--out"; out ]))

    let private folderOf (project: TinyProject) =
        Path.Combine(project.Root, "paper-figures", "attestations")

    let private note (project: TinyProject) (index: int) =
        let path = project.Recorded "one" |> List.item index
        path.Replace(".json", ".note.json")

    let private rewrite (path: string) (change: JsonObject -> unit) =
        let note = JsonNode.Parse(File.ReadAllText path).AsObject()
        change note
        File.WriteAllText(path, note.ToJsonString())

    [<Test>]
    let ``A sample found equal is attested with its commit, and checks of one machine gather`` () =
        let project, items = recorded ()
        use _ = project
        let checkout = Checkout.read project.Root

        for n in [ 1; 2 ] do
            let code, output, errors = verify project items [ "--sample"; "3"; "--attest" ]
            Assert.That(code, Is.Zero, errors)
            Assert.That(output, Does.Contain "attested: ")
            let attested = Seq.exactlyOne (Attestation.ReadAll(folderOf project))
            Assert.That(attested.Checks, Has.Count.EqualTo n)
            Assert.That(attested.Checks[n - 1].Commit, Is.EqualTo checkout.Value.Commit)
            Assert.That(attested.Equal, Has.Count.EqualTo 3)
            Assert.That(attested.Checks[n - 1].Different, Is.Empty)

        Assert.That((Checkout.read project.Root).Value.Changed, Is.Empty, "it dirties nothing")

    [<Test>]
    let ``A run that comes out otherwise is attested as different`` () =
        let project, items = recorded ()
        use _ = project
        // The record of one run with another result, signed anew as a forger would.
        let path = (project.Recorded "one").Head
        let text = File.ReadAllText path
        let forged = text.Replace("\"updates\":100", "\"updates\":101")

        let head, tail =
            "{\"record\":".Length, ",\"sha256\":\"".Length + 64 + "\"}\n".Length

        let content = forged.Substring(head, forged.Length - head - tail)
        let hash = CanonicalJson.Sha256Hex(Text.Encoding.UTF8.GetBytes content)
        File.WriteAllText(path, $"{{\"record\":{content},\"sha256\":\"{hash}\"}}\n")
        let code, _, _ = verify project items [ "--sample"; "4"; "--attest" ]
        Assert.That(code, Is.EqualTo 1)
        let attested = Seq.exactlyOne (Attestation.ReadAll(folderOf project))
        Assert.That(attested.Equal, Has.Count.EqualTo 3)
        let id = Path.GetFileNameWithoutExtension path
        Samples.same [ id ] (List.ofSeq attested.Checks[0].Different)

    [<Test>]
    let ``All recorded runs are made anew and attested, but for those that took too long`` () =
        let project, items = recorded ()
        use _ = project

        rewrite (note project 0) (fun note -> note["seconds"] <- JsonValue.Create 60.0)
        project.Commit "A note says that its run took a minute"

        let code, output, errors =
            verify project items [ "--all"; "--under"; "60"; "--attest" ]

        Assert.That(code, Is.Zero, errors)
        Assert.That(output, Does.Contain "3 of 3 identical")
        let attested = Seq.exactlyOne (Attestation.ReadAll(folderOf project))
        let long = Path.GetFileName((project.Recorded "one").Head).Replace(".json", "")
        Assert.That(attested.Equal, Has.Count.EqualTo 3)
        Assert.That(attested.Equal, Has.None.EqualTo long)

        Assert.That(
            attested.Checks[0].Command,
            Is.EqualTo "dotnet fsi scripts/verify.fsx --all --under 60 --attest"
        )

        let _, output, _ = verify project items [ "--all" ]
        Assert.That(output, Does.Contain "4 of 4 identical")

    [<Test>]
    let ``Nothing is attested of changed sources, nor of a run chosen by hand`` () =
        let project, items = recorded ()
        use _ = project
        let code, _, errors = verify project items [ "one/main/a/5/1"; "--attest" ]
        Assert.That(code, Is.EqualTo 2)
        Assert.That(errors, Does.Contain "not chosen by hand")
        project.Write "paper-figures/two/targets.csv" "item,series\n"
        let code, _, errors = verify project items [ "--sample"; "1"; "--attest" ]
        Assert.That(code, Is.EqualTo 2)
        Assert.That(errors, Does.Contain "--attest needs committed sources")
        Assert.That(Directory.Exists(folderOf project), Is.False)

    [<Test>]
    let ``A protocol precedes a run by the commit of its note, or by date where it has none`` () =
        let project, items = recorded ()
        use _ = project
        let code, output, _ = verify project items [ "--protocols" ]
        Assert.That(code, Is.Zero)
        Assert.That(output, Does.Contain "first in 4 by the commit that their notes name, in 0")

        let withoutCommit (date: string) (path: string) =
            rewrite path (fun note ->
                note.Remove "commit" |> ignore
                note["startedUtc"] <- JsonValue.Create date)

        withoutCommit "2100-01-01T00:00:00Z" (note project 0)
        let code, output, _ = verify project items [ "--protocols" ]
        Assert.That(code, Is.Zero)
        Assert.That(output, Does.Contain "first in 3 by the commit that their notes name, in 1")

        withoutCommit "2001-01-01T00:00:00Z" (note project 1)

        rewrite (note project 2) (fun note -> note["commit"] <- JsonValue.Create(String('a', 40)))

        let code, output, _ = verify project items [ "--protocols" ]
        Assert.That(code, Is.EqualTo 1)
        Assert.That(output, Does.Contain "began before its protocol was committed")
        Assert.That(output, Does.Contain "is not among those before this one")
        Assert.That(output, Does.Contain "2 exceptions")

    [<Test>]
    let ``The trust page counts what the files say and the index leads to it`` () =
        let project, items = recorded ()
        use _ = project
        let code, _, _ = verify project items [ "--sample"; "3"; "--attest" ]
        Assert.That(code, Is.Zero)

        project.Write
            "paper-figures/attestations/torture/kills.json"
            """{ "command": "kill them", "machine": {},
                 "figures": { "kills": 1234, "records": 77, "lostOrWrong": 3 } }"""

        project.Write
            "paper-figures/attestations/torture/kills-2.json"
            """{ "command": "kill more", "machine": {},
                 "figures": { "kills": 5, "records": 6, "lostOrWrong": 0 } }"""

        project.Write
            "paper-figures/attestations/torture/arm64.json"
            """{ "command": "emulate it", "machine": { "emulator": "qemu 1" },
                 "figures": { "paths": [ "Avx2 on x86_64", "Scalar on Arm64" ],
                   "weights": [ "ab", "cd" ] } }"""

        let page = Trust.page project.Root [ "one" ]

        let cells title =
            let table = page.Tables |> List.find (fun (name, _) -> name = title) |> snd
            table.Rows |> List.map (List.map _.Text)

        Samples.same [ [ "one"; "4"; "3" ] ] (cells "Runs found equal, by item and processor")

        Samples.same
            [ [ "Avx2 on x86_64"; "ab" ]; [ "Scalar on Arm64"; "cd" ] ]
            (cells "Weights on two architectures, Arm64 by qemu 1: emulate it")

        let machine = cells "Recorded runs by machine" |> List.exactlyOne
        Samples.same [ "4"; "3"; "0"; "0" ] (machine |> List.skip 2)

        Samples.same
            [
                [
                    "A process killed (SIGKILL) at random instants"
                    "1,234 kills, 77 records looked at"
                    "3"
                    "kill them"
                ]
                [
                    "A process killed (SIGKILL) at random instants"
                    "5 kills, 6 records looked at"
                    "0"
                    "kill more"
                ]
            ]
            (cells "Attempts to lose or falsify a result")

        let out = Path.Combine(project.Root, "out")

        let code, _, errors =
            Said.run (fun () ->
                Runner.site project.Root items [] [ "--profile"; "paper"; "--out"; out ])

        Assert.That(code, Is.Zero, errors)
        Assert.That(File.Exists(Path.Combine(out, "trust", "index.html")))

        Assert.That(
            File.ReadAllText(Path.Combine(out, "index.html")),
            Does.Contain "href=\"trust/index.html\""
        )

    [<Test>]
    let ``A run counts as made on another processor only where the two names say so`` () =
        let project, items = recorded ()
        use _ = project
        let here = (Forecasts.machine ()).Cpu

        let setCpu (name: string) (path: string) =
            rewrite path (fun note -> note["machine"]["cpu"] <- JsonValue.Create name)

        // What a note said before family and model stood in it; another generation; another make.
        let older = here.Split(", family ")[0]
        setCpu older (note project 0)
        setCpu (older + ", family 1, model 2") (note project 1)
        setCpu "Another processor" (note project 2)
        project.Commit "Notes of three other machines"
        let code, _, errors = verify project items [ "--sample"; "4"; "--attest" ]
        Assert.That(code, Is.Zero, errors)

        let table =
            (Trust.page project.Root [ "one" ]).Tables
            |> List.find (fun (name, _) -> name = "Recorded runs by machine")
            |> snd

        let rows = table.Rows |> List.map (List.map _.Text)
        let ours = rows |> List.find (fun row -> row[3] = "4")
        Assert.That(ours[0], Does.StartWith here)
        // The one with the name alone may have been made here; so may that with a family where
        // processors tell none.
        let others = if here = older then "1" else "2"
        Samples.same [ "4"; others; "0" ] (ours |> List.skip 3)

    /// The tables of the page whose names begin so, and what the page says first.
    let private told (project: TinyProject) =
        let page = Trust.page project.Root []

        let tables (start: string) =
            page.Tables
            |> List.filter (fun (name, _) -> name.StartsWith(start, StringComparison.Ordinal))
            |> List.map (fun (name, table) -> name, table.Rows |> List.map (List.map _.Text))

        page.Shows, tables

    let private firstSample (project: TinyProject) (more: string) =
        project.Write
            "paper-figures/attestations/torture/mutants.json"
            $$"""{ "command": "break it --seed 1 --count 60", "machine": {},
                 "figures": { "folders": "Records, Judging", "places": 3456, "mutants": 60,
                   "killed": 54, "share": 0.9, "low": 0.7985, "high": 0.9534,
                   "survivors": [ "a.cs:3: < as <=", "b.cs:7: true as false" ]{{more}} } }"""

    /// A sample of 100 of which 80 were found, and all that were left at once afterwards.
    let private laterSample (project: TinyProject) (name: string) (seed: int) =
        project.Write
            $"paper-figures/attestations/torture/{name}.json"
            $$"""{ "command": "break it --count 100 --seed {{seed}}", "machine": {},
                 "figures": { "folders": "Records", "places": 1000, "mutants": 100,
                   "killed": 80, "share": 0.8, "low": 0.7112, "high": 0.8666,
                   "survivors": [ "{{name}}.cs:1: ! left out" ],
                   "again": { "killed": 100, "share": 1, "low": 0.963, "high": 1,
                     "survivors": [] } } }"""

    let private atFirst without real = [
        "Seed 1, among 3,456 places of Records, Judging"
        "as they were when the sample was drawn"
        "60"
        "54"
        "90 % (80 to 95 %)"
        without
        real
        "break it --seed 1 --count 60"
    ]

    [<Test>]
    let ``Shares of faults found stand on the trust page, and what became of the others`` () =
        use project = new TinyProject()
        firstSample project ""
        let shows, tables = told project
        let _, shares = tables "Faults put" |> List.exactlyOne
        let title, left = tables "Faults of seed" |> List.exactlyOne

        Assert.That(
            shows,
            Does.EndWith
                "Of 60 faults put into the engine at random, its tests found 54: \
                 90 % (80 to 95 %)."
        )

        Assert.That(title, Is.EqualTo "Faults of seed 1 that were not found at first")
        Samples.same [ atFirst "0" "90 % (80 to 95 %)" ] shares

        Samples.same
            [ [ "a.cs:3: < as <="; "Not found" ]; [ "b.cs:7: true as false"; "Not found" ] ]
            left

        firstSample
            project
            """, "equivalent": [ { "place": "a.cs:3: < as <=", "why": "never equal" } ],
                 "again": { "killed": 55, "share": 0.9167, "low": 0.8193, "high": 0.9639,
                   "survivors": [ "a.cs:3: < as <=" ] }"""

        let shows, tables = told project
        let _, shares = tables "Faults put" |> List.exactlyOne
        let _, left = tables "Faults of seed" |> List.exactlyOne

        Assert.That(shows, Does.EndWith "found 54: 90 % (80 to 95 %).", "not what came after")

        // Wilson's interval of 54 and 55 in 59, computed apart from the engine.
        Samples.same
            [
                atFirst "1" "92 % (82 to 96 %)"
                [
                    "Seed 1, among 3,456 places of Records, Judging"
                    "with those written for what was not found"
                    "60"
                    "55"
                    "92 % (82 to 96 %)"
                    "1"
                    "93 % (84 to 97 %)"
                    "the same with --again"
                ]
            ]
            shares

        Samples.same
            [
                [ "a.cs:3: < as <="; "Without an effect: never equal" ]
                [ "b.cs:7: true as false"; "Found by a test written since" ]
            ]
            left

    [<Test>]
    let ``Samples of faults stand in the order of their seeds, and the last as drawn leads`` () =
        use project = new TinyProject()
        laterSample project "mutants-10" 10
        laterSample project "mutants-2" 2
        firstSample project ""
        let shows, tables = told project
        let _, shares = tables "Faults put" |> List.exactlyOne

        Samples.same [ "1"; "2"; "2"; "10"; "10" ] [
            for row in shares do
                row.Head.Split([| ' '; ',' |]) |> Array.item 1
        ]

        Samples.same [ "54"; "80"; "100"; "80"; "100" ] (shares |> List.map (List.item 3))

        Samples.same
            [
                "Faults of seed 1 that were not found at first"
                "Faults of seed 2 that were not found at first"
                "Faults of seed 10 that were not found at first"
            ]
            (tables "Faults of seed" |> List.map fst)

        let ofSeedTwo = tables "Faults of seed 2" |> List.exactlyOne |> snd
        Samples.same [ [ "mutants-2.cs:1: ! left out"; "Found by a test written since" ] ] ofSeedTwo

        Assert.That(
            shows,
            Does.EndWith
                "Of 100 faults put into the engine at random, its tests found 80: \
                 80 % (71 to 87 %)."
        )

    [<Test>]
    let ``Without a sample of faults the trust page says nothing of them`` () =
        use project = new TinyProject()
        let shows, tables = told project
        Samples.same [] (tables "Faults")
        Assert.That(shows, Does.EndWith "came out equal, byte for byte.")

    [<Test>]
    let ``A sample of faults that contradicts itself or names no seed stops the trust page`` () =
        use project = new TinyProject()

        let refused () =
            try
                told project |> ignore
                "nothing"
            with :? FormatException as error ->
                error.Message

        firstSample project """, "equivalent": [ { "place": "c.cs:1: < as <=", "why": "no" } ]"""
        Assert.That(refused (), Does.Contain "'c.cs:1: < as <=' is called a fault without")

        project.Write
            "paper-figures/attestations/torture/mutants.json"
            """{ "command": "break it", "machine": {}, "figures": {} }"""

        Assert.That(refused (), Does.Contain "'break it', which names no seed")

    [<Test>]
    let ``A damaged attestation stops the page and is named`` () =
        let project, items = recorded ()
        use _ = project
        let code, _, _ = verify project items [ "--sample"; "3"; "--attest" ]
        Assert.That(code, Is.Zero)
        let path = Seq.exactlyOne (Directory.GetFiles(folderOf project))
        File.WriteAllText(path, File.ReadAllText(path).Replace("X64", "X65"))

        let refused =
            try
                Trust.page project.Root [ "one" ] |> ignore
                "nothing"
            with :? StoreException as error ->
                error.Message

        Assert.That(refused, Does.Contain path)
