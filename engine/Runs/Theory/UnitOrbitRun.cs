using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>
/// An orbit of one logistic unit, and the state that it approaches.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 3: arrows and circles.
/// </summary>
/// <param name="weight">w.</param>
/// <param name="bias">b.</param>
/// <param name="start">x_0, 0 to 1.</param>
/// <param name="steps">T, 1 or more.</param>
public sealed class UnitOrbitRun(double weight, double bias, double start, int steps) : ComputedRun
{
    /// <summary>Curve of the states over time.</summary>
    public const string Orbit = "orbit";

    /// <inheritdoc/>
    public override string Label => Say(
        $"orbit at w = {weight}, b = {bias} from {start}");

    /// <inheritdoc/>
    protected override string Kind => "unit-orbit";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["weight"] = weight;
        spec["bias"] = bias;
        spec["start"] = start;
        spec["steps"] = steps;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        double[] orbit = new SigmoidUnit(weight, bias).Orbit(start, steps);
        findings.Series(Orbit, orbit);
        findings.Metric("bias", bias);
        findings.Metric("first", orbit[0]);
        findings.Metric("last", orbit[^1]);
    }
}
