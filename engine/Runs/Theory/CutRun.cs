using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;
using Repro.Engine.Statistics;

namespace Repro.Engine.Runs.Theory;

/// <summary>A cut of the error surface at one w, as dense as it bends.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6.</summary>
/// <param name="weight">w.</param>
/// <param name="biases">Places of b to begin with.</param>
/// <param name="change">Largest change of E between neighbours.</param>
public sealed class CutRun(double weight, Spacing biases, double change) : ComputedRun
{
    /// <summary>Curves over b: E and the norm of its gradient.</summary>
    public const string Error = "E_50", Norm = "gradient norm";

    /// <inheritdoc/>
    public override string Label => Say($"cut of E_50 at w = {weight}");

    /// <inheritdoc/>
    protected override string Kind => "error-cut";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weight"] = weight;
        spec["biases"] = biases.Json();
        spec["change"] = change;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        IReadOnlyList<SurfacePoint> cut = ErrorCut.Sample(
            new ErrorSurface(), weight, biases.Low, biases.High, biases.Parts, change);
        findings.Curve(Error, cut.Select(p => p.Bias), cut.Select(p => p.Error));
        findings.Curve(Norm, cut.Select(p => p.Bias), cut.Select(p => p.Norm));
        findings.Metric("places", cut.Count);
    }
}
