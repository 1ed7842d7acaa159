using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training;

/// <summary>
/// How a network is trained: budget, steps, evaluation and rules. Every stopping rule counts
/// updates, never seconds.
/// </summary>
public sealed record TrainingSpec
{
    // The members of a run's settings of training that are neither rules nor an optimiser's.
    private static readonly string[] Own =
    [
        "batch", "updates", "learningRate", "schedule", "optimizer", "clipping", "threshold",
        "lossFactor", "evaluateEvery", "validation", "testCurve", "test",
    ];

    private readonly IReadOnlyList<TrainingRule> rules = [];

    /// <summary>B, sequences an update, 1 or more.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Updates in all, 0 or more.</summary>
    public required long Updates { get; init; }

    /// <summary>The first learning rate, finite and positive.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Later rates, in steps or linearly to 0 at the end of the budget.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd();

    /// <summary>Clipping.</summary>
    public ClippingSpec Clipping { get; init; } = new();

    /// <summary>What the run does beside its updates, at most one rule of each kind; their order
    /// says nothing.</summary>
    public IReadOnlyList<TrainingRule> Rules
    {
        get => rules;
        init => rules = [.. value.OrderBy(rule => rule.Name, StringComparer.Ordinal)];
    }

    /// <summary>What multiplies the loss (½ for ½(z − y)²), positive.</summary>
    public double LossFactor { get; init; } = 1;

    /// <summary>Updates between two points of the curves, 1 or more.</summary>
    public long EvaluateEvery { get; init; } = 1_000;

    /// <summary>Sequences of the validation fold read at each point; 0 for none.</summary>
    public int ValidationSequences { get; init; }

    /// <summary>
    /// Whether the test fold is read at every point of the curves, as a figure that plots test
    /// loss against epochs needs. No choice may be made on it.
    /// </summary>
    public bool TestCurve { get; init; }

    /// <summary>Test sequences read for the curve and at the end; null reads all of them.
    /// </summary>
    public int? TestSequences { get; init; }

    /// <summary>The components of training that a run with this spec uses.</summary>
    internal IEnumerable<PartVersion> Parts =>
    [
        new("training", 1), new("optimizer." + Optimizer.Name, Optimizer.BehaviourVersion),
        .. Rules.Select(rule => rule.Part).Append(Clipping.Part).Append(Schedule.Part)
            .OfType<PartVersion>(),
    ];

    /// <summary>The rule of a kind; null when there is none.</summary>
    public TRule? Rule<TRule>()
        where TRule : TrainingRule
    {
        foreach (TrainingRule rule in rules)
        {
            if (rule is TRule wanted)
            {
                return wanted;
            }
        }
        return null;
    }

    /// <summary>This spec with one more rule, in place of another of its kind.</summary>
    public TrainingSpec With(TrainingRule rule) =>
        this with { Rules = [.. rules.Where(r => r.GetType() != rule.GetType()), rule] };

    /// <summary>This spec without the rule of a kind; the same where there is none.</summary>
    public TrainingSpec Without<TRule>()
        where TRule : TrainingRule =>
        this with { Rules = [.. rules.Where(r => r is not TRule)] };

    /// <summary>The learning rate of an update counted from 0.</summary>
    public double RateAt(long update) =>
        LearningRate * Schedule.FactorAt(update, Updates);

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.
    /// </exception>
    public void Validate()
    {
        Check(BatchSize >= 1, $"batch size is {BatchSize}; 1 or more is needed");
        Check(Updates >= 0, $"the number of updates is {Updates}; 0 or more is needed");
        Check(
            double.IsFinite(LearningRate) && LearningRate > 0,
            $"learning rate is {LearningRate}; a finite number above 0 is needed");
        Check(EvaluateEvery >= 1, $"evaluation every {EvaluateEvery} updates; 1 or more is needed");
        Check(
            double.IsFinite(LossFactor) && LossFactor > 0,
            $"loss factor is {LossFactor}; a finite number above 0 is needed");
        Check(
            ValidationSequences >= 0,
            $"{ValidationSequences} validation sequences; 0 or more are needed");
        Check(
            TestSequences is null or >= 1,
            $"{TestSequences} test sequences; 1 or more are needed, or none stated for all");
        Clipping.Validate();
        Check(
            Clipping.Kind != ClippingKind.Message || Rule<RegularizerSchedule>() is null,
            "messages are clipped and Ω is asked for; Ω measures whole messages, so leave one out");
        Optimizer.Validate();
        Optimizer.ValidateWithin(this);
        Schedule.Validate("the schedule");
        for (int i = 0; i < rules.Count; i++)
        {
            Check(
                i == 0 || rules[i].Name != rules[i - 1].Name,
                $"two rules are called '{rules[i].Name}'; one is needed");
            rules[i].Validate(this);
        }
    }

    /// <summary>The spec that settings describe, in the words of a recorded run's.</summary>
    /// <param name="node">The member <c>training</c> of a run's settings.</param>
    /// <exception cref="SettingsException">A member is missing, misspelt or of another kind.
    /// </exception>
    public static TrainingSpec Read(SettingsNode node)
    {
        node.Only([.. Own, .. Optimizer.MembersOf(node), .. TrainingRule.Names]);
        return new TrainingSpec
        {
            BatchSize = node["batch"].Count,
            Updates = node["updates"].Whole,
            LearningRate = node["learningRate"].Number,
            Schedule = Schedule.Read(node["schedule"]),
            Optimizer = Optimizer.Read(node),
            Clipping = ClippingSpec.Read(node),
            LossFactor = node["lossFactor"].Number,
            EvaluateEvery = node["evaluateEvery"].Whole,
            ValidationSequences = node["validation"].Count,
            TestCurve = node["testCurve"].Flag,
            TestSequences = node.Has("test") ? node["test"].Count : null,
            Rules = TrainingRule.Read(node),
        };
    }

    /// <summary>The settings as <see cref="Read"/> reads them; part of a run's id.</summary>
    internal JsonObject Describe()
    {
        JsonObject node = new()
        {
            ["batch"] = BatchSize,
            ["updates"] = Updates,
            ["learningRate"] = LearningRate,
            ["schedule"] = Schedule.Describe(),
            ["lossFactor"] = LossFactor,
            ["evaluateEvery"] = EvaluateEvery,
            ["validation"] = ValidationSequences,
            ["testCurve"] = TestCurve,
            ["test"] = TestSequences,
        };
        Optimizer.Describe(node);
        Clipping.Describe(node);
        foreach (TrainingRule rule in rules)
        {
            node[rule.Name] = rule.Describe();
        }
        return node;
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
