using BenchmarkDotNet.Attributes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Training.Learners;

namespace Repro.Benchmarks;

/// <summary>
/// A product of the Gauss–Newton matrix beside a gradient of the same sequences: the products
/// of a step are 4/3 of a gradient's, since the states are kept.
/// </summary>
public class CurvatureBenchmarks
{
    private const int Size = 100;

    private static readonly Dictionary<string, (string Cell, NetworkSpec Spec, int Steps)>
        Shapes = new()
        {
            ["torder-H50-T200"] =
                ("simple", new(6, 50, 4, Activation.Tanh, Readout.Softmax), 200),
            ["torder-H100-T200"] =
                ("simple", new(6, 100, 4, Activation.Tanh, Readout.Softmax), 200),
            ["permutation-H100-T100"] = ("simple", new(
                100, 100, 100, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep), 100),
            ["music-H100-T100"] = ("simple", new(
                88, 100, 88, Activation.Sigmoid, Readout.Bernoulli, LossPlacement.EveryStep),
                100),
            ["lstm-H100-T200"] = ("lstm", new(2, 100, 1), 200),
            ["gru-H100-T200"] = ("gru", new(2, 100, 1), 200),
        };

    private SweptNetwork<float> network = null!;
    private GaussNewton<float> products = null!;
    private Batch<float> batch = null!;
    private double[] direction = [];
    private double[] result = [];

    public static IEnumerable<string> Names => Shapes.Keys;

    [ParamsSource(nameof(Names))]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        (string cell, NetworkSpec spec, int steps) = Shapes[Shape];
        network = cell switch
        {
            "lstm" => new LstmNetwork<float>(spec),
            "gru" => new GruNetwork<float>(spec, GruReset.Before),
            _ => new RecurrentNetwork<float>(spec),
        };
        batch = new Batch<float>(spec, steps, Size);
        new Philox(1, 1).Fill(batch.Inputs);
        Philox weights = new(1, 2);
        double deviation = 0.9 / Math.Sqrt(spec.HiddenSize);
        direction = new double[network.Parameters.Length];
        result = new double[direction.Length];
        for (int i = 0; i < direction.Length; i++)
        {
            network.Parameters[i] = (float)(deviation * weights.Normal((ulong)i));
            direction[i] = weights.Normal((ulong)(direction.Length + i));
        }
        products = new GaussNewton<float>(network, 1, StructuralForm.Post);
        products.Start(batch);
        products.Keep(batch);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        products.Dispose();
        network.Dispose();
    }

    [Benchmark(Baseline = true)]
    public double Gradient() => network.Gradient(batch);

    [Benchmark]
    public double Product() => Multiply(0);

    [Benchmark]
    public double ProductWithDampedStates() => Multiply(0.1);

    private double Multiply(double structural)
    {
        products.Start(batch, keeps: true);
        products.Multiply(direction, structural, result);
        return result[0];
    }
}
