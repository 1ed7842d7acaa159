using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>
/// A small network's graph, checked against the engine: the graph's own evaluation over its
/// edges must give the outputs of the engine's sweep.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 1 and 2; Talathi and Vartak 2016, Fig. 1.
/// </summary>
/// <param name="spec">Sizes and activation; its outputs are compared at every step.</param>
/// <param name="variant">Whose initial weights, or null for N(0, <paramref name="deviation"/>).
/// </param>
/// <param name="deviation">Standard deviation of the weights without a variant.</param>
/// <param name="steps">T of the unrolled graph.</param>
/// <param name="seed">Seed of weights and of the inputs compared.</param>
public sealed class NetworkGraphRun(
    NetworkSpec spec, Variant? variant, double deviation, int steps, ulong seed) : ComputedRun
{
    /// <summary>Curve of the flat parameter vector.</summary>
    public const string Parameters = "parameters";

    /// <inheritdoc/>
    public override string Label =>
        $"graph of {spec.InputSize} inputs, {spec.HiddenSize} hidden units and "
        + $"{spec.OutputSize} outputs over {steps} steps, {variant?.Name ?? "Gaussian"}, "
        + $"seed {seed}";

    /// <inheritdoc/>
    protected override string Kind => "network-graph";

    private protected override IEnumerable<PartVersion> Uses =>
    [
        Readout.Linear.Part(),
        .. variant is null
            ? [SimpleSetup.CellPart, PlainGaussian.Part]
            : new SimpleSetup(variant, new WeightScales()).Parts,
    ];

    /// <inheritdoc/>
    protected override void Describe(JsonObject json)
    {
        json["inputs"] = spec.InputSize;
        json["hidden"] = spec.HiddenSize;
        json["outputs"] = spec.OutputSize;
        json["activation"] = spec.Activation.Word();
        json["initializer"] = variant?.Recurrent.Name ?? "gaussian";
        json["deviation"] = variant is null ? deviation : null;
        json["steps"] = steps;
        json["seed"] = seed;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        NetworkSpec every = new(
            spec.InputSize, spec.HiddenSize, spec.OutputSize, spec.Activation, Readout.Linear,
            LossPlacement.EveryStep);
        using RecurrentNetwork<double> network = new(every);
        if (variant is null)
        {
            PlainGaussian.Fill(network, deviation, seed);
        }
        else
        {
            network.Initialize(variant.Recurrent, new WeightScales(), seed);
        }
        double[] parameters = network.Parameters.ToArray();
        NetworkGraph folded = NetworkGraph.Folded(every, parameters);
        NetworkGraph unrolled = NetworkGraph.Unrolled(every, parameters, steps);
        int biases = every.HiddenSize + every.OutputSize;
        findings.Series(Parameters, parameters);
        findings.Metric("parameters", network.Layout.Length);
        findings.Metric("nodes", folded.Nodes.Count);
        findings.Metric("edges", folded.Edges.Count);
        findings.Metric("edges and biases", folded.Edges.Count + biases);
        findings.Metric("nodes unrolled", unrolled.Nodes.Count);
        findings.Metric("edges unrolled", unrolled.Edges.Count);
        findings.Metric(
            "parameters on edges unrolled",
            unrolled.Edges.Select(e => e.Parameter).Distinct().Count());
        findings.Metric("difference from the engine", Difference(network, unrolled, every));
    }

    private double Difference(
        RecurrentNetwork<double> network, NetworkGraph graph, NetworkSpec every)
    {
        Batch<double> batch = new(every, steps, 1);
        double[,] inputs = new double[steps, every.InputSize];
        Philox random = new(seed, RandomPurpose.TestSequences);
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs[i] = random.Normal((ulong)i);
            inputs[i / every.InputSize, i % every.InputSize] = batch.Inputs[i];
        }
        double[] outputs = new double[steps * every.OutputSize];
        network.Evaluate(batch, outputs);
        double[,] walked = graph.Evaluate(inputs);
        double largest = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double other = walked[i / every.OutputSize, i % every.OutputSize];
            largest = Math.Max(largest, Math.Abs(outputs[i] - other));
        }
        return largest;
    }
}
