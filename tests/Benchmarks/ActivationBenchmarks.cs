using BenchmarkDotNet.Attributes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Benchmarks;

/// <summary>An activation over 16 rows of 112 units: a forward step without its product.
/// </summary>
public unsafe class ActivationBenchmarks
{
    private const int Rows = 16;
    private const int Columns = 112;
    private Kernels<float> kernels = null!;
    private PackedMatrix<float> nothing = null!;
    private AlignedBuffer<float> sums = null!;
    private AlignedBuffer<float> states = null!;

    [ParamsAllValues]
    public Activation Activation { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        kernels = Kernels<float>.For(InstructionSets.Best);
        nothing = new PackedMatrix<float>(kernels, 1, Columns, Rows);
        sums = Buffers.Uniform(Rows * Columns, 1);
        states = Buffers.Uniform(Rows * Columns, 2);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        nothing.Dispose();
        sums.Dispose();
        states.Dispose();
    }

    [Benchmark]
    public void Forward() => kernels.ForwardStep(
        Activation.Function(), Rows, sums.Pointer, Columns, nothing, 0, 0, sums.Pointer, Columns,
        states.Pointer, Columns);

    [Benchmark]
    public void Backward() => kernels.BackwardStep(
        Activation.Function(), Rows, sums.Pointer, Columns, nothing, 0, sums.Pointer, Columns,
        sums.Pointer, Columns, states.Pointer, Columns);
}
