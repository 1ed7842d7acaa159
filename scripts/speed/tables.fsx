// The tables of the speed page that compare shapes, and what the numbers say.

module Tables

open System
open System.Collections.Generic
open Repro.Engine.Networks
open Repro.Engine.Numerics
open Repro.Reports
open Results
open Shapes

let private digits = Number.significant 3

let private cell (text: string) = Cell.text text

let private spread (times: List<float>) =
    if times.Count = 0 then
        cell "–"
    else
        cell $"{digits (Seq.min times)}–{digits (Seq.max times)}"

let private times (other: List<float>) =
    if other.Count = 0 then
        cell "–"
    else
        cell (digits (Timing.median other))

let private ratioCell m (other: List<float>) =
    if other.Count = 0 then
        cell "–"
    else
        cell (digits (ratio m other) + "×")

/// Engine and best native peer.
let native (measured: Measured list) =
    let row m =
        let peer = best m
        let taken = peer |> Option.map _.Times |> Option.defaultWith List

        [
            cell m.Shape.Id
            times m.Engine
            spread m.Engine
            cell (peer |> Option.map _.Peer |> Option.defaultValue "–")
            times taken
            spread taken
            ratioCell m taken
            cell (digits (gflops m))
            cell (Number.percent 0 (fractionOfPeak m))
        ]

    Table.create
        [
            "Shape"
            "Engine, ms"
            "Spread"
            "Best native peer"
            "Peer, ms"
            "Spread"
            "Ratio"
            "GFLOP/s"
            "Of peak"
        ]
        (measured |> List.map row)

/// A row a shape and a column a native peer. None where no peer was measured.
let private ofPeers (measured: Measured list) (content: Measured -> Native -> string) =
    let names = measured |> List.collect _.Native |> List.map _.Peer |> List.distinct

    let row m = [
        cell m.Shape.Id
        for name in names do
            match m.Native |> List.tryFind (fun native -> native.Peer = name) with
            | Some native when native.Times.Count > 0 -> cell (content m native)
            | _ -> cell "–"
    ]

    if names.IsEmpty then
        None
    else
        measured
        |> List.filter (fun m -> not m.Native.IsEmpty)
        |> List.map row
        |> Table.create ("Shape" :: names)
        |> Some

/// Every native peer: milliseconds and ratio.
let peers (measured: Measured list) =
    ofPeers measured (fun m native ->
        let ms = digits (Timing.median native.Times)
        $"{ms} ({digits (ratio m native.Times)}×)")

/// Every native peer: how it computes.
let plans (measured: Measured list) =
    ofPeers measured (fun _ native -> native.Plan)

/// Engine and PyTorch.
let pytorch (measured: Measured list) =
    let row m =
        let isSigmoid = m.Shape.Spec.Activation = Activation.Sigmoid

        [
            cell (if isSigmoid then m.Shape.Id + " *" else m.Shape.Id)
            times m.Engine
            times m.Fused
            spread m.Fused
            ratioCell m m.Fused
            times m.Hand
            spread m.Hand
            ratioCell m m.Hand
        ]

    Table.create
        [
            "Shape"
            "Engine, ms"
            "PyTorch, ms"
            "Spread"
            "Ratio"
            "By hand, ms"
            "Spread"
            "Ratio"
        ]
        (measured |> List.filter (fun m -> isComparable m.Shape) |> List.map row)

/// Columns are padded to whole vectors, of 512 bits to halves of one where eight sequences or more
/// are swept together, and the padding is computed too. Two of the three products of a step have
/// the columns of its sums, the third those of the hidden units, with as many operations.
let paddedShare (shape: Shape) =
    let floats =
        match InstructionSets.Best with
        | InstructionSet.Avx512 -> if shape.Size >= 8 then 8 else 16
        | InstructionSet.Avx2 -> 8
        | InstructionSet.Vector128 -> 4
        | InstructionSet.Scalar -> 1
        | other -> failwith $"no width is known of {other}"

    let padding n =
        float ((n + floats - 1) / floats * floats) / float n

    3.0 / (2.0 * padding (columns shape) + padding shape.Spec.HiddenSize)

