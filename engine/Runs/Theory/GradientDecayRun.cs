using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>
/// How the gradient fades over the lag in a network before training, measured and bounded: all
/// matrices N(0, s), inputs one symbol of I a step drawn uniformly, one of four classes at the
/// end.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (5)–(7).
/// </summary>
/// <param name="activation">f.</param>
/// <param name="deviation">s, a standard deviation.</param>
/// <param name="hidden">H.</param>
/// <param name="steps">T.</param>
/// <param name="sequences">B.</param>
/// <param name="seed">Seed of weights and inputs.</param>
public sealed class GradientDecayRun(
    Activation activation, double deviation, int hidden, int steps, int sequences, ulong seed)
    : ComputedRun
{
    private const int Symbols = 6;
    private const int ClassCount = 4;

    /// <summary>Curves over the lag, each a share of ‖dE_T/dh_T‖: median, smallest and largest
    /// of the sequences; and ‖dh_T/dh_{T−l}‖ of the first sequence, the bound of eq. (6) along the
    /// states, and that of eq. (7).</summary>
    public const string Median = "median", Smallest = "smallest", Largest = "largest",
        Product = "product", Bound = "bound", GlobalBound = "global bound";

    /// <inheritdoc/>
    public override string Label => Say(
        $"gradient by lag, {activation} N(0, {deviation}), H = {hidden}, seed {seed}");

    /// <inheritdoc/>
    public override double EstimatedCost => 30.0 * hidden * hidden * (hidden + (steps * sequences));

    /// <inheritdoc/>
    protected override string Kind => "gradient-decay";

    private protected override IEnumerable<PartVersion> Uses =>
        [SimpleSetup.CellPart, Readout.Softmax.Part(), PlainGaussian.Part];

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["activation"] = activation.Word();
        spec["deviation"] = deviation;
        spec["hidden"] = hidden;
        spec["steps"] = steps;
        spec["sequences"] = sequences;
        spec["seed"] = seed;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        NetworkSpec spec = new(Symbols, hidden, ClassCount, activation, Readout.Softmax);
        using RecurrentNetwork<float> network = new(spec);
        PlainGaussian.Fill(network, deviation, seed);
        Batch<float> batch = new(spec, steps, sequences, oneHot: true);
        Philox random = new(seed, RandomPurpose.TestSequences);
        for (int i = 0; i < batch.InputIndices.Length; i++)
        {
            batch.InputIndices[i] = (int)random.Below((ulong)i, Symbols);
        }
        for (int b = 0; b < sequences; b++)
        {
            batch.Classes[b] = b % ClassCount;
        }
        GradientDecay decay = GradientDecay.Measure(network, batch);
        findings.Series(Median, decay.MedianShares());
        findings.Series(Smallest, decay.SmallestShares());
        findings.Series(Largest, decay.LargestShares());
        findings.Series(Product, decay.ProductNorms);
        findings.Series(Bound, decay.MedianBounds());
        findings.Series(GlobalBound, decay.GlobalBounds);
        findings.Rounded("product norm at the first step", decay.ProductNorms[^1]);
        findings.Rounded("norm", decay.WeightNorm);
        findings.Rounded("spectral radius", decay.SpectralRadius);
        findings.Rounded(
            "largest factor of a step", decay.WeightNorm
                * ScalarFunctions.LargestSlope(activation));
        findings.Rounded("share at the first step", decay.MedianShares()[^1]);
        findings.Metric("places above the bound", decay.Violations());
    }
}
