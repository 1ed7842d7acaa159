using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// Something a run does beside its updates: a stopping rule, a measure, a change of rate or
/// gradient. A rule's constants, ranges, words, version and conduct stand in one file beside this
/// one; <see cref="Read"/> has a line for each.
/// </summary>
public abstract record TrainingRule
{
    /// <summary>Its member among a run's settings of training; part of ids.</summary>
    public abstract string Name { get; }

    /// <summary>The component whose behaviour version a run with this rule states, and the
    /// version; null for a rule that changes nothing but what is measured.</summary>
    public virtual PartVersion? Part => null;

    /// <summary>Whether a run may end by it before its budget is used up.</summary>
    public virtual bool MayEndRun => false;

    /// <summary>The share of a run that ended which the rule knows to be done, 0 to 1; 0 where it
    /// knows nothing of it.</summary>
    /// <param name="metrics">The run's results by name.</param>
    public virtual double ShareOf(IReadOnlyDictionary<string, double> metrics) => 0;

    /// <summary>Checks every range.</summary>
    /// <param name="training">The spec that the rule is part of.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.
    /// </exception>
    public abstract void Validate(TrainingSpec training);

    /// <summary>The rules that settings name, and no other.</summary>
    /// <param name="training">A run's settings of training.</param>
    /// <exception cref="SettingsException">A rule's settings are not what it needs.</exception>
    public static IReadOnlyList<TrainingRule> Read(SettingsNode training) =>
        [.. Readers.Where(r => training.Has(r.Key)).Select(r => r.Value(training[r.Key]))];

    /// <summary>The members that rules may have among a run's settings of training.</summary>
    internal static IEnumerable<string> Names => Readers.Keys;

    /// <summary>Its settings, the value of its member.</summary>
    internal abstract JsonNode Describe();

    /// <summary>The rule at work in one run.</summary>
    /// <param name="trainer">The run's trainer.</param>
    internal abstract RuleAtWork Start(TrainingLoop trainer);

    private static readonly SortedDictionary<string, Func<SettingsNode, TrainingRule>> Readers =
        new(StringComparer.Ordinal)
        {
            [BudgetRule.Member] = BudgetRule.FromSettings,
            [DropoutRule.Member] = DropoutRule.FromSettings,
            [FrozenBiases.Member] = FrozenBiases.FromSettings,
            [FutilityRule.Member] = FutilityRule.FromSettings,
            [GradientGuard.Member] = GradientGuard.FromSettings,
            [HalvingRule.Member] = HalvingRule.FromSettings,
            [KeptOutputs.Member] = KeptOutputs.FromSettings,
            [RegularizerSchedule.Member] = RegularizerSchedule.FromSettings,
            [ReplacementRule.Member] = ReplacementRule.FromSettings,
            [SelectionRule.Member] = SelectionRule.FromSettings,
            [SpectrumRule.Member] = SpectrumRule.FromSettings,
            [SuccessRule.Member] = SuccessRule.FromSettings,
            [TestLengths.Member] = TestLengths.FromSettings,
            [TraceWindow.Member] = TraceWindow.FromSettings,
            [TrainingScore.Member] = TrainingScore.FromSettings,
        };
}

/// <summary>A rule at work: its state in one run, and what it does at each point of it.</summary>
internal class RuleAtWork
{
    /// <summary>What multiplies the learning rate from now on.</summary>
    public virtual double RateFactor => 1;

    /// <summary>Whether nothing is left to do, whatever the budget.</summary>
    public virtual bool IsExhausted => false;

    /// <summary>The share of the run that the rule knows to be done, 0 to 1.</summary>
    public virtual double Share => 0;

    /// <summary>Before the gradient of an update: changes to the batch.</summary>
    public virtual void BeforeGradient<T>(Networks.Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    /// <summary>After the gradient and before the step: changes to the gradient.</summary>
    public virtual void AfterGradient()
    {
    }

    /// <summary>After an update, which <see cref="TrainingLoop.Updates"/> already counts.</summary>
    public virtual void AfterUpdate(UpdateReport report)
    {
    }

    /// <summary>At each point of the curves.</summary>
    /// <param name="scores">Scores of the validation fold; null where none is read.</param>
    public virtual void AtPoint(IReadOnlyDictionary<string, double>? scores)
    {
    }

    /// <summary>After an update and its point of the curves: an outcome that ends the run, or
    /// null.</summary>
    public virtual string? Decide() => null;

    /// <summary>At the end of the run, with the weights that are tested: more scores.</summary>
    public virtual void AddScores(Action<string, double> add)
    {
    }

    /// <summary>Writes what a later <see cref="Read"/> needs.</summary>
    public virtual void Write(BinaryWriter writer)
    {
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public virtual void Read(BinaryReader reader)
    {
    }
}
