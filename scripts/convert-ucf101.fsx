(**
# The features of UCF-101

Makes the pack that the UCF-101 items read: VGG-16 features of 1,865 clips of 14 classes, 25 frames
each, kept in one byte a value. The raw clips are published by others and are not redistributed, so
each machine gets them from their own host. That is about 760 MB, hence only with `--download`.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open System
open System.IO
open System.Threading
open Repro.Engine.Data
open Repro.Reports.Items

type ConvertOptions = {
    Data: string option
    Download: bool
    Help: bool
}

let help =
    """Usage: dotnet fsi scripts/convert-ucf101.fsx [options]

Converts the raw clips of UCF-101 (VGG-16 features, 14 classes) into the pack that is read by runs:
DATA/ucf101/vgg16-25x4096-u8.npy.gz and DATA/ucf101/vgg16-index.tsv. Needs the official lists in
DATA/ucf101/splits and the clips in DATA/ucf101/vgg16_relu6; each is checked by its SHA-256, and so
is the pack. Does nothing when the pack is there.

  --download   get the lists and clips that are absent (about 760 MB), going on where it stopped
  --data DIR   where data sets lie (default: REPRO_DATA, then the user's cache)
  --help       this text

Exit codes: 0 done, 1 something failed, 2 wrong use."""

let parse (arguments: string list) =
    let rec read options arguments =
        match arguments with
        | [] -> options
        | "--download" :: rest -> read { options with Download = true } rest
        | ("--help" | "-h") :: rest -> read { options with Help = true } rest
        | "--data" :: value :: rest -> read { options with Data = Some value } rest
        | [ "--data" ] -> raise (UsageError "--data needs a value; see --help")
        | option :: _ -> raise (UsageError $"there is no option '{option}'; see --help")

    read
        {
            Data = None
            Download = false
            Help = false
        }
        arguments

/// Says now and then how many of the clips are done; reports come from several threads.
let counting (verb: string) =
    let gate = obj ()
    let mutable last = DateTime.UtcNow

    {
        new IProgress<int> with
            member _.Report count =
                lock gate (fun () ->
                    if DateTime.UtcNow - last > TimeSpan.FromSeconds 5.0 then
                        last <- DateTime.UtcNow
                        printfn $"  {verb} {count} of {Ucf101Source.Clips.Count} clips")
    }

let download (store: DataStore) =
    use cancel = new CancellationTokenSource()

    let stop =
        ConsoleCancelEventHandler(fun _ pressed ->
            pressed.Cancel <- true
            cancel.Cancel())

    Console.CancelKeyPress.AddHandler stop

    try
        printfn "downloading what is absent (about 760 MB in all) …"

        Ucf101Source
            .DownloadAsync(store, counting "there are", cancel.Token)
            .GetAwaiter()
            .GetResult()
    finally
        Console.CancelKeyPress.RemoveHandler stop

let run (options: ConvertOptions) =
    let store = DataStore(DataFolder.Resolve(Option.toObj options.Data))

    match store.TryLocate Catalogue.Ucf101 with
    | :? Availability.Available ->
        printfn $"already here: {Catalogue.Ucf101Pack.PathIn store.Folder}"
    | _ ->
        if options.Download then
            download store

        printfn "converting …"
        Ucf101Converter.Convert(store, counting "converted")
        printfn $"made {Catalogue.Ucf101Pack.PathIn store.Folder}"
        let clips = Path.Combine(store.Folder.Path, "ucf101", "vgg16_relu6")
        printfn $"the raw clips are no longer needed: {clips}"

let main (arguments: string list) =
    try
        let options = parse arguments

        if options.Help then
            Console.Out.WriteLine help
        else
            run options

        0
    with
    | UsageError message ->
        Console.Error.WriteLine $"error: {message}"
        2
    | :? OperationCanceledException ->
        Console.Error.WriteLine "stopped; the same command goes on from here"
        1
    | :? DataException
    | :? IOException
    | :? UnauthorizedAccessException as error ->
        Console.Error.WriteLine $"error: {error.Message}"
        1

if Prelude.isMain __SOURCE_FILE__ then
    exit (main Prelude.arguments)