let limits (measured: Measured list) =
    let row m =
        let share = paddedShare m.Shape
        let atPeak = operations m.Shape / Timing.median m.Peak / 1e6

        let against (other: List<float>) =
            if other.Count = 0 then
                cell "–"
            else
                cell (digits (Timing.median other / atPeak) + "×")

        [
            cell m.Shape.Id
            cell (Number.percent 0 share)
            cell (Number.percent 0 (fractionOfPeak m / share))
            cell (m.AtRest |> Option.map (Number.percent 0) |> Option.defaultValue "–")
            cell (digits atPeak)
            against (best m |> Option.map _.Times |> Option.defaultWith List)
            against m.Fused
            against m.Hand
        ]

    Table.create
        [
            "Shape"
            "Useful share of vectors"
            "Of peak, padding counted"
            "Units at rest"
            "At peak, ms"
            "Native ratio at peak"
            "PyTorch ratio at peak"
            "By hand ratio at peak"
        ]
        (measured |> List.map row)

/// What keeps a shape below the peak, in words; the shares are this run's.
let private why m =
    let percent = Number.percent 0
    let shape = m.Shape

    let reasons = [
        match m.AtRest with
        | Some share when share >= 0.05 ->
            $"{percent share} of the units rest in all sequences swept together, and the two \
              sweeps leave out their products, which the count has"
        | _ -> ()
        if paddedShare shape < 0.95 then
            $"only {percent (paddedShare shape)} of the computed columns are hidden units, \
              the rest is padding to whole vectors"
        if shape.Size = 1 then
            "with one sequence every weight is used once a step, so the sweeps wait for the \
             weights to come from the second-level cache"
        if shape.Spec.Activation <> Activation.Relu then
            match shape.Cell with
            | Simple ->
                "the activation is a polynomial and a division for each unit and step, which \
                 the count leaves out"
            | Lstm ->
                "a unit has five activations a step, a polynomial and a division each, which \
                 the count leaves out, and its gates are too many to stay in cache until the \
                 backward sweep"
            | Gru ->
                "a unit has three activations a step, a polynomial and a division each, which \
                 the count leaves out, and two products after one another"
            | Clock _ -> "only the modules at work are computed, and the others' states are copied"
        if shape.Spec.HiddenSize < 100 then
            "its products are short, and starting a tile weighs more"
    ]

    if reasons.IsEmpty then
        "the rest goes to starting and ending tiles, to packing the weights and to the passes \
         over states and deltas"
    else
        String.Join("; ", reasons)

/// What a native peer may do and the engine may not, where the peer is the faster.
let private whyPeer (m: Measured) =
    let activations =
        if m.Shape.Spec.Activation = Activation.Relu then
            ""
        else
            "its activations are short approximations whose last bits are the compiler's or the \
             library's, where the engine's have the same bits on every machine; "

    "It may do what the engine may not: "
    + activations
    + "columns, batch and steps are cut in the fastest way of those tried on this machine and \
       shape, where the engine's blocks are fixed so that a sum has one order everywhere"

let private against (measured: Measured list) =
    let compared =
        measured |> List.choose (fun m -> best m |> Option.map (fun b -> m, b))

    let won, lost = compared |> List.partition (fun (m, b) -> ratio m b.Times >= 1.0)

    let line (m, b: Native) =
        $"<li>{Html.escape b.Peer} is faster at {Html.escape m.Shape.Id}: \
          {digits (Timing.median b.Times)} ms against {digits (Timing.median m.Engine)} ms. \
          {Html.escape (whyPeer m)}.</li>"

    let summary =
        if compared.IsEmpty then
            "<p>No native peer was measured.</p>\n"
        else
            let ratios = compared |> List.map (fun (m, b) -> ratio m b.Times)

            $"<p>Of {compared.Length} shapes the engine is faster than every native peer at \
              {won.Length}; the best peer's time is {digits (List.min ratios)} to \
              {digits (List.max ratios)} times the engine's.</p>\n"

    if lost.IsEmpty then
        summary
    else
        summary + "<ul>" + String.Join("\n", List.map line lost) + "</ul>\n"

let findings (measured: Measured list) =
    let line m =
        $"<li>{Html.escape m.Shape.Id} runs at {Number.percent 0 (fractionOfPeak m)} of the \
          peak: {Html.escape (why m)}.</li>"

    against measured
    + "<p>Ratios to PyTorch depend on how fast PyTorch's own small steps are on the machine; the \
       share of the peak does not. The table of limits gives the ratio a program at the peak \
       itself would reach: none can pass it that makes every product of the count.</p>\n<ul>"
    + String.Join("\n", List.map line measured)
    + "</ul>\n"
