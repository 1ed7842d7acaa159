using System.Globalization;
using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>The error surface on a regular grid, a curve over b for each w.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6.</summary>
/// <param name="weights">Places of w.</param>
/// <param name="biases">Places of b.</param>
public sealed class SurfaceGridRun(Spacing weights, Spacing biases) : ComputedRun
{
    /// <inheritdoc/>
    public override string Label =>
        $"E_50 on a grid of {weights.Parts + 1} × {biases.Parts + 1}";

    /// <inheritdoc/>
    protected override string Kind => "error-surface-grid";

    /// <summary>Name of the curve of one w, which sorts by w.</summary>
    public static string CurveName(double weight) =>
        "E_50 at w = " + weight.ToString("F4", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weights"] = weights.Json();
        spec["biases"] = biases.Json();
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        ErrorSurface surface = new();
        double steepest = 0;
        foreach (double w in weights.Places())
        {
            double[] errors = [.. biases.Places().Select(b => surface.At(w, b).Error)];
            findings.Curve(CurveName(w), biases.Places(), errors);
            double step = (biases.High - biases.Low) / biases.Parts;
            for (int i = 1; i < errors.Length; i++)
            {
                steepest = Math.Max(steepest, Math.Abs(errors[i] - errors[i - 1]) / step);
            }
        }
        findings.Metric("largest slope between neighbours in b", steepest);
    }
}
