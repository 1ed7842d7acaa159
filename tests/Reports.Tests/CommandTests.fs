namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.Json
open NUnit.Framework
open NUnit.Framework.Constraints
open Repro.Engine.Data
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items
open Spectre.Console

/// What the commands make of arguments, stores and a working tree, in this process.
[<TestFixture; NonParallelizable>]
module CommandTests =
    let private options (arguments: string list) = Options.parse "/root" arguments

    let private refused (arguments: string list) =
        try
            options arguments |> ignore
            "nothing"
        with UsageError message ->
            message

    let private paper = [ "--profile"; "paper"; "--workers"; "1" ]

    let private run (project: TinyProject) (items: Item list) (arguments: string list) =
        Said.run (fun () ->
            Runner.site
                project.Root
                items
                []
                ("--out" :: Path.Combine(project.Root, "out") :: arguments))

    let private verify (project: TinyProject) (items: Item list) (arguments: string list) =
        Said.run (fun () -> Verification.command project.Root items arguments)

    let private recordedProject () =
        let project = new TinyProject()
        let code, _, errors = run project [ project.Item "one" ] (paper @ [ "--record" ])
        Assert.That(code, Is.Zero, errors)
        Assert.That(project.Recorded "one", Has.Length.EqualTo 4)
        project

    [<Test>]
    let ``An option takes its value after a space or an equals sign, and names add up`` () =
        let read =
            options [ "--only=a,b"; "--only"; "c"; "--workers=3"; "--threads=2"; "--fresh" ]

        Samples.same [ "a"; "b"; "c" ] read.Only
        Assert.That(read.Workers, Is.EqualTo 3)
        Assert.That(read.Threads, Is.EqualTo 2)
        Assert.That((options []).Threads, Is.EqualTo 1)
        Assert.That(read.Fresh)
        Assert.That(read.Record, Is.False)
        Assert.That(read.Help, Is.False)
        Assert.That((options []).Fresh, Is.False)

    [<TestCase("help")>]
    [<TestCase("-h")>]
    [<TestCase("--help")>]
    let ``Help is asked for in three ways`` (word: string) = Assert.That((options [ word ]).Help)

    [<Test>]
    let ``A mistyped option is met with the nearest one`` () =
        Assert.That(
            refused [ "--profle"; "paper" ],
            Does.StartWith("there is no option '--profle'; did you mean --profile?")
        )

        Assert.That(refused [ "--workrs=3" ], Does.Contain "did you mean --workers?")
        Assert.That(refused [ "-xyz" ], Does.StartWith "there is no option '-xyz'; known are")
        Assert.That(refused [ "word" ], Does.StartWith "there is no option 'word'")

    [<Test>]
    let ``A missing value is never another option`` () =
        Assert.That(refused [ "--data" ], Is.EqualTo "--data needs a value; see --help")

        Assert.That(refused [ "--out"; "--fresh" ], Is.EqualTo "--out needs a value; see --help")

        Assert.That(refused [ "--part"; "a"; "--part" ], Does.Contain "--part needs a value")

    [<Test>]
    let ``An argument that begins with an at sign is not a file of arguments`` () =
        let path = Path.GetTempFileName()

        try
            File.WriteAllText(path, "--fresh")
            Assert.That(refused [ "@" + path ], Does.Contain("@" + path))
            Samples.same [ "@" + path ] (options [ "--part"; "@" + path ]).Parts
        finally
            File.Delete path

    [<Test>]
    let ``A part, a series, an abscissa, a seed and an id each name their runs`` () =
        use project = new TinyProject()
        let item = project.Item "one"
        let code, output, errors = run project [ item ] [ "--plan" ]
        Assert.That(code, Is.Zero, errors)

        let id =
            output.Split '\n'
            |> Array.pick (fun line ->
                match line.Split '\t' with
                | [| _; "paper"; "main"; "b"; "5, wide"; "2"; id; _ |] -> Some id
                | _ -> None)

        let count (part: string) =
            let _, output, errors = run project [ item ] (paper @ [ "--why"; "--part"; part ])
            let lines = output.Split '\n' |> Array.filter _.StartsWith("  one: ")
            lines.Length, errors

        Samples.same [ 4, ""; 2, ""; 4, ""; 2, ""; 1, ""; 1, "" ] [
            for part in
                [
                    "main"
                    "main/a"
                    "main/5, wide"
                    "main/b/5, wide"
                    "main/b/5, wide/2"
                    id.Substring(0, 12)
                ] -> count part
        ]

        Samples.same [ 3, "" ] [ count "main/a,main/b/5, wide/2" ]

    [<Test>]
    let ``A mistyped item or part ends with 2 and is met with the nearest`` () =
        use project = new TinyProject()
        let items = [ project.Item "one"; project.Item "two" ]
        let code, _, errors = run project items [ "--only"; "on" ]
        Assert.That(code, Is.EqualTo 2)
        Assert.That(errors, Does.Contain "there is no item 'on'; did you mean one?")
        let code, _, errors = run project items [ "--only"; "one"; "--part"; "mian" ]
        Assert.That(code, Is.EqualTo 2)
        Assert.That(errors, Does.Contain "one has no part 'mian'; did you mean main?")

    [<Test>]
    let ``Asking why ends with how many runs each item and all have, and how long they take`` () =
        use project = recordedProject ()
        let items = [ project.Item "one"; project.Item "two" ]
        let code, output, errors = run project items (paper @ [ "--why" ])
        Assert.That(code, Is.Zero, errors)

        Assert.That(
            output.TrimEnd(),
            Does.Match
                "one: 4 runs: 4 recorded, 0 more in the local store, 0 to run\n\
                 two: 4 runs: 0 recorded, 0 more in the local store, 4 to run\
                 (: 0\\.\\d+ core-hours|;.*)\n\
                 in all 8 runs of the profile paper: 4 recorded, 0 more in the local store, \
                 4 to run(: 0\\.\\d+ core-hours, about \\d+ s with 1 at once on this machine|;)"
        )

    [<Test>]
    let ``Each run is recorded as it ends, before the next begins`` () =
        use project = new TinyProject()
        let mutable recorded = []

        let item =
            project.Item(
                "one",
                onRun = fun _ -> recorded <- recorded @ [ (project.Recorded "one").Length ]
            )

        let code, _, errors = run project [ item ] (paper @ [ "--record" ])
        Assert.That(code, Is.Zero, errors)
        Samples.same [ 0; 1; 2; 3 ] recorded

    [<Test>]
    let ``Notes of recorded runs name the commit, and recording leaves the tree clean`` () =
        use project = recordedProject ()
        let note = (project.Recorded "one").Head.Replace(".json", ".note.json")
        let read = ProvenanceNote.Parse(ReadOnlySpan(File.ReadAllBytes note))
        let checkout = Checkout.read project.Root
        Assert.That(read.Commit, Is.EqualTo checkout.Value.Commit)
        Assert.That(read.Dirty, Is.EqualTo(Nullable false))
        Assert.That(checkout.Value.Changed, Is.Empty, "what --record wrote is no change")
        let code, _, _ = run project [ project.Item "two" ] (paper @ [ "--record" ])
        Assert.That(code, Is.Zero)

    [<Test>]
    let ``A changed or a new source keeps runs from being recorded`` () =
        use project = new TinyProject()
        project.Write "paper-figures/two/targets.csv" "item,series\n"
        project.Write "scripts/new file.fsx" ""
        let checkout = (Checkout.read project.Root).Value

        Samples.same
            [ "paper-figures/two/targets.csv"; "scripts/new file.fsx" ]
            (List.sort checkout.Changed)

        let code, output, errors =
            run project [ project.Item "one" ] (paper @ [ "--record" ])

        Assert.That(code, Is.EqualTo 2)
        Assert.That(errors, Does.Contain "targets.csv and 1 more changed; commit or stash")
        Assert.That(output, Does.Not.Contain "runs for", "refused before the first run")

    [<Test>]
    let ``A folder that git does not know has no state`` () =
        let folder = Directory.CreateTempSubdirectory "repro-plain-"

        try
            Assert.That(Checkout.read folder.FullName, Is.EqualTo None)
        finally
            folder.Delete true

    [<Test>]
    let ``An item whose data is missing is named and left out, and the others' runs are made`` () =
        use project = new TinyProject()

        let missing () =
            raise (DataException(DataErrorKind.Missing, "x.gz", "x.gz is missing.", "Fetch it."))

        let items = [ project.Item("one", onPlan = missing); project.Item "two" ]
        let code, output, errors = run project items (paper @ [ "--only"; "one,two" ])
        Assert.That(code, Is.EqualTo 1, "it was asked for by name")
        Assert.That(errors, Does.Contain("left out: one: ").And.Contain("x.gz is missing."))
        Assert.That(output, Does.Contain "4 runs for two")
        Assert.That(File.Exists(Path.Combine(project.Root, "out", "two", "index.html")))
        let code, _, _ = run project items paper
        Assert.That(code, Is.Zero, "the whole site does without it")
        let code, _, errors = run project items (paper @ [ "--only"; "one" ])
        Assert.That(code, Is.EqualTo 1)
        Assert.That(errors, Does.StartWith "error: ")

    [<TestCase("smoke")>]
    [<TestCase("quick")>]
    [<TestCase("paper")>]
    let ``A damaged recorded run is named, shown as damaged, and the command ends with 1``
        (profile: string)
        =
        use project = recordedProject ()
        let path = (project.Recorded "one").Head
        File.WriteAllBytes(path, (File.ReadAllBytes path)[..99])
        let item = project.Item "one"
        let code, _, errors = run project [ item ] [ "--profile"; profile ]
        Assert.That(code, Is.EqualTo 1, errors)
        Assert.That(errors, Does.Contain path)
        Assert.That(project.Page "one", Does.Contain "damaged")
        let code, _, errors = run project [ item ] [ "--profile"; profile; "--at-hand" ]
        Assert.That(code, Is.EqualTo 1, errors)

    [<Test>]
    let ``A damaged recorded run is mended by making it again`` () =
        use project = recordedProject ()
        let path = (project.Recorded "one").Head
        let whole = File.ReadAllBytes path
        File.WriteAllBytes(path, whole[..99])
        Directory.Delete(Path.Combine(project.Root, "out"), true)
        let code, _, errors = run project [ project.Item "one" ] (paper @ [ "--record" ])
        Assert.That(code, Is.Zero, errors)
        Assert.That(File.ReadAllBytes path, EqualConstraint whole)

    // The paper's plan has the quick plan's runs and one seed more.
    [<Test>]
    let ``Runs of a shortened plan are not the paper's scale though its plan has them too`` () =
        use project = new TinyProject()
        let code, _, errors = run project [ project.Item "one" ] [ "--profile"; "quick" ]
        Assert.That(code, Is.Zero, errors)
        Assert.That(project.Page "one", Does.Contain "Not yet run at the paper&#39;s own scale.")

    [<Test>]
    let ``Recorded runs are at the paper's scale in a page of any profile`` () =
        use project = recordedProject ()
        let code, _, errors = run project [ project.Item "one" ] [ "--profile"; "quick" ]
        Assert.That(code, Is.Zero, errors)

        Assert.That(
            project.Page "one",
            Does.Not.Contain "Not yet run at the paper&#39;s own scale."
        )

    [<Test>]
    let ``Each recorded run of a page shows the command that verifies it`` () =
        use project = recordedProject ()
        let id = Path.GetFileNameWithoutExtension (project.Recorded "one").Head
        let code, _, _ = run project [ project.Item "one" ] [ "--profile"; "quick" ]
        Assert.That(code, Is.Zero)

        Assert.That(
            project.Page "one",
            Does.Contain("dotnet fsi scripts/verify.fsx " + id.Substring(0, 12))
        )

    [<Test>]
    let ``A recorded run made anew is identical, by id and by name, and leaves no record`` () =
        use project = recordedProject ()
        let items = [ project.Item "one"; project.Item "two" ]
        let id = Path.GetFileNameWithoutExtension (project.Recorded "one").Head

        for name in [ id; id.Substring(0, 10); "one/main/b/5, wide/2" ] do
            let code, output, errors = verify project items [ name ]
            Assert.That(code, Is.Zero, output + errors)
            Assert.That(output, Does.Contain "identical: one: ")

        let code, output, errors = verify project items [ "--sample"; "9" ]
        Assert.That(code, Is.Zero, output + errors)
        Assert.That(output, Does.Contain "4 of 4 identical, 0 not")
        let left = Path.Combine(project.Root, "out", "verify")
        Assert.That(Directory.GetFiles left, Is.Empty)

    [<Test>]
    let ``A record that somebody altered and signed anew is found out`` () =
        use project = recordedProject ()
        let path = (project.Recorded "one").Head
        let record = RunRecord.Parse(ReadOnlySpan(File.ReadAllBytes path))
        let forged = (record.ToJson().DeepClone()).AsObject()
        forged["metrics"].["score"] <- Nodes.JsonValue.Create 77.0
        let bytes = CanonicalJson.Bytes forged
        let hash = CanonicalJson.Sha256Hex(ReadOnlySpan bytes)
        let text = Text.Encoding.UTF8.GetString bytes
        File.WriteAllText(path, "{\"record\":" + text + ",\"sha256\":\"" + hash + "\"}\n")
        let code, output, errors = verify project [ project.Item "one" ] [ record.Id ]
        Assert.That(code, Is.EqualTo 1, output + errors)
        Assert.That(output, Does.Contain "differs: one: ")
        Assert.That(output, Does.Contain "the final weights are the same bytes")
        Assert.That(output, Does.Contain "'score' is 77 in the record")

    [<Test>]
    let ``A damaged recorded run fails its verification`` () =
        use project = recordedProject ()
        let path = (project.Recorded "one").Head
        let id = Path.GetFileNameWithoutExtension path
        File.WriteAllText(path, "{")
        let code, output, errors = verify project [ project.Item "one" ] [ id ]
        Assert.That(code, Is.EqualTo 1, output + errors)
        Assert.That(output + errors, Does.Contain "is damaged")

    [<TestCase("ffff", "no recorded run has an id that begins with ffff")>]
    [<TestCase("one/main/a/5, wide/9", "did you mean one/main/a/5, wide/")>]
    [<TestCase("one/main", "one of one/main/a/5, wide/1")>]
    [<TestCase("two/main/a/5, wide/1", "planned and not recorded yet")>]
    [<TestCase("onne/main", "did you mean one?")>]
    [<TestCase("", "say which run")>]
    [<TestCase("--sample 0", "--sample is '0'")>]
    [<TestCase("abcd --sample 2", "not both")>]
    [<TestCase("abcd --all", "give a run or --all, not both")>]
    [<TestCase("--all --sample 2", "give one")>]
    [<TestCase("--all --protocols", "give no run to make")>]
    let ``Wrong use of verify ends with 2 and says what is right`` (text: string, says: string) =
        use project = recordedProject ()
        let items = [ project.Item "one"; project.Item "two" ]

        let arguments =
            if text.Contains '/' then
                [ text ]
            else
                List.ofArray (text.Split(' ', StringSplitOptions.RemoveEmptyEntries))

        let code, _, errors = verify project items arguments
        Assert.That(code, Is.EqualTo 2, errors)
        Assert.That(errors, Does.StartWith("error: ").And.Contain(says))

    [<Test>]
    let ``The same seed chooses the same sample and another seed another`` () =
        use project = recordedProject ()
        let items = [ project.Item "one" ]

        let chosen seed =
            let _, output, _ = verify project items [ "--sample"; "2"; "--seed"; seed ]
            output.Split '\n' |> Array.filter _.StartsWith("identical") |> Array.sort

        Assert.That(chosen "1", Has.Length.EqualTo 2)
        Assert.That(chosen "1", EqualConstraint(chosen "1"))
        let all = [ for seed in 1..9 -> chosen (string seed) ] |> List.distinct
        Assert.That(all.Length, Is.GreaterThan 1)

    let private progress fraction : PoolProgress =
        PoolProgress(1, 4, fraction, Nullable 90.0, [| ActiveRun("a [b] c", 0.5, "") |], Nullable())

    [<Test>]
    let ``A terminal shows a bar with percent and time left, and lines above it`` () =
        use screen = new StringWriter()

        let console =
            AnsiConsole.Create(
                AnsiConsoleSettings(
                    Ansi = AnsiSupport.Yes,
                    ColorSystem = ColorSystemSupport.NoColors,
                    Interactive = InteractionSupport.Yes,
                    Out = AnsiConsoleOutput screen
                )
            )

        console.Profile.Width <- 120
        let terminal = Terminal(Some console)

        terminal.Working(fun () ->
            terminal.Progress(progress 0.25)
            terminal.Say "a line")

        Assert.That(string screen, Does.Contain "25%")
        Assert.That(string screen, Does.Contain "1/4 runs, about 1 min left; a [b] c")
        Assert.That(string screen, Does.Contain "a line")

    [<Test>]
    let ``Without a terminal there are plain lines`` () =
        let _, output, _ =
            Said.run (fun () ->
                let terminal = Terminal(None)
                terminal.Working(fun () -> terminal.Progress(progress 0.25))
                0)

        Assert.That(
            output,
            Is.EqualTo(
                "  1/4 runs, 25.0 % of the work, about 1 min left; a [b] c (50 %)"
                + Environment.NewLine
            )
        )

    [<Test>]
    let ``The prose of a script takes its values from the run`` () =
        use project = new TinyProject()

        project.Write
            "scripts/one.fsx"
            "(**\nIt came to {{finding}} for {{seeds}} seeds; claims: {{claims}}.\n*)\nlet x = 1\n"

        let code, _, errors = run project [ project.Item "one"; project.Item "two" ] paper
        Assert.That(code, Is.Zero, errors)
        let value = sprintf "<span class=\"spliced\">%s</span>"
        let runs, seeds, claims = value "4 runs.", value "2", value "none"

        Assert.That(
            project.Page "one",
            Does.Contain $"It came to {runs} for {seeds} seeds; claims: {claims}."
        )

    [<Test>]
    let ``A name in the prose that the run does not have ends the command and says the nearest``
        ()
        =
        use project = new TinyProject()
        project.Write "scripts/one.fsx" "(** It is {{verdikt}}. *)\nlet x = 1\n"
        let code, _, errors = run project [ project.Item "one" ] paper
        Assert.That(code, Is.EqualTo 1)
        Assert.That(errors, Does.Contain "scripts/one.fsx takes the value 'verdikt'")
        Assert.That(errors, Does.Contain "did you mean 'verdict'?")

    [<Test>]
    let ``Script, protocol and targets stand beside a page with their SHA-256`` () =
        use project = new TinyProject()
        let code, _, errors = run project [ project.Item "one"; project.Item "two" ] paper
        Assert.That(code, Is.Zero, errors)

        let crate =
            File.ReadAllText(Path.Combine(project.Root, "out", "ro-crate-metadata.json"))

        for path in
            [
                "scripts/one.fsx"
                "paper-figures/one/protocol.json"
                "paper-figures/one/targets.csv"
            ] do
            let bytes = File.ReadAllBytes(Path.Combine(project.Root, path))
            let name = string (Path.GetFileName path)
            let beside = File.ReadAllBytes(Path.Combine(project.Root, "out", "one", name))
            Assert.That((beside = bytes), Is.True, path)

            let digest = Convert.ToHexStringLower(Security.Cryptography.SHA256.HashData bytes)

            Assert.That(project.Page "one", Does.Contain digest, path)
            Assert.That(crate, Does.Contain digest, path)
