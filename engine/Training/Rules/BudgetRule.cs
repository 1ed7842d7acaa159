using System.Globalization;
using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// A run ends with the first update after which it has spent a stated number of sequences, or of
/// floating-point operations, whichever comes first: a budget that methods share whose updates
/// cost differently. What was spent is among the scores of the run.
/// </summary>
/// <remarks>A sequence counts once for each gradient and each Gauss–Newton product taken of it.
/// Operations are those of <see cref="SweepCost"/>; a Hessian-free update's also have the sweeps
/// that only compare losses. What is read to measure a network counts nowhere.</remarks>
/// <param name="Sequences">Sequences, 1 or more; null for no such limit.</param>
/// <param name="Operations">Operations, above 0 and finite; null for no such limit.</param>
public sealed record BudgetRule(long? Sequences, double? Operations) : TrainingRule
{
    internal const string Member = "budget";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => new(Member, 1);

    /// <inheritdoc/>
    public override double ShareOf(IReadOnlyDictionary<string, double> metrics) => ShareOf(
        metrics.GetValueOrDefault(TrainingCurves.Sequences),
        metrics.GetValueOrDefault(TrainingCurves.Operations));

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (Sequences is null && Operations is null)
        {
            throw new ArgumentException(
                "the budget limits nothing; state sequences, operations or both");
        }
        if (Sequences < 1)
        {
            throw new ArgumentException(
                $"a budget of {Sequences} sequences; 1 or more are needed");
        }
        if (Operations is { } operations && !(double.IsFinite(operations) && operations > 0))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"a budget of {operations} operations; ")
                + "a finite number above 0 is needed");
        }
    }

    private double ShareOf(double sequences, double operations) =>
        Math.Min(1, Math.Max(
            sequences / (Sequences ?? double.PositiveInfinity),
            operations / (Operations ?? double.PositiveInfinity)));

    internal static BudgetRule FromSettings(SettingsNode node)
    {
        node.Only("sequences", "operations");
        return new BudgetRule(
            node.Has("sequences") ? node["sequences"].Whole : null,
            node.Has("operations") ? node["operations"].Number : null);
    }

    internal override JsonNode Describe() => new JsonObject
    {
        ["sequences"] = Sequences,
        ["operations"] = Operations,
    };

    internal override RuleAtWork Start(TrainingLoop trainer) => new Account(this, trainer);

    /// <summary>Counts the gradients of batches; a learner that spends otherwise says it itself.
    /// </summary>
    private sealed class Account(BudgetRule rule, TrainingLoop trainer) : RuleAtWork
    {
        private readonly Dictionary<int, double> operationsBySteps = [];
        private Spending own;

        public override bool IsExhausted =>
            Now.Sequences >= rule.Sequences || Now.Operations >= rule.Operations;

        public override double Share => rule.ShareOf(Now.Sequences, Now.Operations);

        private Spending Now => trainer.Spent ?? own;

        public override void BeforeGradient<T>(Batch<T> batch)
        {
            if (!operationsBySteps.TryGetValue(batch.Steps, out double operations))
            {
                operations = trainer.CostOf(batch.Steps).Gradient;
                operationsBySteps.Add(batch.Steps, operations);
            }
            own = new Spending(
                own.Sequences + batch.Size, own.Operations + (batch.Size * operations));
        }

        public override void AddScores(Action<string, double> add)
        {
            // A learner that counts for itself adds what it counted.
            if (trainer.Spent is null)
            {
                add(TrainingCurves.Sequences, own.Sequences);
                add(TrainingCurves.Operations, own.Operations);
            }
        }

        public override void Write(BinaryWriter writer)
        {
            writer.Write(own.Sequences);
            writer.Write(own.Operations);
        }

        public override void Read(BinaryReader reader) =>
            own = new Spending(reader.ReadInt64(), reader.ReadDouble());
    }
}
