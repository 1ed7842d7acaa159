// What the speed script may be asked.

module SpeedOptions

open System
open System.Globalization
open System.IO
open Repro.Reports.Items
open Shapes

type SpeedOptions = {
    Rounds: int
    Shapes: Shape list
    Out: string
    Pythons: string list
    NoPyTorch: bool
    Compiler: string
    Peers: string list
    NoNative: bool
    Help: bool
}

let help =
    """Usage: dotnet fsi scripts/speed.fsx [options]

Times one training update in the engine, in C++ on the libraries that are installed and in
PyTorch, one thread each, in interleaved rounds; writes OUT/speed/speed.csv and
OUT/speed/index.html. Takes about four minutes on an idle machine.

  --rounds N        rounds (default: 7)
  --only SHAPE,...  these shapes only, and no measurement of growth
  --out DIR         where results go (default: out in the repository)
  --python PATH     the interpreter that has PyTorch (default: /usr/bin/python3, then python3)
  --no-pytorch      without PyTorch
  --compiler PATH   the C++ compiler that builds the native peers (default: g++), each where its
                    library is installed: LIBXSMM, OpenBLAS, oneDNN 2 (Debian: libxsmm-dev,
                    libopenblas-dev, libdnnl-dev)
  --peer PROGRAM    a native peer built elsewhere, instead of those built here; may be repeated
                    (scripts/speed/native/server.hpp says what it is asked)
  --no-native       without native peers
  --help            this text

Exit codes: 0 done, 1 something failed, 2 wrong use."""

let parse (arguments: string list) =
    let ids = all |> List.map _.Id

    let named (id: string) =
        match all |> List.tryFind (fun s -> s.Id = id) with
        | Some shape -> shape
        | None ->
            let known = String.Join(", ", ids)
            raise (UsageError $"there is no shape '{id}'; known are {known}")

    let rec read options arguments =
        match arguments with
        | [] -> options
        | "--no-pytorch" :: rest -> read { options with NoPyTorch = true } rest
        | "--no-native" :: rest -> read { options with NoNative = true } rest
        | "--compiler" :: value :: rest -> read { options with Compiler = value } rest
        | "--peer" :: value :: rest ->
            read
                {
                    options with
                        Peers = options.Peers @ [ value ]
                }
                rest
        | ("--help" | "-h") :: rest -> read { options with Help = true } rest
        | "--rounds" :: (value: string) :: rest ->
            match Int32.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture) with
            | true, n when n >= 1 && n <= 1000 -> read { options with Rounds = n } rest
            | _ ->
                raise (UsageError $"--rounds is '{value}'; a whole number from 1 to 1000 is needed")
        | "--only" :: value :: rest ->
            let names = value.Split(',', StringSplitOptions.RemoveEmptyEntries)

            read
                {
                    options with
                        Shapes = names |> Array.map named |> List.ofArray
                }
                rest
        | "--out" :: value :: rest ->
            read
                {
                    options with
                        Out = Path.GetFullPath value
                }
                rest
        | "--python" :: value :: rest -> read { options with Pythons = [ value ] } rest
        | [ ("--rounds" | "--only" | "--out" | "--python" | "--compiler" | "--peer") as option ] ->
            raise (UsageError $"{option} needs a value; see --help")
        | option :: _ -> raise (UsageError $"there is no option '{option}'; see --help")

    read
        {
            Rounds = 7
            Shapes = all
            Out = Path.Combine(Prelude.root, "out")
            Pythons = [ "/usr/bin/python3"; "python3" ]
            NoPyTorch = false
            Compiler = "g++"
            Peers = []
            NoNative = false
            Help = false
        }
        arguments
