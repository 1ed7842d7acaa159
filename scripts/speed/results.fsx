// What was measured of a shape, and speed.csv.

module Results

open System
open System.Collections.Generic
open Repro.Engine.Numerics
open Repro.Reports
open Shapes

/// A native peer's times of a shape, and the way of computing it that the peer chose.
type Native = {
    Peer: string
    Plan: string
    Times: List<float>
}

/// Milliseconds of an update, all that were taken; empty where nothing was measured.
type Measured = {
    Shape: Shape
    Engine: List<float>
    Native: Native list
    Fused: List<float>
    Hand: List<float>
    /// GFLOP/s of the core in the same rounds.
    Peak: List<float>
    /// The share of rectified units at rest in all sequences swept together.
    AtRest: float option
}

let set = InstructionSets.Best

/// Without times yet; of each peer that computes the shape, its name and how.
let fresh (peers: (string * string) list) shape = {
    Shape = shape
    Engine = List()
    Native = [
        for peer, plan in peers do
            if isComparable shape then
                {
                    Peer = peer
                    Plan = plan
                    Times = List()
                }
    ]
    Fused = List()
    Hand = List()
    Peak = List()
    AtRest = None
}

/// The native peer with the least median.
let best (m: Measured) =
    m.Native
    |> List.filter (fun native -> native.Times.Count > 0)
    |> List.sortBy (fun native -> Timing.median native.Times)
    |> List.tryHead

/// Another program's median over the engine's: above 1 the engine is faster.
let ratio (m: Measured) (other: List<float>) =
    Timing.median other / Timing.median m.Engine

/// `gflops` counts three products a step: 2·3·T·B·H·(H + I), four times that in an LSTM, three
/// times in a GRU, in a clockwork network those of the modules at work, and 2·3·H·O for every
/// readout.
let gflops m =
    operations m.Shape / Timing.median m.Engine / 1e6

let fractionOfPeak m = gflops m / Timing.median m.Peak

let csv (measured: Measured list) =
    let number digits value =
        if Double.IsFinite value then
            Number.significant digits value
        else
            ""

    let row m =
        let native =
            match best m with
            | Some native -> [
                native.Peer
                number 4 (Timing.median native.Times)
                number 3 (ratio m native.Times)
              ]
            | None -> [ ""; ""; "" ]

        String.Join(
            ",",
            [
                m.Shape.Id
                number 4 (Timing.median m.Engine)
                number 4 (Timing.median m.Fused)
                number 3 (ratio m m.Fused)
                number 4 (Timing.median m.Hand)
                number 3 (ratio m m.Hand)
                number 4 (gflops m)
                number 3 (fractionOfPeak m)
            ]
            @ native
        )

    let header =
        "shape,engine_ms,pytorch_ms,ratio,hand_ms,hand_ratio,gflops,fraction_of_peak,"
        + "native,native_ms,native_ratio"

    String.Join("\n", header :: List.map row measured) + "\n"
