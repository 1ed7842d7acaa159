using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>Norms of a matrix's powers against its spectral radius and its norm.
/// Source: Pascanu, Mikolov, Bengio 2013, §2.1 and supplement §1.</summary>
/// <param name="matrix">W, [N, N].</param>
/// <param name="count">Largest power.</param>
public sealed class MatrixPowersRun(double[,] matrix, int count) : ComputedRun
{
    /// <summary>Curve of ‖W^l‖₂ over l.</summary>
    public const string Norms = "norms";

    /// <inheritdoc/>
    public override string Label => $"powers of a {matrix.GetLength(0)}×{matrix.GetLength(1)} "
        + "matrix";

    /// <inheritdoc/>
    protected override string Kind => "matrix-powers";

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["matrix"] = Rows(matrix);
        spec["count"] = count;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        double[] norms = MatrixPowers.Norms(matrix, count);
        int peak = Array.IndexOf(norms, norms.Max());
        findings.Curve(Norms, norms.Select((_, i) => i + 1.0), norms);
        findings.Rounded("spectral radius", Spectrum.Radius(matrix));
        findings.Rounded("norm", norms[0]);
        findings.Rounded("largest norm of a power", norms[peak]);
        findings.Metric("power of the largest norm", peak + 1);
        findings.Metric("first power that only shrinks", Shrinking(norms));
    }

    // The first power from which on every norm is below 1; NaN if the last is not.
    private static double Shrinking(double[] norms)
    {
        int first = norms.Length;
        while (first > 0 && norms[first - 1] < 1)
        {
            first--;
        }
        return first == norms.Length ? double.NaN : first + 1;
    }
}
