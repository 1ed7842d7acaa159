using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>
/// The fixed points of one logistic unit as its bias varies, where they appear and vanish, and
/// which of them orbits approach.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 3.
/// </summary>
/// <param name="weight">w, above 4.</param>
/// <param name="low">Lowest bias shown.</param>
/// <param name="high">Highest bias shown.</param>
/// <param name="biases">Biases between them at which orbits are followed.</param>
public sealed class BifurcationRun(double weight, double low, double high, int biases)
    : ComputedRun
{
    // Passing close to a vanished fixed point takes about 1/√distance steps.
    private const int Settling = 20_000;
    private const double Nudge = 1e-6;
    private const int BranchPoints = 240;

    /// <summary>Curves of the attractors and the boundary, state over bias.</summary>
    public const string Upper = "upper attractor", Lower = "lower attractor", Boundary = "boundary";

    /// <inheritdoc/>
    public override string Label => Say($"fixed points at w = {weight}");

    /// <inheritdoc/>
    protected override string Kind => "bifurcation";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weight"] = weight;
        spec["low"] = low;
        spec["high"] = high;
        spec["biases"] = biases;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        IReadOnlyList<SaddleNode> nodes = SaddleNodes.Find(weight);
        if (nodes.Count != 2)
        {
            throw new ArgumentException($"at w = {weight} nothing bifurcates; w above 4 is needed");
        }
        (SaddleNode upper, SaddleNode lower) = (nodes[0], nodes[1]);
        findings.Metric("b1", lower.Bias);
        findings.Metric("b2", upper.Bias);
        findings.Metric("state at b1", lower.State);
        findings.Metric("state at b2", upper.State);
        // x = ½ ± √(¼ − 1/w), the roots of w·x(1 − x) = 1.
        double half = Math.Sqrt(0.25 - (1 / weight));
        findings.Metric("distance from the closed form", Math.Max(
            Math.Abs(lower.Bias - SaddleNodes.BiasAt(weight, 0.5 - half)),
            Math.Abs(upper.Bias - SaddleNodes.BiasAt(weight, 0.5 + half))));
        Branch(findings, Upper, upper.State, StateAt(high));
        Branch(findings, Lower, StateAt(low), lower.State);
        Branch(findings, Boundary, lower.State, upper.State);
        FollowOrbits(findings, upper.Bias, lower.Bias);
    }

    // The one attractor where there is but one.
    private double StateAt(double bias) => new SigmoidUnit(weight, bias).FixedPoints()[0].State;

    private void Branch(Findings findings, string name, double from, double to)
    {
        double[] states =
            [.. Enumerable.Range(0, BranchPoints + 1)
                .Select(i => from + ((to - from) * i / BranchPoints))];
        findings.Curve(name, states.Select(x => SaddleNodes.BiasAt(weight, x)), states);
    }

    private void FollowOrbits(Findings findings, double b2, double b1)
    {
        int strays = 0;
        int inside = 0;
        for (int i = 0; i < biases; i++)
        {
            double bias = low + ((high - low) * (i + 0.5) / biases);
            SigmoidUnit unit = new(weight, bias);
            IReadOnlyList<FixedPoint> points = unit.FixedPoints();
            bool isBetween = bias > b2 && bias < b1;
            inside += isBetween ? 1 : 0;
            strays += points.Count == (isBetween ? 3 : 1) ? 0 : 1;
            double[] starts = isBetween
                ? [0, points[1].State - Nudge, points[1].State + Nudge, 1]
                : [0, 1];
            foreach (double start in starts)
            {
                double end = unit.After(start, Settling);
                strays += Math.Abs(end - unit.AttractorOf(start)) < 1e-6 ? 0 : 1;
            }
        }
        findings.Metric("biases with two basins", inside);
        findings.Metric("orbits that miss their attractor", strays);
    }
}
