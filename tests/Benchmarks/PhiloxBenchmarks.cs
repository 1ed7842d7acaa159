using BenchmarkDotNet.Attributes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Benchmarks;

/// <summary>Random numbers and the sequences made of them.</summary>
public class PhiloxBenchmarks
{
    private readonly float[] numbers = new float[300];
    private readonly MarkedPairTask task = new(PairTarget.Sum, 300, 1);
    private Batch<float> batch = null!;
    private uint step;

    [GlobalSetup]
    public void Setup() =>
        batch = new Batch<float>(task.Network(100, Activation.Relu), task.Steps, 1);

    [Benchmark]
    public void Fill300() => new Philox(1, 2, step++).Fill(numbers);

    [Benchmark]
    public void AdditionSequenceOf300Steps() => task.Fill(Fold.Training, step++ % 1000, batch, 0);
}
