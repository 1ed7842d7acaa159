// Builds the peers in C++ (native/) with the compiler and the libraries of this machine. Where one
// cannot be built, the reason is a line on the page.

module Native

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Runtime.Intrinsics.X86

/// A program in native/ and what it needs.
type Source = {
    Peer: string
    File: string
    /// Found by the compiler when the library is installed.
    Header: string
    /// The package of Debian that has it.
    Package: string
    Libraries: string list
}

let sources = [
    {
        Peer = "LIBXSMM"
        File = "libxsmm_peer.cpp"
        Header = "libxsmm.h"
        Package = "libxsmm-dev"
        Libraries = [ "-lxsmm"; "-lxsmmnoblas"; "-ldl"; "-lpthread"; "-lrt" ]
    }
    {
        Peer = "OpenBLAS"
        File = "openblas_peer.cpp"
        Header = "cblas-openblas.h"
        Package = "libopenblas-dev"
        Libraries = [ "-lopenblas" ]
    }
    {
        Peer = "oneDNN"
        File = "onednn_peer.cpp"
        Header = "dnnl.hpp"
        Package = "libdnnl-dev"
        Libraries = [ "-ldnnl" ]
    }
]

/// Everything the compiler may do that the engine may not.
let flags = [
    "-std=c++17"
    "-O3"
    "-march=native"
    "-mprefer-vector-width=512"
    "-ffast-math"
    "-fopenmp-simd"
]

/// Older releases of OpenBLAS do not know newer processors and fall back on slow kernels: the
/// widest that run here are named to it.
let blasKernel =
    if Avx512F.IsSupported then Some "SkylakeX"
    elif Avx2.IsSupported then Some "Haswell"
    else None

let private compile (compiler: string) (arguments: string list) =
    let start =
        ProcessStartInfo(
            compiler,
            arguments,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    start.Environment["LC_ALL"] <- "C"

    try
        match Process.Start start with
        | null -> Error $"'{compiler}' could not be started"
        | subject ->
            subject.StandardInput.Close()
            let output = subject.StandardOutput.ReadToEndAsync()
            let errors = subject.StandardError.ReadToEnd()
            subject.WaitForExit()
            output.Wait()

            if subject.ExitCode = 0 then
                Ok()
            else
                let lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)

                let first =
                    lines
                    |> Array.tryFind (fun line -> line.Contains "error")
                    |> Option.orElse (Array.tryHead lines)

                Error(first |> Option.defaultValue $"exit code {subject.ExitCode}")
    with :? Win32Exception ->
        Error $"there is no compiler '{compiler}'"

/// Whether the compiler runs and finds the library's header.
let private isInstalled compiler (source: Source) =
    match compile compiler [ "--version" ] with
    | Error why -> Error why
    | Ok() ->
        let probe = [ "-E"; "-x"; "c++"; "-include"; source.Header; "/dev/null" ]

        match compile compiler probe with
        | Ok() -> Ok()
        | Error _ -> Error $"{source.Header} is not installed (Debian: {source.Package})"

/// Builds a peer in `folder`; the program, or why there is none.
let build (root: string) (compiler: string) (folder: string) (source: Source) =
    match isInstalled compiler source with
    | Error why -> Error why
    | Ok() ->
        let from = Path.Combine(root, "scripts", "speed", "native", source.File)
        let program = Path.Combine(folder, Path.GetFileNameWithoutExtension source.File)

        match compile compiler (flags @ [ from; "-o"; program ] @ source.Libraries) with
        | Ok() -> Ok program
        | Error why -> Error $"it does not build: {why}"
