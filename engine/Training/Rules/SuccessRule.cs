using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// A run has learnt its task when at most so many of so many fresh sequences are wrong. Each
/// check reads validation sequences that no check read before, and ends at the first sequence
/// that is one too many.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: fewer than 100 of 10,000 for Fig. 7, none
/// for training on random lengths.
/// </summary>
/// <param name="MaximumWrong">Wrong sequences allowed, 0 or more.</param>
/// <param name="Sequences">Sequences of a check, more than may be wrong.</param>
/// <param name="CheckEvery">Updates between two checks, 1 or more.</param>
public sealed record SuccessRule(int MaximumWrong, int Sequences, long CheckEvery) : TrainingRule
{
    internal const string Member = "success";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => PartVersion.Rules;

    /// <inheritdoc/>
    public override bool MayEndRun => true;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (MaximumWrong < 0 || Sequences <= MaximumWrong || CheckEvery < 1)
        {
            throw new ArgumentException(
                $"the success rule allows {MaximumWrong} wrong of {Sequences} sequences every "
                + $"{CheckEvery} updates; 0 or more, a larger number and 1 or more are needed");
        }
    }

    internal static SuccessRule FromSettings(SettingsNode node)
    {
        node.Only("wrong", "sequences", "every");
        return new(node["wrong"].Count, node["sequences"].Count, node["every"].Whole);
    }

    internal override JsonNode Describe() => new JsonObject
    {
        ["wrong"] = MaximumWrong,
        ["sequences"] = Sequences,
        ["every"] = CheckEvery,
    };

    internal override RuleAtWork Start(TrainingLoop trainer)
    {
        if (Sequences % trainer.Task.EvaluationBatch != 0)
        {
            throw new ArgumentException(
                $"a check of {Sequences} sequences is not whole batches of "
                + $"{trainer.Task.EvaluationBatch}, as task '{trainer.Task.Name}' evaluates them");
        }
        return new Check(this, trainer);
    }

    private sealed class Check(SuccessRule rule, TrainingLoop trainer) : RuleAtWork
    {
        public override string? Decide()
        {
            if (trainer.Updates % rule.CheckEvery != 0)
            {
                return null;
            }
            // Check n reads sequences n·N … (n + 1)·N − 1: the first N are the curve's.
            long check = trainer.Updates / rule.CheckEvery;
            return trainer.IsWithin(
                Fold.Validation, check * rule.Sequences, rule.Sequences, rule.MaximumWrong)
                ? Outcomes.Succeeded
                : null;
        }
    }
}
