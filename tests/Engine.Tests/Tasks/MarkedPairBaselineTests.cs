using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

/// <summary>
/// Scores that follow from uniform factors in closed form, on 100,000 sequences each: what a
/// network that has learnt nothing, or only the linear part, must be given.
/// </summary>
public class MarkedPairBaselineTests
{
    private const int Sequences = 100_000;
    private const int BatchSize = 1_000;
    private const int Steps = 4;

    [Test]
    public void A_constant_of_one_scores_7_84_percent_on_addition_with_error_one_sixth() =>
        // |x₁ + x₂ − 1| < 0.04 has probability 1 − 0.96².
        Check(PairTarget.Sum, (_, _) => 1, 1 - (0.96 * 0.96), 1 / 6.0);

    [Test]
    public void A_constant_of_one_quarter_scores_11_12_percent_on_multiplication()
    {
        // P(x₁x₂ ≤ z) = z(1 − log z).
        double Below(double z) => z * (1 - Math.Log(z));
        double share = Below(0.29) - Below(0.21);
        Assert.That(share, Is.EqualTo(0.1112).Within(1e-4));
        Check(PairTarget.Product, (_, _) => 0.25f, share, 7 / 144.0);
    }

    [Test]
    public void The_additive_solution_scores_45_3_percent_on_multiplication()
    {
        // The error is (x₁ − ½)(x₂ − ½), a quarter of a product of two uniform sizes.
        double share = 0.16 * (1 + Math.Log(1 / 0.16));
        Assert.That(share, Is.EqualTo(0.453).Within(5e-4));
        Check(PairTarget.Product, (a, b) => ((a + b) / 2) - 0.25f, share, 1 / 144.0);
    }

    private static void Check(
        PairTarget target, Func<float, float, float> predict, double share, double meanSquare)
    {
        foreach (MarkPlacement placement in (MarkPlacement[])
            [MarkPlacement.Halves, MarkPlacement.Anywhere])
        {
            MarkedPairTask task = new(target, Steps, 19, placement, Sequences);
            Batch<float> batch = new(task.Network(1, Activation.Relu), Steps, BatchSize);
            float[] outputs = new float[BatchSize];
            SortedDictionary<string, double> sums = [];
            double fourthPowers = 0;
            for (int first = 0; first < Sequences; first += BatchSize)
            {
                for (int b = 0; b < BatchSize; b++)
                {
                    task.Fill(Fold.Training, first + b, batch, b);
                    (float a, float c) = MarkedNumbers(batch, b);
                    outputs[b] = predict(a, c);
                    fourthPowers += Math.Pow(outputs[b] - batch.Targets[b], 4);
                }
                task.Score(batch, outputs, sums);
            }
            double error = sums[MetricNames.SquaredError] / Sequences;
            double variance = (fourthPowers / Sequences) - (error * error);
            Assert.That(
                sums[MetricNames.Correct] / Sequences,
                Is.EqualTo(share).Within(4 * Math.Sqrt(share * (1 - share) / Sequences)));
            Assert.That(
                error, Is.EqualTo(meanSquare).Within(4 * Math.Sqrt(variance / Sequences)));
        }
    }

    private static (float First, float Second) MarkedNumbers(Batch<float> batch, int slot)
    {
        float first = -1;
        for (int t = 0; t < batch.Steps; t++)
        {
            int at = ((t * batch.Size) + slot) * 2;
            if (batch.Inputs[at + 1] != 0)
            {
                if (first >= 0)
                {
                    return (first, batch.Inputs[at]);
                }
                first = batch.Inputs[at];
            }
        }
        throw new InvalidOperationException($"sequence {slot} has fewer than two marks");
    }
}
