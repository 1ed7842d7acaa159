using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// nRNN: a Gaussian matrix divided by its spectral radius, so that the largest eigenvalue has
/// modulus 1. Where the largest is a complex pair, its modulus is 1 and no eigenvalue equals 1.
/// Source: Talathi and Vartak 2016, Table 1.
/// </summary>
public sealed class NormalizedGaussian : IRecurrentInitializer
{
    /// <inheritdoc/>
    public string Name => "nRNN";

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random)
    {
        double[,] r = RandomMatrix.Gaussian(hiddenSize, random);
        return RandomMatrix.Scale(r, 1 / Spectrum.Radius(r));
    }
}
