using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// W_hh = scale·I. IRNN has scale 1, iRNN 0.01.
/// Source: Le, Jaitly, Hinton 2015; Talathi and Vartak 2016, Table 1.
/// </summary>
/// <param name="name">IRNN or iRNN.</param>
/// <param name="scale">The diagonal.</param>
public sealed class ScaledIdentity(string name, double scale) : IRecurrentInitializer
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        double[,] w = new double[hiddenSize, hiddenSize];
        for (int i = 0; i < hiddenSize; i++)
        {
            w[i, i] = scale;
        }
        return w;
    }
}
