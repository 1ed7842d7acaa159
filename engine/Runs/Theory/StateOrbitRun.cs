using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>
/// An orbit of two units driven by inputs, each step in its two parts F̃ and U_t.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 4 and 5.
/// </summary>
/// <param name="recurrent">W, [2, 2], rows are targets.</param>
/// <param name="bias">b, [2].</param>
/// <param name="input">W_in, [2, I], rows are targets.</param>
/// <param name="inputs">u_0 …, each [I].</param>
/// <param name="start">x_0, [2].</param>
public sealed class StateOrbitRun(
    double[,] recurrent, double[] bias, double[,] input, IReadOnlyList<double[]> inputs,
    double[] start) : ComputedRun
{
    /// <summary>Curves of the two coordinates: the states x_0 … x_T, and F̃(x_0) … F̃(x_{T−1}).
    /// </summary>
    public const string States = "states", Mapped = "mapped";

    /// <inheritdoc/>
    public override string Label => Say($"orbit from ({start[0]}, {start[1]})")
        + (inputs.Any(u => u.Any(v => v != 0)) ? "" : ", without inputs");

    /// <inheritdoc/>
    protected override string Kind => "state-orbit";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["recurrent"] = Rows(recurrent);
        spec["bias"] = Row(bias);
        spec["input"] = Rows(input);
        spec["inputs"] = new JsonArray([.. inputs.Select(u => (JsonNode?)Row(u))]);
        spec["start"] = Row(start);
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        IReadOnlyList<StateStep> steps =
            new StateMap(recurrent, bias, input).Orbit(start, inputs);
        double[][] states = [start, .. steps.Select(s => s.After)];
        findings.Curve(States, states.Select(x => x[0]), states.Select(x => x[1]));
        findings.Curve(
            Mapped, steps.Select(s => s.Mapped[0]), steps.Select(s => s.Mapped[1]));
        findings.Metric("steps", steps.Count);
        findings.Metric("last x1", states[^1][0]);
        findings.Metric("last x2", states[^1][1]);
        findings.Metric("boundary", Boundary());
        double largest = 0;
        for (int t = 0; t < steps.Count; t++)
        {
            largest = Math.Max(largest, FromWhole(steps[t], inputs[t]));
        }
        findings.Metric("parts against the whole", largest);
    }

    // x_{t+1} by eq. (2) in one sum, against U_t after F̃ in two.
    private double FromWhole(StateStep step, double[] u)
    {
        double largest = 0;
        for (int i = 0; i < bias.Length; i++)
        {
            double sum = bias[i];
            for (int j = 0; j < bias.Length; j++)
            {
                sum += recurrent[i, j] * ScalarFunctions.Sigmoid(step.Before[j]);
            }
            for (int j = 0; j < u.Length; j++)
            {
                sum += input[i, j] * u[j];
            }
            largest = Math.Max(largest, Math.Abs(sum - step.After[i]));
        }
        return largest;
    }

    // Where unit 1 alone, x = w·σ(x) + b, has its repelling fixed point: with y = σ(x) it is the
    // unit y = σ(w·y + b). NaN where it has none or depends on unit 2.
    private double Boundary()
    {
        if (recurrent[0, 1] != 0)
        {
            return double.NaN;
        }
        foreach (FixedPoint point in
            new SigmoidUnit(recurrent[0, 0], bias[0]).FixedPoints())
        {
            if (point.Kind == FixedPointKind.Boundary)
            {
                return (recurrent[0, 0] * point.State) + bias[0];
            }
        }
        return double.NaN;
    }
}
