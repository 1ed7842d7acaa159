using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// gRNN: independent Gaussian entries of variance 1/N. The paper gives no scale; this one has a
/// spectral radius near 1 (the circular law), as the input weights' variance 1/N suggests.
/// Source: Talathi and Vartak 2016, Table 1.
/// </summary>
public sealed class ScaledGaussian : IRecurrentInitializer
{
    /// <inheritdoc/>
    public string Name => "gRNN";

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random) => RandomMatrix.Scale(
        RandomMatrix.Gaussian(hiddenSize, random), 1 / Math.Sqrt(hiddenSize));
}
