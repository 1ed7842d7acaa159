using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Statistics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Runs;

/// <summary>What a clip is to a classifier that knows nothing of time.</summary>
public enum ClipView
{
    /// <summary>The mean of its frames.</summary>
    TimeMean,

    /// <summary>Its middle frame.</summary>
    MiddleFrame,
}

/// <summary>
/// A ridge regression on single vectors of the clips as an experiment: what can be had without a
/// recurrent network. Fitted on the training fold; the penalty is that of the smallest squared
/// error on the validation fold; the test fold is read once.
/// </summary>
public sealed class RidgeRun : IRunnable
{
    /// <summary>Curve of the validation accuracy over the penalty.</summary>
    public const string Penalties = "validation correct by penalty";

    /// <summary>The validation accuracy at the chosen penalty.</summary>
    public const string ValidationCorrect = "validation correct";

    private readonly Ucf101Task task;
    private readonly ClipView view;
    private readonly double[] penalties;

    /// <summary>A run.</summary>
    /// <param name="task">The clips; no other run may share it.</param>
    /// <param name="view">Which vector stands for a clip.</param>
    /// <param name="penalties">λ to choose from, 1 or more positive numbers.</param>
    /// <exception cref="ArgumentException">There is no penalty.</exception>
    public RidgeRun(Ucf101Task task, ClipView view, IReadOnlyList<double> penalties)
    {
        if (penalties.Count == 0)
        {
            throw new ArgumentException("there is no penalty to choose from; name one");
        }
        this.task = task;
        this.view = view;
        this.penalties = [.. penalties];
    }

    /// <inheritdoc/>
    public string Label => view == ClipView.TimeMean
        ? "ridge regression on the mean of a clip's frames"
        : "ridge regression on a clip's middle frame";

    /// <inheritdoc/>
    public JsonObject Spec => new()
    {
        ["kind"] = "ridge",
        ["task"] = task.Describe(),
        ["view"] = WordOf(view),
        ["penalties"] = new JsonArray([.. penalties.Select(p => (JsonNode?)p)]),
    };

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Behaviour => PartVersion.Union(
        PartVersion.Kernels, new("ridge", 1), new("task." + task.Name, task.BehaviourVersion));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> DataHashes => task.DataHashes;

    /// <inheritdoc/>
    public double EstimatedCost
    {
        get
        {
            double n = task.Count(Fold.Training) ?? 0;
            double fit = n * ((n * n) + (2.0 * task.InputSize * task.OutputSize));
            return (2 * n * n * task.InputSize) + (penalties.Length * fit);
        }
    }

    /// <inheritdoc/>
    public RunResult Execute(IRunContext context)
    {
        (double[] examples, int[] labels) = Read(Fold.Training);
        RidgeRegression regression = new(examples, task.InputSize, labels, task.OutputSize);
        (double[] validation, int[] validationLabels) = Read(Fold.Validation);
        double[] correct = new double[penalties.Length];
        double[] best = [];
        double least = double.PositiveInfinity;
        int chosen = 0;
        for (int i = 0; i < penalties.Length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            double[] weights = regression.Fit(penalties[i]);
            (correct[i], double error) = Score(regression, weights, validation, validationLabels);
            if (error < least)
            {
                (least, chosen, best) = (error, i, weights);
            }
            context.Report((i + 1.0) / penalties.Length, "");
        }
        (double[] test, int[] testLabels) = Read(Fold.Test);
        (double testCorrect, double testError) = Score(regression, best, test, testLabels);
        return new RunResult(
            Outcomes.Completed,
            new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["penalty"] = penalties[chosen],
                [ValidationCorrect] = correct[chosen],
                ["validation " + MetricNames.SquaredError] = least,
                ["test " + MetricNames.Correct] = testCorrect,
                ["test " + MetricNames.SquaredError] = testError,
            },
            new SortedDictionary<string, Curve>(StringComparer.Ordinal)
            {
                [Penalties] = new(penalties, correct),
            },
            "", 0);
    }

    private (double[] Examples, int[] Labels) Read(Fold fold)
    {
        int count = (int)(task.Count(fold) ?? 0);
        int size = task.InputSize;
        double[] examples = new double[count * size];
        int[] labels = new int[count];
        int first = view == ClipView.MiddleFrame ? task.Steps / 2 : 0;
        int steps = view == ClipView.MiddleFrame ? 1 : task.Steps;
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<float> frames = task.Frames(fold, n).Slice(first * size, steps * size);
            for (int i = 0; i < frames.Length; i++)
            {
                examples[(n * size) + (i % size)] += (double)frames[i] / steps;
            }
            labels[n] = task.Label(fold, n);
        }
        return (examples, labels);
    }

    private (double Correct, double SquaredError) Score(
        RidgeRegression regression, double[] weights, double[] examples, int[] labels)
    {
        double[] outputs = new double[task.OutputSize];
        double right = 0;
        double error = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            regression.Predict(
                weights, examples.AsSpan(n * task.InputSize, task.InputSize), outputs);
            for (int c = 0; c < outputs.Length; c++)
            {
                double off = outputs[c] - (c == labels[n] ? 1 : 0);
                error += off * off;
            }
            right += Largest.IndexOf<double>(outputs) == labels[n] ? 1 : 0;
        }
        return (right / labels.Length, error / labels.Length);
    }

    private static string WordOf(ClipView view) => view switch
    {
        ClipView.TimeMean => "mean",
        ClipView.MiddleFrame => "middle",
        _ => throw Unknown.Member(view),
    };
}
