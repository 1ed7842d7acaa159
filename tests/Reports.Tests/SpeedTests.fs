namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.IO
open NUnit.Framework
open Repro.Engine.Networks
open Repro.Reports
open Repro.Reports.Items
open Results
open Shapes

/// What the speed page makes of its times, and how it treats native peers.
type SpeedTests() =
    let torder = all |> List.find (fun shape -> shape.Id.StartsWith "torder")
    let gru = all |> List.find (fun shape -> shape.Id.StartsWith "gru")

    let measured shape (engine: float list) (native: (string * float list) list) = {
        Shape = shape
        Engine = List engine
        Native = [
            for peer, times in native ->
                {
                    Peer = peer
                    Plan = $"as {peer} does"
                    Times = List times
                }
        ]
        Fused = List()
        Hand = List()
        Peak = List [ 200.0 ]
        AtRest = None
    }

    let lastCells (csv: string) =
        csv.TrimEnd().Split '\n' |> Array.map (fun line -> line.Split(',')[8..])

    let folder = Directory.CreateTempSubdirectory("repro-speed-test-").FullName

    /// A program made of lines of shell.
    let program (name: string) (lines: string list) =
        if OperatingSystem.IsWindows() then
            Assert.Ignore "the program of this test is a shell script"

        let path = Path.Combine(folder, name)
        File.WriteAllText(path, String.Join("\n", "#!/bin/sh" :: lines) + "\n")

        let mode =
            UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

        File.SetUnixFileMode(path, mode)
        path

    let equal (expected: 'a) (actual: 'a) =
        Assert.That(box actual, Is.EqualTo(box expected))

    let contains (part: string) (text: string) =
        Assert.That(text.Contains(part, StringComparison.Ordinal), Is.True, $"'{part}' in: {text}")

    let failure (work: unit -> unit) =
        let said =
            try
                work ()
                None
            with Failure message ->
                Some message

        match said with
        | Some message -> message
        | None -> failwith "nothing was refused"

    let source = List.head Native.sources

    [<OneTimeTearDown>]
    member _.Clear() =
        Directory.Delete(folder, recursive = true)

    [<Test>]
    member _.``The native columns are those of the peer with the least median``() =
        let m =
            measured torder [ 2.0; 1.0; 9.0 ] [ "A", [ 5.0 ]; "B", [ 3.0; 4.0; 90.0 ]; "C", [] ]

        let lines = lastCells (csv [ m ])
        equal [| "native"; "native_ms"; "native_ratio" |] (lines[0])
        equal [| "B"; "4"; "2" |] (lines[1])

    [<Test>]
    member _.``Without native peers their columns are empty and the page says so``() =
        let m = measured torder [ 2.0 ] []
        equal [| ""; ""; "" |] ((lastCells (csv [ m ]))[1])
        equal true (Tables.peers [ m ]).IsNone
        equal true (Tables.plans [ m ]).IsNone
        contains "No native peer was measured" (Tables.findings [ m ])
        let row = List.head (Tables.native [ m ]).Rows
        equal [ "–"; "–"; "–"; "–" ] ([ for cell in row[3..6] -> cell.Text ])

    [<Test>]
    member _.``A page on which a peer is faster says which, where and why``() =
        let lost = measured torder [ 2.0 ] [ "Rapid & Co", [ 1.0 ] ]
        let won = measured (addition 16 300 100) [ 2.0 ] [ "Rapid & Co", [ 3.0 ] ]
        let findings = Tables.findings [ lost; won ]

        contains "faster than every native peer at 1" (findings)
        contains "0.5 to 1.5 times the engine" (findings)

        contains
            "Rapid &amp; Co is faster at torder-H50-B20-T200: 1 ms against 2 ms. It may do"
            (findings)

        equal false (findings.Contains "faster at addition")

    [<Test>]
    member _.``Every peer has a column and a shape that is not compared has no row``() =
        let m = measured torder [ 2.0 ] [ "A", [ 5.0 ]; "B", [ 3.0 ]; "C", [] ]
        let shapes = [ m; measured gru [ 1.0 ] [] ]

        for table, cells in
            [
                Tables.peers shapes, [ "5 (2.5×)"; "3 (1.5×)"; "–" ]
                Tables.plans shapes, [ "as A does"; "as B does"; "–" ]
            ] do
            let table = Option.get table
            equal 1 (table.Rows.Length)
            equal cells ([ for cell in table.Rows[0] -> cell.Text ][1..])

        Assert.That((fresh [ "A", "at once" ] gru).Native, Is.Empty)
        equal "at once" (fresh [ "A", "at once" ] torder).Native[0].Plan

    [<Test>]
    member _.``Units at rest are counted over the sequences swept together``() =
        // Without weights every unit is its bias: units 0 and 1 work, the other three rest.
        use subject = new Subject(addition 25 4 5)
        let parameters = subject.Network.Parameters
        parameters.Clear()

        let bias = subject.Views |> List.find (fun view -> view.Role = ParameterRole.Bias)

        parameters[bias.Offset] <- 1.0f
        parameters[bias.Offset + 1] <- 1.0f
        equal (Some 0.6) (Resting.share subject)

        // Unit 2 follows the first input, which is above 0 in some sequence of each shard.
        let inputs =
            subject.Views |> List.find (fun view -> view.Role = ParameterRole.InputWeights)

        parameters[inputs.Offset + 2] <- 1.0f
        equal (Some 0.4) (Resting.share subject)

        use saturating = new Subject(torder)
        equal None (Resting.share saturating)

    [<Test>]
    member _.``What rests is in the table of limits and in the words``() =
        let m = {
            measured (addition 1 30 10) [ 1.0 ] [] with
                AtRest = Some 0.43
        }

        let share = Number.percent 0 0.43
        contains share (Tables.findings [ m ])
        equal true ((Tables.limits [ m ]).Rows[0] |> Seq.exists (fun cell -> cell.Text = share))

    [<Test>]
    member _.``A gradient that differs by more than the tolerance is refused with the block's name``
        ()
        =
        use subject = new Subject(addition 2 5 3)
        let _, engine = subject.Gradient()
        let views = subject.Views
        let view = views[1]

        let largest =
            engine[view.Offset .. view.Offset + view.Length - 1]
            |> Array.map abs
            |> Array.max

        let off (share: float) =
            let peer = Array.copy engine
            peer[view.Offset] <- peer[view.Offset] + float32 share * largest
            peer

        Peers.check "A" "s" views engine (Array.copy engine)
        Peers.check "A" "s" views engine (off (0.5 * Peers.tolerance))

        let message = failure (fun () -> Peers.check "A" "s" views engine (off 0.25))

        contains
            $"A's gradient of s is wrong: its {view.Name} differ from the engine's by 0.25"
            (message)

        let nan = Array.copy engine
        nan[0] <- nanf

        contains "is wrong" (failure (fun () -> Peers.check "A" "s" views engine nan))

        contains
            $"gave {engine.Length - 1} numbers"
            (failure (fun () -> Peers.check "A" "s" views engine engine[1..]))

    [<Test>]
    member _.``An answer that is not understood is refused with the answer``() =
        let facts = Peers.readFacts "p" """{"peer":"A","version":"1","kernel":"k"}"""
        equal "A" (facts.Name)

        equal [ 1.5; 2.0 ] (Peers.readTimes "A" 2 """{"milliseconds":[1.5,2]}""")

        for answer in
            [
                "Illegal instruction"
                """{"milliseconds":[1.5]}"""
                """{"milliseconds":[1.5,0]}"""
                """{"milliseconds":"fast"}"""
                """{"seconds":[1,2]}"""
                "[]"
            ] do
            let message = failure (fun () -> Peers.readTimes "A" 2 answer |> ignore)
            contains $"A answered '{answer}'" (message)

        equal (Error "no sigmoid") (Peers.readPlan "A" """{"unable":"no sigmoid"}""")
        equal (Ok "at once") (Peers.readPlan "A" """{"loss":1,"plan":"at once"}""")

        contains
            "no memory"
            (failure (fun () -> Peers.readPlan "A" """{"error":"no memory"}""" |> ignore))

    [<Test>]
    member _.``A peer that ends is named with what it was asked and its last words``() =
        let path =
            program "dying" [
                """echo '{"peer":"A","version":"1","kernel":"k"}'"""
                "read line"
                "echo 'Illegal instruction' >&2"
                "exit 3"
            ]

        match Peers.start None path [] with
        | Error why -> Assert.Fail why
        | Ok peer ->
            use peer = peer
            let message = failure (fun () -> peer.Time("s", 2) |> ignore)
            contains "exit code 3 when it was asked 'time s 2'" (message)
            contains "it said: Illegal instruction" (message)

    [<Test>]
    member _.``A peer is started with one thread and the kernels that were chosen``() =
        let path =
            program "telling" [
                """printf '{"peer":"A","version":"%s","kernel":"%s"}\n' \"""
                """    "$OPENBLAS_NUM_THREADS" "$OPENBLAS_CORETYPE" """
                "read line"
            ]

        let before = Environment.GetEnvironmentVariable "OPENBLAS_CORETYPE"

        let kernel chosen =
            match Peers.start chosen path [] with
            | Error why -> failwith why
            | Ok peer ->
                use peer = peer
                equal "1" (peer.Facts.Version)
                peer.Facts.Kernel

        try
            Environment.SetEnvironmentVariable("OPENBLAS_CORETYPE", "Prescott")
            equal "" (kernel None)
            equal "SkylakeX" (kernel (Some "SkylakeX"))
        finally
            Environment.SetEnvironmentVariable("OPENBLAS_CORETYPE", before)

    [<Test>]
    member _.``A peer does not see what tells oneDNN to talk or to use an older processor's code``
        ()
        =
        let variables = [ "ONEDNN_VERBOSE"; "DNNL_VERBOSE"; "DNNL_MAX_CPU_ISA" ]
        let values = String.Join("", [ for name in variables -> "$" + name ])

        let path =
            program "quiet" [
                $"echo '{{\"peer\":\"A\",\"version\":\"1\",\"kernel\":\"'\"{values}\"'\"}}'"
                "read line"
            ]

        let before = variables |> List.map Environment.GetEnvironmentVariable

        try
            for name in variables do
                Environment.SetEnvironmentVariable(name, "SSE41")

            match Peers.start None path [] with
            | Error why -> failwith why
            | Ok peer ->
                use peer = peer
                equal "" (peer.Facts.Kernel)
        finally
            for name, value in List.zip variables before do
                Environment.SetEnvironmentVariable(name, value)

    [<Test>]
    member _.``A missing compiler and a missing library are said in a line``() =
        let build compiler =
            match Native.build Samples.root.Value compiler folder source with
            | Error why -> why
            | Ok path -> failwith $"built {path}"

        equal "there is no compiler '/nowhere/g++'" (build "/nowhere/g++")

        let bare = program "bare" [ """[ "$1" = --version ]""" ]

        equal $"{source.Header} is not installed (Debian: {source.Package})" (build bare)

        let old =
            program "old" [
                """case "$1" in --version | -E) exit 0 ;; esac"""
                "echo 'In file included from a.cpp' >&2"
                "echo \"error: unrecognized option '-std=c++17'\" >&2"
                "exit 1"
            ]

        equal "it does not build: error: unrecognized option '-std=c++17'" (build old)

    [<Test>]
    member _.``What is compared stays on one processor, programs too, and may be given all back``
        ()
        =
        if not (OperatingSystem.IsLinux()) || Environment.ProcessorCount < 2 then
            Assert.Ignore "there is no choice of processors here"

        let processors (status: string) =
            status.Split '\n'
            |> Array.find _.StartsWith("Cpus_allowed_list:")
            |> fun line -> (line.Split ':')[1] |> _.Trim()

        let own () =
            processors (File.ReadAllText "/proc/thread-self/status")

        let programs () =
            match
                Conversation.start ignore ignore "/bin/sh" [ "-c"; "grep _list /proc/self/status" ]
            with
            | Ok(conversation, first) ->
                use _ = conversation :> IDisposable
                processors first
            | Error why -> failwith $"{why}"

        let mutable seen = []

        // On a thread of its own, which ends with what is set here.
        let thread =
            Threading.Thread(fun () ->
                let before = own ()
                Core.keepOne ()
                let kept = own ()
                let all = Core.withAll own
                seen <- [ before; kept; programs (); all; own () ])

        thread.Start()
        thread.Join()

        match seen with
        | [ before; kept; program; all; after ] ->
            Assert.That(Int32.TryParse kept |> fst, kept)
            Assert.That([ program; after ], Is.All.EqualTo kept)
            Assert.That(all, Is.EqualTo(before).And.Not.EqualTo kept)
        | _ -> Assert.Fail "the thread failed"
