using NUnit.Framework;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Dynamics;

/// <summary>A network as nodes and edges.</summary>
public sealed class NetworkGraphTests
{
    private static readonly NetworkSpec Spec = new(
        2, 4, 3, Activation.Tanh, Readout.Linear, LossPlacement.EveryStep);

    [Test]
    public void The_folded_graph_has_each_weight_once_and_each_bias_at_its_unit()
    {
        double[] parameters = [.. Enumerable.Range(1, Layout.Length).Select(i => (double)i)];
        NetworkGraph graph = NetworkGraph.Folded(Spec, parameters);
        IEnumerable<double> drawn = graph.Edges.Select(e => e.Weight)
            .Concat(graph.Nodes.Where(n => n.Kind != NodeKind.Input).Select(n => n.Bias));
        Assert.That(drawn.Order(), Is.EqualTo(parameters));
        // Row-major with sources in rows: recurrent (1, 2) is the seventh parameter.
        GraphEdge edge = graph.Edges.Single(e => e.Weight == 7);
        Assert.That(
            (graph.Nodes[edge.From].Index, graph.Nodes[edge.To].Index), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Values_passed_along_the_unrolled_edges_are_the_engines_outputs()
    {
        using RecurrentNetwork<double> network = new(Spec, InstructionSet.Scalar);
        network.Initialize(new ScaledGaussian(), new WeightScales(), 3);
        for (int i = 0; i < Layout.Bias.Length; i++)
        {
            network.Parameters[Layout.Bias.Offset + i] = 0.1 * (i + 1);
        }
        network.Parameters[Layout.ReadoutBias.Offset] = -0.5;
        Batch<double> batch = new(Spec, 5, 1);
        double[,] inputs = new double[5, 2];
        for (int i = 0; i < 10; i++)
        {
            inputs[i / 2, i % 2] = batch.Inputs[i] = (i * 0.37) - 1;
        }
        double[] outputs = new double[15];
        network.Evaluate(batch, outputs);
        NetworkGraph graph = NetworkGraph.Unrolled(Spec, network.Parameters.ToArray(), 5);
        Assert.That(graph.Evaluate(inputs).Cast<double>(), Is.EqualTo(outputs).Within(1e-13));
    }

    [Test]
    public void Unrolling_copies_units_and_shares_parameters()
    {
        NetworkGraph graph = NetworkGraph.Unrolled(Spec, new double[Layout.Length], 3);
        Assert.That(graph.Nodes, Has.Count.EqualTo(4 + (3 * (2 + 4 + 3))));
        Assert.That(graph.Edges, Has.Count.EqualTo(3 * (16 + 8 + 12)));
        Assert.That(graph.Edges.Select(e => e.Parameter).Distinct().Count(), Is.EqualTo(36));
        Assert.That(graph.Edges.All(e => e.From < e.To), "sources come first");
    }

    [Test]
    public void A_vector_of_another_length_and_a_folded_evaluation_are_refused()
    {
        Assert.That(
            () => NetworkGraph.Folded(Spec, new double[5]),
            Throws.ArgumentException.With.Message.Contains("5 parameters"));
        Assert.That(
            () => NetworkGraph.Folded(Spec, new double[Layout.Length])
                .Evaluate(new double[3, 2]),
            Throws.InvalidOperationException.With.Message.Contains("unroll"));
    }

    private static ParameterLayout Layout => new(Spec);
}
