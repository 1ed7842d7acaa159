using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>The wall of the error surface for a range of w.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6.</summary>
/// <param name="weights">Places of w.</param>
/// <param name="low">Lower end of b.</param>
/// <param name="high">Upper end of b.</param>
public sealed class WallRun(Spacing weights, double low, double high) : ComputedRun
{
    /// <summary>Curves over w: where the wall stands, its largest gradient norm, E just below and
    /// above it.</summary>
    public const string Bias = "bias", Steepest = "steepest", Below = "E below",
        Above = "E above";

    /// <inheritdoc/>
    public override string Label => $"wall of E_50 for {weights.Parts + 1} values of w";

    /// <inheritdoc/>
    protected override string Kind => "error-wall";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weights"] = weights.Json();
        spec["low"] = low;
        spec["high"] = high;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        ErrorSurface surface = new();
        double[] w = [.. weights.Places()];
        WallPoint[] wall = [.. w.Select(weight => ErrorWall.Find(surface, weight, low, high))];
        findings.Curve(Bias, w, wall.Select(p => p.Place.Bias));
        findings.Curve(Steepest, w, wall.Select(p => p.Place.Norm));
        findings.Curve(Below, w, wall.Select(p => p.Below));
        findings.Curve(Above, w, wall.Select(p => p.Above));
        findings.Metric("evaluations", wall.Sum(p => p.Evaluations));
        WallPoint five = ErrorWall.Find(surface, 5, low, high);
        findings.Metric("steepest b at w=5", five.Place.Bias);
        findings.Metric("largest gradient norm at w=5", five.Place.Norm);
    }
}
