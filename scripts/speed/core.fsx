// One processor for all that is compared. Processors of a virtual machine need not be equally fast
// at a time, and a program that asks another tends to be on one and the other on the next.

module Core

open System
open System.Runtime.InteropServices

// Room for 8,192 processors.
let private size = 1024

[<DllImport("libc")>]
extern int private sched_getaffinity(int thread, nativeint size, byte[] mask)

[<DllImport("libc")>]
extern int private sched_setaffinity(int thread, nativeint size, byte[] mask)

/// The processors that the calling thread may use; None where the system cannot be asked.
let private allowed =
    lazy
        (let mask = Array.zeroCreate<byte> size

         if OperatingSystem.IsLinux() && sched_getaffinity (0, nativeint size, mask) >= 0 then
             Some mask
         else
             None)

let private only (mask: byte[]) =
    let last = mask |> Array.findIndexBack ((<>) 0uy)
    let bit = 7 - (int (Byte.LeadingZeroCount mask[last]))
    Array.init size (fun i -> if i = last then 1uy <<< bit else 0uy)

let private set mask =
    sched_setaffinity (0, nativeint size, mask) |> ignore

/// The calling thread, and every process and thread it starts from now on, stay on one processor.
/// Linux only; elsewhere nothing happens.
let keepOne () =
    allowed.Value |> Option.iter (only >> set)

/// Work that is given all processors back.
let withAll (work: unit -> 'a) : 'a =
    allowed.Value |> Option.iter set

    try
        work ()
    finally
        keepOne ()
