namespace Repro.Engine.Tasks;

/// <summary>Names of the scores in a run's record.</summary>
public static class MetricNames
{
    /// <summary>Share of sequences that are right, 0 … 1.</summary>
    public const string Correct = "correct";

    /// <summary>Mean squared error.</summary>
    public const string SquaredError = "squared error";

    /// <summary>Mean cross-entropy, nats.</summary>
    public const string CrossEntropy = "cross-entropy";
}
