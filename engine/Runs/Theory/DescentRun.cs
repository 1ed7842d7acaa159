using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>A path of gradient descent on the error surface.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6 and Algorithm 1.</summary>
/// <param name="weight">w at the start.</param>
/// <param name="bias">b at the start.</param>
/// <param name="descent">Rate and threshold.</param>
/// <param name="steps">Steps made.</param>
public sealed class DescentRun(double weight, double bias, Descent descent, int steps)
    : ComputedRun
{
    /// <summary>Curves: the path (w over b), and over the steps E and the gradient's norm.
    /// </summary>
    public const string Path = "path", Error = "E_50", Norm = "gradient norm";

    /// <inheritdoc/>
    public override string Label => Say($"descent from w = {weight}, b = {bias}, ")
        + (descent.Threshold is { } t ? Say($"clipped at {t}") : "plain");

    /// <inheritdoc/>
    protected override string Kind => "error-descent";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weight"] = weight;
        spec["bias"] = bias;
        spec["rate"] = descent.Rate;
        spec["threshold"] = descent.Threshold;
        spec["steps"] = steps;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        IReadOnlyList<SurfacePoint> path = descent.Follow(new(), weight, bias, steps);
        findings.Curve(Path, path.Select(p => p.Bias), path.Select(p => p.Weight));
        findings.Series(Error, [.. path.Select(p => p.Error)]);
        findings.Series(Norm, [.. path.Select(p => p.Norm)]);
        double longest = 0;
        for (int i = 1; i < path.Count; i++)
        {
            longest = Math.Max(longest, ScalarFunctions.Norm(
                [path[i].Weight - path[i - 1].Weight, path[i].Bias - path[i - 1].Bias]));
        }
        findings.Metric("longest step", longest);
        findings.Metric("largest gradient norm", path.Max(p => p.Norm));
        findings.Metric("last E_50", path[^1].Error);
        findings.Metric("last w", path[^1].Weight);
        findings.Metric("last b", path[^1].Bias);
    }
}
