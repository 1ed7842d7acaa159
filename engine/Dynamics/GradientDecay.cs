using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Dynamics;

/// <summary>
/// How the gradient of the last step's error fades or grows towards earlier states, sequence by
/// sequence, against the bounds of eq. (6) and (7).
/// Source: Pascanu, Mikolov, Bengio 2013, §2.1.
/// </summary>
/// <param name="Norms">‖dE_T/dh_{T−l}‖ of each sequence, [B][T+1] by lag l.</param>
/// <param name="Bounds">Eq. (6) along each sequence, times ‖dE_T/dh_T‖, [B][T+1].</param>
/// <param name="ProductNorms">‖dh_T/dh_{T−l}‖₂ along the first sequence, eq. (5), [T+1];
/// empty where not asked for.</param>
/// <param name="GlobalBounds">Eq. (7): (‖W_hh‖·γ)^l, to be multiplied by ‖dE_T/dh_T‖, [T+1].
/// </param>
/// <param name="WeightNorm">‖W_hh‖₂.</param>
/// <param name="SpectralRadius">The largest modulus of an eigenvalue of W_hh.</param>
public sealed record GradientDecay(
    double[][] Norms, double[][] Bounds, double[] ProductNorms, double[] GlobalBounds,
    double WeightNorm, double SpectralRadius)
{
    /// <summary>
    /// Measures a network on a batch without touching either: the forward sweep is made anew in
    /// double precision from the network's parameters. E_T is the loss at the last step alone,
    /// of one sequence.
    /// </summary>
    /// <param name="network">A simple recurrent network without leaky units: the Jacobian of a
    /// leaky one has another term, which neither the products nor the bounds know.</param>
    /// <param name="batch">Inputs [T, B, I], vectors or symbols, and targets.</param>
    /// <param name="withProducts">Whether <see cref="ProductNorms"/> is filled: a singular-value
    /// decomposition of [H, H] for each step, which takes longer than all else.</param>
    /// <exception cref="ArgumentException">A unit is leaky, or the batch holds fewer inputs or
    /// targets than its sizes say.</exception>
    public static GradientDecay Measure<T>(
        RecurrentNetwork<T> network, Batch<T> batch, bool withProducts = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int leaky = network.LeakRates.IndexOfAnyExcept(1.0);
        if (leaky >= 0)
        {
            throw new ArgumentException(
                $"unit {leaky} leaks at a rate of {network.LeakRates[leaky]}; the decay of "
                + "gradients is measured for ordinary units only, whose rate is 1",
                nameof(network));
        }
        NetworkStates states = NetworkStates.Of(network, batch);
        double[][] norms = new double[batch.Size][];
        double[][] bounds = new double[batch.Size][];
        double[] global = [];
        double[] products = [];
        double[] singular = Spectrum.SingularValues(states.RecurrentWeights);
        for (int b = 0; b < batch.Size; b++)
        {
            JacobianChain chain = JacobianChain.OfStates(
                states.RecurrentWeights, states.Sequence(b), network.Spec.Activation, singular);
            norms[b] = chain.Norms(states.LastGradient(b));
            double[] factors = chain.Bounds();
            double first = norms[b][0];
            bounds[b] = [.. factors.Select(f => f * first)];
            products = b == 0 && withProducts ? chain.ProductNorms() : products;
            global = chain.GlobalBounds(network.Spec.Activation);
        }
        return new GradientDecay(
            norms, bounds, products, global, singular[0], Spectrum.Radius(states.RecurrentWeights));
    }

    /// <summary>T.</summary>
    public int Steps => GlobalBounds.Length - 1;

    /// <summary>Measured norms as shares of ‖dE_T/dh_T‖ by lag: median over the sequences.
    /// </summary>
    public double[] MedianShares() => MedianOf(Norms);

    /// <summary>Bounds of eq. (6) as shares of ‖dE_T/dh_T‖ by lag: median over the sequences.
    /// </summary>
    public double[] MedianBounds() => MedianOf(Bounds);

    /// <summary>The largest share by lag.</summary>
    public double[] LargestShares() => [.. Shares(Norms).Select(v => v[^1])];

    /// <summary>The smallest share by lag.</summary>
    public double[] SmallestShares() => [.. Shares(Norms).Select(v => v[0])];

    /// <summary>Pairs of sequence and lag at which the measured norm exceeds its bound by more
    /// than rounding: none, if eq. (6) holds.</summary>
    public int Violations()
    {
        const double rounding = 1 + 1e-12;
        int count = 0;
        for (int b = 0; b < Norms.Length; b++)
        {
            for (int lag = 0; lag <= Steps; lag++)
            {
                count += Norms[b][lag] > Bounds[b][lag] * rounding ? 1 : 0;
            }
        }
        return count;
    }

    private double[] MedianOf(double[][] values) => [.. Shares(values).Select(v =>
        v.Length % 2 == 1 ? v[v.Length / 2] : (v[(v.Length / 2) - 1] + v[v.Length / 2]) / 2)];

    // By lag, sorted; a sequence without error at its end has no share.
    private IEnumerable<double[]> Shares(double[][] values)
    {
        for (int lag = 0; lag <= Steps; lag++)
        {
            List<double> shares = [];
            for (int b = 0; b < values.Length; b++)
            {
                if (Norms[b][0] > 0)
                {
                    shares.Add(values[b][lag] / Norms[b][0]);
                }
            }
            shares.Sort();
            yield return shares.Count == 0 ? [double.NaN] : [.. shares];
        }
    }
}
