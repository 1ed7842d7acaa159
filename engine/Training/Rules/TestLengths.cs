using System.Globalization;
using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>At the end the network is tested at other lengths T as well.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: trained on 50 to 200 steps, tested up to
/// 5,000.</summary>
/// <param name="Lengths">Each T, 1 or more.</param>
public sealed record TestLengths(IReadOnlyList<int> Lengths) : TrainingRule
{
    internal const string Member = "testLengths";

    /// <summary>Other lengths to test at.</summary>
    public TestLengths(params int[] lengths)
        : this((IReadOnlyList<int>)lengths)
    {
    }

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        foreach (int length in Lengths)
        {
            if (length < 1)
            {
                throw new ArgumentException(
                    $"a test length is {length}; 1 step or more is needed");
            }
        }
    }

    internal static TestLengths FromSettings(SettingsNode node) =>
        new([.. node.Elements.Select(e => e.Count)]);

    internal override JsonNode Describe() =>
        new JsonArray([.. Lengths.Select(n => (JsonNode)n)]);

    internal override RuleAtWork Start(TrainingLoop trainer) => new Test(Lengths, trainer);

    private sealed class Test(IReadOnlyList<int> lengths, TrainingLoop trainer) : RuleAtWork
    {
        public override void AddScores(Action<string, double> add)
        {
            foreach (int length in lengths)
            {
                foreach ((string name, double value) in
                    trainer.ScoreAtLength(length, trainer.Spec.TestSequences))
                {
                    add(string.Create(CultureInfo.InvariantCulture, $"test {name} at {length}"),
                        value);
                }
            }
        }
    }
}
