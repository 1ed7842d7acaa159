using BenchmarkDotNet.Attributes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;

namespace Repro.Benchmarks;

/// <summary>
/// Whole updates of the speed page's shapes: gradient, clip and step. Random numbers of moderate
/// size stand for the data.
/// </summary>
public class UpdateBenchmarks
{
    private static readonly Dictionary<string, (NetworkSpec Spec, int Steps, int Size)> Shapes =
        new()
        {
            ["torder-H50-B20-T200"] =
                (new(6, 50, 4, Activation.Tanh, Readout.Softmax), 200, 20),
            ["addition-H100-B16-T300"] = (new(2, 100, 1, Activation.Relu), 300, 16),
            ["addition-H100-B1-T300"] = (new(2, 100, 1, Activation.Relu), 300, 1),
            ["mnist-H100-B16-T784"] =
                (new(1, 100, 10, Activation.Relu, Readout.Softmax), 784, 16),
            ["mnist-H100-B100-T784"] =
                (new(1, 100, 10, Activation.Relu, Readout.Softmax), 784, 100),
            ["music-H200-B1-T200"] = (new(
                88, 200, 88, Activation.Sigmoid, Readout.Bernoulli, LossPlacement.EveryStep),
                200, 1),
            ["ptb-H500-B20-T200"] = (new(
                50, 500, 50, Activation.Sigmoid, Readout.Softmax, LossPlacement.EveryStep),
                200, 20),
        };

    private RecurrentNetwork<float> network = null!;
    private ClippedStep<float> optimizer = null!;
    private Batch<float> batch = null!;

    public static IEnumerable<string> Names => Shapes.Keys;

    [ParamsSource(nameof(Names))]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        (NetworkSpec spec, int steps, int size) = Shapes[Shape];
        network = new RecurrentNetwork<float>(spec);
        optimizer = new ClippedStep<float>(
            network, new Sgd(), new ClippingSpec(ClippingKind.Norm, 1));
        batch = new Batch<float>(spec, steps, size);
        new Philox(1, 1).Fill(batch.Inputs);
        Philox weights = new(1, 2);
        // Below 1 in spectral radius, so that hundreds of steps stay finite.
        double deviation = 0.9 / Math.Sqrt(spec.HiddenSize);
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            network.Parameters[i] = (float)(deviation * weights.Normal((ulong)i));
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        optimizer.Dispose();
        network.Dispose();
    }

    [Benchmark]
    public double Update()
    {
        double loss = network.Gradient(batch);
        optimizer.Step(1e-4);
        return loss;
    }
}
