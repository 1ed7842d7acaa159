namespace Repro.Engine.Records;

/// <summary>What one run yields; it depends on the run's id alone.</summary>
/// <param name="Outcome">How it ended, one of <see cref="Outcomes"/>.</param>
/// <param name="Metrics">Measure to value; NaN where the run has none.</param>
/// <param name="Curves">Measures over the course of the run, thinned by <see cref="Curve.Thin"/>.
/// </param>
/// <param name="WeightsSha256">Hash of the final parameters; empty where there are none.</param>
/// <param name="Updates">Parameter updates made.</param>
public sealed record RunResult(
    string Outcome,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, Curve> Curves,
    string WeightsSha256,
    long Updates);

/// <summary>The ways a run can end.</summary>
public static class Outcomes
{
    /// <summary>The whole budget was used.</summary>
    public const string Completed = "completed";

    /// <summary>The success criterion was met before the budget was used.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>The parameters or the loss left the finite numbers.</summary>
    public const string Diverged = "diverged";

    /// <summary>The futility rule, stated beforehand, ended it.</summary>
    public const string Futile = "futile";

    internal static bool IsKnown(string outcome) =>
        outcome is Completed or Succeeded or Diverged or Futile;
}
