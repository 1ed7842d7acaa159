using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>Orbits of two rectified units in eigen-coordinates, as eq. (8) has them, or of the
/// network itself. Source: Talathi and Vartak 2016, eq. (8) and Fig. 2.</summary>
/// <param name="first">λ0.</param>
/// <param name="second">λ1.</param>
/// <param name="starts">Each [2].</param>
/// <param name="steps">T.</param>
/// <param name="axis">The first eigenvector, [2], of length 1, for the network itself in the
/// units' coordinates; null for eq. (8).</param>
public sealed class RectifierPlaneRun(
    double first, double second, IReadOnlyList<double[]> starts, int steps, double[]? axis)
    : ComputedRun
{
    /// <inheritdoc/>
    public override string Label =>
        Say($"two rectified units, λ0 = {first}, λ1 = {second}")
        + (axis is null ? "" : Say($", eigenvector ({axis[0]:0.##}, {axis[1]:0.##})"));

    /// <inheritdoc/>
    protected override string Kind => "rectifier-plane";

    /// <summary>Name of the curve of one orbit, second coordinate over first.</summary>
    /// <param name="index">Of the start, from 0.</param>
    public static string CurveName(int index) => $"orbit {index:D2}";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["first"] = first;
        spec["second"] = second;
        spec["starts"] = new JsonArray([.. starts.Select(s => (JsonNode?)Row(s))]);
        spec["steps"] = steps;
        spec["axis"] = axis is null ? null : Row(axis);
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        RectifierPlane plane = new(first, second);
        double farthest = 0;
        double moved = 0;
        double sideways = 0;
        double shortest = double.PositiveInfinity;
        for (int i = 0; i < starts.Count; i++)
        {
            (double, double) start = (starts[i][0], starts[i][1]);
            IReadOnlyList<(double First, double Second)> orbit = axis is null
                ? plane.EigenOrbit(start, steps)
                : plane.UnitOrbit(start, steps, axis[0], axis[1]);
            findings.Curve(
                CurveName(i), orbit.Select(p => p.First), orbit.Select(p => p.Second));
            (double a, double b) = orbit[^1];
            double length = ScalarFunctions.Norm([a, b]);
            farthest = Math.Max(farthest, length);
            shortest = Math.Min(shortest, length);
            moved = Math.Max(moved, ScalarFunctions.Norm([a - start.Item1, b - start.Item2]));
            // Distance from the line along the first eigenvector.
            double off = axis is null ? b : (axis[0] * b) - (axis[1] * a);
            sideways = Math.Max(sideways, Math.Abs(off));
        }
        findings.Metric("largest final distance from the origin", farthest);
        findings.Metric("smallest final distance from the origin", shortest);
        findings.Metric("largest displacement", moved);
        findings.Metric("largest final distance from the first axis", sideways);
    }
}
