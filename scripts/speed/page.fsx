// What the page says of the machine and of the method.

module SpeedPage

open Repro.Engine.Records
open Repro.Reports
open Repro.Reports.Items
open System
open Results
open Shapes

let environment
    (peers: Result<Peers.Peer, string * string> list)
    (comparator: Result<PyTorch.Comparator, string>)
    (measured: Measured list)
    =
    let machine = MachineFacts.Here(set.ToString())
    let peaks = measured |> Seq.collect _.Peak |> Array.ofSeq

    [
        "Processor", $"{machine.Cpu}, {machine.Cores} logical processors"
        "System", $"{machine.Os}, {machine.Architecture}"
        ".NET", machine.DotNet
        "Vectors", $"{machine.InstructionSet}"
        "Peak of one core",
        $"{Timing.median peaks:F0} GFLOP/s of float32 fused multiply-adds "
        + $"(lowest {Array.min peaks:F0}, highest {Array.max peaks:F0})"
        for peer in peers do
            match peer with
            | Ok peer ->
                let facts = peer.Facts
                facts.Name, $"{facts.Version}, kernels {facts.Kernel}, one thread"
            | Error(name, reason) -> name, $"not measured: {reason}"
        match comparator with
        | Ok pytorch ->
            "PyTorch", $"{pytorch.Version}, one thread"
            "PyTorch's BLAS", pytorch.Blas
            "PyTorch flushes subnormals", (if pytorch.FlushesDenormals then "yes" else "no")
        | Error reason -> "PyTorch", $"not measured: {reason}"
    ]

let methodText =
    "<p>Median milliseconds over all updates of all rounds, with the fastest and the slowest as \
     the spread; on Linux everything compared runs on the same core. A <em>native peer</em> is C++ \
     written for this page, with what a compiler may do that the engine may not \
     (<code>-O3 -march=native -ffast-math</code>). On LIBXSMM and OpenBLAS it is \
     back-propagation through time by hand, on their products and with vectorised activations. \
     On oneDNN it is the library's own primitives of recurrent networks, forward and \
     backward, which want symbols as rows with a single one and compute a gradient of the inputs \
     too, and its matrix product for the readout. How the columns, the batch and the steps are cut \
     is the fastest way of those tried; a table says which it was, and which of oneDNN's \
     implementations ran (<code>ref</code> is its name for the general one, which calls its own \
     compiled products). Each peer's gradient has been compared with the engine's. \
     <em>PyTorch</em> is <code>nn.RNN</code> or \
     <code>nn.LSTM</code> with autograd, <code>clip_grad_norm_</code> and \
     <code>optim.SGD</code>; <em>by hand</em> is back-propagation through time written in PyTorch \
     operations without autograd. A ratio is the other's median over the engine's. Shapes \
     marked * are of sigmoid units: <code>nn.RNN</code> has none, so its tanh stands in; the \
     version by hand has the sigmoid. GRU and clockwork network are timed in the engine alone. \
     GFLOP/s count 2·3·T·B·H·(H + I) operations for the sweeps, four times as many in an LSTM, \
     three times in a GRU, those of the modules at work in a clockwork network, \
     and 2·3·H·O for every readout, which is more than the engine performs: no gradient of the \
     inputs is needed, inputs that are symbols (temporal order and PTB) are looked up instead \
     of multiplied, and the two sweeps leave out rectified units at rest in all sequences swept \
     together (the gradient of the weights does not), so that a share of the peak can pass 100 %. \
     The table of limits shows what time and ratios a program would have that did nothing but \
     these operations at the core's peak.</p>\n"
