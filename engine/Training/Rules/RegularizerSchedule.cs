using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// α, the weight of Ω beside the loss, over the updates: a first value, factors from given
/// updates on, and a decay 1/(1 + max(0, u − from)/updates). The learner asks for it before each
/// gradient.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement (constant α for the synthetic tasks, steps
/// by epoch for music, the decay for Penn Treebank).
/// </summary>
public sealed record RegularizerSchedule : TrainingRule
{
    internal const string Member = "regularizer";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => new("regularizer", 1);

    /// <summary>The first α, finite and 0 or more.</summary>
    public required double Alpha { get; init; }

    /// <summary>Later values relative to the first.</summary>
    public Schedule Steps { get; init; } = Schedule.Constant;

    /// <summary>Updates after which the decay has halved α, positive; null for no decay.
    /// </summary>
    public double? DecayUpdates { get; init; }

    /// <summary>The update, counted from 0, at which the decay begins.</summary>
    public long DecayFrom { get; init; }

    /// <summary>Which Ω.</summary>
    public RegularizerSpec Form { get; init; } = new();

    /// <summary>α of an update counted from 0.</summary>
    public double AlphaAt(long update)
    {
        double decay = DecayUpdates is { } half
            ? 1 + (Math.Max(0, update - DecayFrom) / half)
            : 1;
        return Alpha * Steps.FactorAt(update, long.MaxValue) / decay;
    }

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (!double.IsFinite(Alpha) || Alpha < 0)
        {
            throw new ArgumentException(
                $"the regulariser's α is {Alpha}; a finite number of 0 or more is needed");
        }
        if (DecayUpdates is { } half && !(double.IsFinite(half) && half > 0))
        {
            throw new ArgumentException(
                $"α's decay takes {half} updates; a finite number above 0 is needed");
        }
        if (!(Form.Bound >= 1e-30))
        {
            throw new ArgumentException(
                $"the regulariser's bound is {Form.Bound}; 1e-30 or more is needed");
        }
        if (Steps.IsLinear)
        {
            throw new ArgumentException(
                "α's schedule is linear, which is for learning rates; give steps or a decay");
        }
        Steps.Validate("α", zeroAllowed: true);
    }

    internal static RegularizerSchedule FromSettings(SettingsNode node)
    {
        node.Only("alpha", "steps", "decay", "ratio", "bound");
        RegularizerSpec form = new();
        bool decays = node.Has("decay");
        return new()
        {
            Alpha = node["alpha"].Number,
            Steps = Schedule.Read(node["steps"]),
            DecayUpdates = decays ? node["decay"][0].Number : null,
            DecayFrom = decays ? node["decay"][1].Whole : 0,
            Form = new(
                node.Has("ratio")
                    ? node["ratio"].Member<NormRatio>(Word)
                    : form.Ratio,
                node.Has("bound") ? node["bound"].Number : form.Bound),
        };
    }

    internal override JsonNode Describe() => new JsonObject
    {
        ["alpha"] = Alpha,
        ["steps"] = Steps.Describe(),
        ["decay"] = DecayUpdates is { } half ? new JsonArray(half, DecayFrom) : null,
        ["ratio"] = Word(Form.Ratio),
        ["bound"] = Form.Bound,
    };

    internal override RuleAtWork Start(TrainingLoop trainer) => new();

    private static string Word(NormRatio ratio) => ratio switch
    {
        NormRatio.Squared => "squared",
        NormRatio.Plain => "plain",
        _ => throw Unknown.Member(ratio),
    };
}
