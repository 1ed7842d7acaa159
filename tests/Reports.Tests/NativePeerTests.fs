namespace Repro.Reports.Tests

open System
open System.IO
open NUnit.Framework
open Repro.Engine.Networks
open Shapes

/// Whether the native peers compute what the engine computes. Each test needs a compiler.
type NativePeerTests() =
    let folder = Directory.CreateTempSubdirectory("repro-peer-test-").FullName
    let native = Path.Combine(Samples.root.Value, "scripts", "speed", "native")

    let softmax, bernoulli = Readout.Softmax, Readout.Bernoulli
    let last, every = LossPlacement.LastStep, LossPlacement.EveryStep

    let shape id activation readout lossAt (i, h, o) size steps oneHot = {
        Id = id
        Cell = Simple
        Spec = NetworkSpec(i, h, o, activation, readout, lossAt)
        Steps = steps
        Size = size
        OneHot = oneHot
    }

    let lstm = shape "lstm" Activation.Tanh softmax last (2, 9, 4) 3 8 false

    let shapes = [
        shape "symbols" Activation.Tanh softmax last (6, 18, 4) 5 12 true
        shape "parts" Activation.Relu Readout.Linear last (2, 10, 1) 32 6 false
        shape "inputs" Activation.Sigmoid bernoulli every (20, 33, 7) 1 10 false
        shape "every" Activation.Sigmoid softmax every (5, 20, 5) 3 12 true
        { lstm with Cell = Lstm }
        {
            lstm with
                Id = "lstm-every"
                Cell = Lstm
                Spec = NetworkSpec(2, 16, 3, Activation.Tanh, bernoulli, every)
        }
    ]

    let build source =
        Native.build Samples.root.Value "g++" folder source

    /// A program made of lines of C++ and of the headers of the peers.
    let built (name: string) (like: Native.Source) (header: string) (lines: string list) =
        let path = Path.Combine(folder, name + ".cpp")
        let from = Path.Combine(native, header)
        File.WriteAllText(path, String.Join("\n", $"#include \"{from}\"" :: lines) + "\n")

        match build { like with File = path } with
        | Ok program -> program
        | Error why when why.StartsWith "it does not build" -> failwith why
        | Error why ->
            Assert.Ignore why
            ""

    let start program arguments =
        match Peers.start Native.blasKernel program arguments with
        | Ok peer -> peer
        | Error why -> failwith why

    let written (subject: Subject) =
        let problem = Path.Combine(folder, subject.Shape.Id)
        Problem.write problem subject
        problem, problem + ".gradient"

    /// Fails where a peer's gradient of a subject is not the engine's.
    let compare (peer: Peers.Peer) (subject: Subject) =
        let problem, gradient = written subject
        let id, name = subject.Shape.Id, peer.Facts.Name
        let _, engine = subject.Gradient()

        match peer.Load(id, problem, gradient) with
        | Error why -> failwith $"{name} cannot compute {id}: {why}"
        | Ok _ -> Peers.check name id subject.Views engine (Peers.readGradient gradient)

    [<OneTimeTearDown>]
    member _.Clear() =
        Directory.Delete(folder, recursive = true)

    [<Test>]
    member _.``The peers that can be built here have the engine's gradient``() =
        let peers = [
            for source in Native.sources do
                match build source with
                | Error why -> printfn $"{source.Peer}: {why}"
                | Ok program -> start program []
        ]

        if peers.IsEmpty then
            let packages = String.Join(", ", [ for s in Native.sources -> s.Package ])
            Assert.Ignore $"no native peer can be built; g++ and one of {packages} are needed"

        for shape in shapes do
            use subject = new Subject(shape)

            for peer in peers do
                compare peer subject
                Assert.That(peer.Time(shape.Id, 3).Length, Is.EqualTo 3)

        for peer in peers do
            (peer :> IDisposable).Dispose()

    [<Test>]
    member _.``However sequences and steps are cut, oneDNN's primitives have the engine's gradient``
        ()
        =
        let program =
            built
                "cut"
                (Native.sources |> List.find (fun source -> source.Peer = "oneDNN"))
                "onednn_peer.hpp"
                [
                    "int main(int, char** words) {"
                    "    int parts = std::stoi(words[1]), steps = std::stoi(words[2]);"
                    "    auto make = [=](const repro::Problem& p) {"
                    "        return std::make_unique<repro::OneDnnNetwork>(p, p.B / parts, steps);"
                    "    };"
                    "    return repro::Server([=](const repro::Problem&) {"
                    "        return std::vector<repro::Choice>{{\"cut\", make}};"
                    "    }).run(\"cut\", \"1\", \"any\");"
                    "}"
                ]

        for parts, steps in [ 1, 1; 1, 2; 2, 2 ] do
            use peer = start program [ string parts; string steps ]

            for shape in shapes do
                if shape.Size % parts = 0 then
                    use subject = new Subject(shape)
                    compare peer subject

    [<Test>]
    member _.``A network that cannot compute a problem says why, and the peer goes on``() =
        let program =
            built
                "unable"
                {
                    Peer = "none"
                    File = ""
                    Header = "cstdio"
                    Package = "g++"
                    Libraries = []
                }
                "server.hpp"
                [
                    "int main() {"
                    "    return repro::Server("
                    "        [](const repro::Problem& p) -> std::vector<repro::Choice> {"
                    "            throw repro::Unable(\"no \" + std::to_string(p.H) + \" units\");"
                    "        }).run(\"none\", \"1\", \"any\");"
                    "}"
                ]

        use peer = start program []
        use subject = new Subject(addition 2 5 3)
        let problem, gradient = written subject

        for _ in 1..2 do
            match peer.Load("a", problem, gradient) with
            | Ok plan -> Assert.Fail $"computed by {plan}"
            | Error why -> Assert.That(why, Is.EqualTo "no 3 units")
