using BenchmarkDotNet.Attributes;
using Repro.Engine.Numerics;

namespace Repro.Benchmarks;

/// <summary>
/// One step of each sweep for R rows of H ReLU units, and the outer products of 96 rows; float32
/// at every vector width this machine has.
/// </summary>
public unsafe class StepBenchmarks
{
    private const int OuterRows = 96;
    private Kernels<float> kernels = null!;
    private PackedMatrix<float> weights = null!;
    private AlignedBuffer<float> states = null!;
    private AlignedBuffer<float> deltas = null!;
    private AlignedBuffer<float> gradient = null!;
    private int stride;

    /// <summary>H, hidden units.</summary>
    [Params(50, 100, 200, 500)]
    public int Hidden { get; set; }

    /// <summary>R, sequences swept together.</summary>
    [Params(1, 16, 20)]
    public int Rows { get; set; }

    [ParamsSource(nameof(Sets))]
    public InstructionSet Set { get; set; }

    public static IEnumerable<InstructionSet> Sets =>
        Enum.GetValues<InstructionSet>()
            .Where(set => set != InstructionSet.Scalar && InstructionSets.IsSupported(set));

    [GlobalSetup]
    public void Setup()
    {
        kernels = Kernels<float>.For(Set);
        stride = Padding.Stride<float>(Hidden);
        weights = new PackedMatrix<float>(kernels, Hidden, Hidden, Rows);
        states = Buffers.Uniform((long)OuterRows * stride, 1);
        deltas = Buffers.Uniform((long)OuterRows * stride, 2);
        gradient = new AlignedBuffer<float>((long)Hidden * stride);
        using AlignedBuffer<float> matrix = Buffers.Uniform((long)Hidden * Hidden, 3);
        weights.SetRows(matrix.Pointer, Hidden, 0, Hidden);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        weights.Dispose();
        states.Dispose();
        deltas.Dispose();
        gradient.Dispose();
    }

    [Benchmark]
    public void Forward() => kernels.ForwardStep(
        UnitFunction.Relu, Rows, states.Pointer, stride, weights, 0, Hidden, null, 0,
        deltas.Pointer, stride);

    [Benchmark]
    public void Backward() => kernels.BackwardStep(
        UnitFunction.Relu, Rows, states.Pointer, stride, weights, Hidden, null, 0,
        states.Pointer, stride, deltas.Pointer, stride);

    [Benchmark]
    public void OuterProducts() => kernels.AddOuterProducts(
        OuterRows, Hidden, Hidden, states.Pointer, stride, deltas.Pointer, stride,
        gradient.Pointer, stride);

    [Benchmark]
    public void Pack() => weights.SetTransposed(gradient.Pointer, Hidden);
}
