using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;

namespace Repro.Engine.Runs.Theory;

/// <summary>The error surface at one place, with its gradient.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6.</summary>
/// <param name="weight">w.</param>
/// <param name="bias">b.</param>
public sealed class SurfacePointRun(double weight, double bias) : ComputedRun
{
    /// <inheritdoc/>
    public override string Label => Say($"E_50 at w = {weight}, b = {bias}");

    /// <inheritdoc/>
    protected override string Kind => "error-surface-point";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weight"] = weight;
        spec["bias"] = bias;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        SurfacePoint at = new ErrorSurface().At(weight, bias);
        findings.Metric("E_50", at.Error);
        findings.Metric("dE/dw", at.ByWeight);
        findings.Metric("dE/db", at.ByBias);
    }
}
