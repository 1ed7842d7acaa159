namespace Repro.Reports.Items

open Repro.Engine.Dynamics
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Runs.Theory
open Plotly.NET
open Repro.Reports

/// A paper's drawing of a network, folded and unrolled, in that paper's words.
type DrawnNetwork = {
    Network: Setting -> NetworkSpec
    Letters: Letters
    /// The letter of the loss of a step.
    Loss: string
    /// What the paper shows, in HTML.
    Claim: string
    /// The finding, from the number of parameters and of steps.
    Finding: string -> int -> string
    FoldedCaption: string
    /// From the number of steps.
    UnrolledCaption: int -> string
}

/// The drawings of a network made from the engine's own parameters, and whether they are that
/// network.
module NetworkPages =
    let private count (s: Setting) = int s["steps"].Whole

    let private result name finished =
        Computed.metric "main" "graph" "" name finished

    let private texts (drawn: DrawnNetwork) steps (column: int -> float) (outputs: float) =
        let hidden = drawn.Letters.Hidden

        [
            for t in 0..steps do
                NetworkDrawing.text (column t) (-outputs - 0.4) $"t = {t}"

            for t in 1..steps do
                NetworkDrawing.text (column t + 0.8) (outputs + 0.4) $"{drawn.Loss}({t})"

                NetworkDrawing.text
                    (column t - 1.75)
                    (0.55 - outputs)
                    $"∂{hidden}({t})/∂{hidden}({t - 1})"
        ]

    let private figures (drawn: DrawnNetwork) (s: Setting) finished =
        let _, parameters =
            Computed.curve "main" "graph" "" NetworkGraphRun.Parameters finished

        [
            if parameters.Length > 0 then
                {
                    Id = "folded"
                    Caption = drawn.FoldedCaption
                    Chart =
                        NetworkGraph.Folded(drawn.Network s, parameters)
                        |> NetworkDrawing.folded drawn.Letters
                        |> Chart.withSize (560.0, 620.0)
                    Note = "The thicker an arrow, the larger its weight."
                }

                {
                    Id = "unrolled"
                    Caption = drawn.UnrolledCaption(count s)
                    Chart =
                        NetworkGraph.Unrolled(drawn.Network s, parameters, count s)
                        |> NetworkDrawing.unrolled drawn.Letters (texts drawn (count s))
                        |> Chart.withSize (960.0, 520.0)
                    Note = "Arrows of one kind are the same parameters in every column."
                }
        ]

    /// From the run that holds the parameters to what the page says: the graph is read off them,
    /// and values passed along its arrows are compared with the engine's.
    let analyse (drawn: DrawnNetwork) (protocol: Protocol) (finished: Finished list) : Analysis =
        let s = Setting.Of protocol
        let value name = result name finished

        let claims = [
            Computed.near
                "The folded drawing has every parameter once: arrows and biases"
                (value "parameters")
                0.0
                (value "edges and biases")
            Computed.near
                $"The {count s} unrolled copies use the same weights"
                (value "edges")
                0.0
                (value "parameters on edges unrolled")
            Computed.holds
                "Values passed along the drawn arrows are the engine's outputs, to 1e-12"
                (fun v -> v <= 1e-12)
                (fun v -> $"The largest difference over all steps and outputs is {v}.")
                (value "difference from the engine")
        ]

        let counts = [ "parameters"; "edges"; "nodes"; "edges unrolled"; "nodes unrolled" ]
        let finding = drawn.Finding (Computed.number (value "parameters")) (count s)

        {
            Claim = drawn.Claim
            Summary = Computed.summary finding claims
            Values = [
                for name in counts ->
                    Computed.row protocol "graph" "" (name, Units.Count) (value name)
            ]
            Orderings = claims
            Figures = figures drawn s finished
            Tables = []
        }
