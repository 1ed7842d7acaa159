namespace Repro.Engine.Tasks;

/// <summary>Names of the scores in a run's record.</summary>
public static class MetricNames
{
    /// <summary>Share of sequences that are right, 0 … 1.</summary>
    public const string Correct = "correct";

    /// <summary>Mean squared error.</summary>
    public const string SquaredError = "squared error";

    /// <summary>Squared error of a sequence, divided by that of its mean: the best constant has 1.
    /// </summary>
    public const string NormalisedError = "normalised error";

    /// <summary>Mean cross-entropy, nats.</summary>
    public const string CrossEntropy = "cross-entropy";

    /// <summary>Negative log-likelihood of a frame, the sum over its keys, nats.</summary>
    public const string NegativeLogLikelihood = "negative log-likelihood";

    /// <summary>Negative log-likelihood of a character, bits.</summary>
    public const string BitsPerCharacter = "bits per character";
}
