// Builds the engine and the report libraries when their sources or the assemblies are others than
// after the last build. Scripts load this first: a missing assembly behind #r is fatal, a stale one
// silently wrong.

module Build

open System
open System.Diagnostics
open System.IO
open System.Security.Cryptography
open System.Text

let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

let private output =
    Path.Combine(root, "reports", "items", "bin", "Release", "net10.0")

let private stamp = Path.Combine(output, "sources.sha256")

let private sources () =
    let inFolder name =
        Directory.EnumerateFiles(Path.Combine(root, name), "*", SearchOption.AllDirectories)
        |> Seq.filter (fun path ->
            let relative = Path.GetRelativePath(root, path).Replace('\\', '/')

            not (relative.Contains "/bin/" || relative.Contains "/obj/")
            && not (relative.StartsWith "reports/site/"))

    let top =
        [ "Directory.Build.props"; "Directory.Packages.props"; "global.json" ]
        |> List.map (fun name -> Path.Combine(root, name))

    Seq.concat [ inFolder "engine"; inFolder "reports"; Seq.ofList top ]
    |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))

let private fingerprint () =
    use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

    for path in sources () do
        hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, path) + "\n"))
        hash.AppendData(File.ReadAllBytes path)

    Convert.ToHexStringLower(hash.GetHashAndReset())

let private build (how: string) =
    let start =
        ProcessStartInfo(
            "dotnet",
            $"build reports/items/Repro.Items.fsproj -c Release --nologo -v quiet {how}",
            WorkingDirectory = root,
            RedirectStandardOutput = true
        )

    match Process.Start start with
    | null -> failwith "the command 'dotnet' could not be started"
    | build ->
        let log = build.StandardOutput.ReadToEnd()
        build.WaitForExit()

        if build.ExitCode <> 0 then
            eprintfn "%s" log
            eprintfn "error: the engine does not build; the messages above say why"
            exit 1

/// The assemblies of the output folder with their hashes: one put there by another build would
/// run under the right ids.
let private assemblies () =
    if Directory.Exists output then
        Directory.GetFiles(output, "*.dll")
        |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
        |> Array.map (fun path ->
            let hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes path))
            $"{Path.GetFileName path} {hash}\n")
        |> String.concat ""
    else
        ""

let private wanted = fingerprint ()

/// What the stamp says after a build: the sources, then the assemblies made of them.
let private stamped () = $"sources {wanted}\n{assemblies ()}"

let private last = if File.Exists stamp then File.ReadAllText stamp else ""

if last <> stamped () then
    printfn "building the engine …"

    if last.StartsWith $"sources {wanted}\n" then
        // The sources have been built and the assemblies are others: nothing of them is kept.
        for path in Directory.GetFiles(output, "*.dll") do
            File.Delete path

        build "--no-incremental"
    else
        build ""

    File.WriteAllText(stamp, stamped ())
