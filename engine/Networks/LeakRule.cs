using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// How many units are leaky and how much: the last units of the network have rates drawn
/// uniformly from a range, the others the rate 1.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: 100 of 400 units, rates in [.02, .2].
/// </summary>
/// <param name="Units">Leaky units, 0 … H.</param>
/// <param name="Low">Smallest rate, in (0, 1].</param>
/// <param name="High">Largest rate, in [Low, 1].</param>
public sealed record LeakRule(int Units, double Low = 0.02, double High = 0.2)
{
    internal const int BehaviourVersion = 1;

    /// <summary>λ of each unit, [H], for one seed.</summary>
    /// <param name="hiddenSize">H.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public double[] Rates(int hiddenSize, ulong seed)
    {
        if (Units < 0 || Units > hiddenSize || !(Low > 0) || !(High >= Low) || High > 1)
        {
            throw new ArgumentException(
                $"{Units} of {hiddenSize} units leaky with rates in [{Low}, {High}]; 0 to "
                + $"{hiddenSize} units and rates in (0, 1] in rising order are needed");
        }
        Philox random = new(seed, RandomPurpose.Leaks);
        double[] rates = new double[hiddenSize];
        Array.Fill(rates, 1);
        for (int i = hiddenSize - Units; i < hiddenSize; i++)
        {
            rates[i] = Low + ((High - Low) * random.Uniform((ulong)i));
        }
        return rates;
    }
}
