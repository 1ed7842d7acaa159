using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>A run without chance beyond its seed, without data and without training: seconds at
/// most, so it keeps no checkpoint.</summary>
public abstract class ComputedRun : IRunnable
{
    // What a figure shows, and short of the last bits.
    private const int CurveDigits = 9;

    /// <inheritdoc/>
    public abstract string Label { get; }

    /// <inheritdoc/>
    public JsonObject Spec
    {
        get
        {
            JsonObject spec = new() { ["kind"] = Kind };
            Describe(spec);
            return spec;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Behaviour => PartVersion.Union(
        [new("dynamics." + Kind, Version), PartVersion.Kernels, Spectrum.Part, .. Uses]);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> DataHashes => new Dictionary<string, string>();

    /// <inheritdoc/>
    public virtual double EstimatedCost => 1e7;

    /// <summary>The components of training and networks that the computation uses.</summary>
    private protected virtual IEnumerable<PartVersion> Uses => [];

    /// <summary>Names the computation in specs.</summary>
    protected abstract string Kind { get; }

    /// <summary>Raised by hand when the same spec would give other numbers.</summary>
    protected virtual int Version => 1;

    /// <inheritdoc/>
    public RunResult Execute(IRunContext context)
    {
        Findings findings = new();
        Compute(findings);
        return new RunResult(Outcomes.Completed, findings.Metrics, findings.Curves, "", 0);
    }

    /// <summary>Adds what the result depends on.</summary>
    protected abstract void Describe(JsonObject spec);

    /// <summary>Computes metrics and curves.</summary>
    protected abstract void Compute(Findings findings);

    /// <summary>A label whose numbers do not depend on the machine's language.</summary>
    protected static string Say(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A matrix as rows of a spec.</summary>
    protected static JsonArray Rows(double[,] matrix) => new([.. Enumerable
        .Range(0, matrix.GetLength(0))
        .Select(i => (JsonNode?)Row([.. Enumerable
            .Range(0, matrix.GetLength(1)).Select(j => matrix[i, j])]))]);

    /// <summary>A vector in a spec.</summary>
    protected static JsonArray Row(double[] values) =>
        new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);

    /// <summary>What a computation found.</summary>
    protected sealed class Findings
    {
        internal SortedDictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

        internal SortedDictionary<string, Curve> Curves { get; } = new(StringComparer.Ordinal);

        /// <summary>A number, to the last bit.</summary>
        public void Metric(string name, double value) => Metrics.Add(name, value);

        /// <summary>A number of the spectrum, whose last digits are rounding.</summary>
        public void Rounded(string name, double value) => Metrics.Add(name, Digits(value));

        /// <summary>Points of a figure.</summary>
        public void Curve(string name, IEnumerable<double> x, IEnumerable<double> y) =>
            Curves.Add(name, new Curve([.. x.Select(Digits)], [.. y.Select(Digits)]));

        /// <summary>Points of a figure over 0, 1, 2, …</summary>
        public void Series(string name, IReadOnlyCollection<double> y) =>
            Curve(name, Enumerable.Range(0, y.Count).Select(i => (double)i), y);

        private static double Digits(double v) =>
            Rounding.WithoutNegativeZero(Rounding.Significant(v, CurveDigits));
    }
}
