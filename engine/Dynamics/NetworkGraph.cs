using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Dynamics;

/// <summary>What a node of a network's graph is.</summary>
public enum NodeKind
{
    /// <summary>An input.</summary>
    Input,

    /// <summary>A hidden unit.</summary>
    Hidden,

    /// <summary>An output.</summary>
    Output,
}

/// <summary>A node.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Index">Which of its kind, from 0.</param>
/// <param name="Time">Its step in an unrolled graph, hidden units from 0 and the others from 1;
/// 0 in a folded one.</param>
/// <param name="Bias">Its bias; 0 for an input.</param>
public readonly record struct GraphNode(NodeKind Kind, int Index, int Time, double Bias);

/// <summary>A connection.</summary>
/// <param name="From">Index of the source among the nodes.</param>
/// <param name="To">Index of the target among the nodes.</param>
/// <param name="Weight">The parameter.</param>
/// <param name="Parameter">Its index in the flat vector.</param>
public readonly record struct GraphEdge(int From, int To, double Weight, int Parameter);

/// <summary>
/// A network's units and connections as a list of nodes and edges, read off its parameter layout:
/// folded, with the recurrent connections as they are, or unrolled over time, with a copy of the
/// units for each step and the same parameters on the edges of every step.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 1 and 2; Talathi and Vartak 2016, Fig. 1.
/// </summary>
public sealed class NetworkGraph
{
    private readonly NetworkSpec spec;

    private NetworkGraph(NetworkSpec spec, int steps, List<GraphNode> nodes, List<GraphEdge> edges)
    {
        (this.spec, Steps, Nodes, Edges) = (spec, steps, nodes, edges);
    }

    /// <summary>T; 0 for a folded graph.</summary>
    public int Steps { get; }

    /// <summary>Every node; sources come before their targets in an unrolled graph.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>Every connection.</summary>
    public IReadOnlyList<GraphEdge> Edges { get; }

    /// <summary>The network as it is, its recurrent connections leading back.</summary>
    /// <param name="spec">Sizes and activation.</param>
    /// <param name="parameters">The flat vector of the spec's layout.</param>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public static NetworkGraph Folded(NetworkSpec spec, double[] parameters)
    {
        Builder b = new(spec, parameters);
        int input = b.Add(NodeKind.Input, spec.InputSize, 0, null);
        int hidden = b.Add(NodeKind.Hidden, spec.HiddenSize, 0, b.Layout.Bias);
        int output = b.Add(NodeKind.Output, spec.OutputSize, 0, b.Layout.ReadoutBias);
        b.Connect(input, hidden, b.Layout.InputWeights);
        b.Connect(hidden, hidden, b.Layout.RecurrentWeights);
        b.Connect(hidden, output, b.Layout.ReadoutWeights);
        return new NetworkGraph(spec, 0, b.Nodes, b.Edges);
    }

    /// <summary>The network over T steps, from h_0 on.</summary>
    /// <param name="spec">Sizes and activation.</param>
    /// <param name="parameters">The flat vector of the spec's layout.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public static NetworkGraph Unrolled(NetworkSpec spec, double[] parameters, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Builder b = new(spec, parameters);
        int before = b.Add(NodeKind.Hidden, spec.HiddenSize, 0, null);
        for (int t = 1; t <= steps; t++)
        {
            int input = b.Add(NodeKind.Input, spec.InputSize, t, null);
            int hidden = b.Add(NodeKind.Hidden, spec.HiddenSize, t, b.Layout.Bias);
            int output = b.Add(NodeKind.Output, spec.OutputSize, t, b.Layout.ReadoutBias);
            b.Connect(before, hidden, b.Layout.RecurrentWeights);
            b.Connect(input, hidden, b.Layout.InputWeights);
            b.Connect(hidden, output, b.Layout.ReadoutWeights);
            before = hidden;
        }
        return new NetworkGraph(spec, steps, b.Nodes, b.Edges);
    }

    /// <summary>The outputs o_1 … o_T of an unrolled graph, found by passing values along its
    /// edges; h_0 = 0.</summary>
    /// <param name="inputs">x_1 … x_T of one sequence, [T, I].</param>
    /// <returns>[T, O], before softmax or logistic.</returns>
    /// <exception cref="InvalidOperationException">The graph is folded.</exception>
    /// <exception cref="ArgumentException">The inputs have another shape.</exception>
    public double[,] Evaluate(double[,] inputs)
    {
        if (Steps == 0)
        {
            throw new InvalidOperationException(
                "a folded graph has no order to evaluate it in; unroll it");
        }
        if (inputs.GetLength(0) != Steps || inputs.GetLength(1) != spec.InputSize)
        {
            throw new ArgumentException(
                $"inputs of {inputs.GetLength(0)}×{inputs.GetLength(1)}; the graph takes "
                + $"{Steps}×{spec.InputSize}");
        }
        double[] sums = [.. Nodes.Select(node => node.Bias)];
        ILookup<int, GraphEdge> incoming = Edges.ToLookup(edge => edge.To);
        double[,] outputs = new double[Steps, spec.OutputSize];
        double[] values = new double[Nodes.Count];
        for (int i = 0; i < Nodes.Count; i++)
        {
            GraphNode node = Nodes[i];
            foreach (GraphEdge edge in incoming[i])
            {
                sums[i] = Math.FusedMultiplyAdd(values[edge.From], edge.Weight, sums[i]);
            }
            if (node.Kind == NodeKind.Output)
            {
                outputs[node.Time - 1, node.Index] = sums[i];
            }
            values[i] = node.Kind switch
            {
                NodeKind.Input => inputs[node.Time - 1, node.Index],
                NodeKind.Hidden when node.Time > 0 =>
                    ScalarFunctions.Activate(spec.Activation, sums[i]),
                NodeKind.Hidden or NodeKind.Output => 0,
                _ => throw Unknown.Member(node.Kind),
            };
        }
        return outputs;
    }

    private sealed class Builder
    {
        private readonly double[] parameters;

        public Builder(NetworkSpec spec, double[] parameters)
        {
            Layout = new ParameterLayout(spec);
            if (parameters.Length != Layout.Length)
            {
                throw new ArgumentException(
                    $"{parameters.Length} parameters; a network of {spec.InputSize} inputs, "
                    + $"{spec.HiddenSize} hidden units and {spec.OutputSize} outputs has "
                    + $"{Layout.Length}");
            }
            this.parameters = parameters;
        }

        public ParameterLayout Layout { get; }

        public List<GraphNode> Nodes { get; } = [];

        public List<GraphEdge> Edges { get; } = [];

        public int Add(NodeKind kind, int count, int time, ParameterView? bias)
        {
            int first = Nodes.Count;
            for (int i = 0; i < count; i++)
            {
                double value = bias is { } view ? parameters[view.Offset + i] : 0;
                Nodes.Add(new GraphNode(kind, i, time, value));
            }
            return first;
        }

        public void Connect(int sources, int targets, ParameterView view)
        {
            for (int i = 0; i < view.Length; i++)
            {
                Edges.Add(new GraphEdge(
                    sources + (i / view.Columns), targets + (i % view.Columns),
                    parameters[view.Offset + i], view.Offset + i));
            }
        }
    }
}
