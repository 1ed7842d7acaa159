using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Tests.Runs;

namespace Repro.Engine.Tests.Records;

/// <summary>Where a run made anew leaves the recorded one.</summary>
public sealed class RecordDifferenceTests
{
    private static readonly double[] Updates = [0, 100, 200, 300];

    [Test]
    public void Equal_records_differ_in_nothing() =>
        Assert.That(RecordDifference.Describe(Record(), Record()), Is.Empty);

    [Test]
    public void The_first_difference_lies_between_two_points_of_any_curve()
    {
        RunRecord made = Record(loss: [1, 0.5, 0.25, 0.126], norm: [3, 2, 1.5, 7], weights: "bb");
        RunRecord later = Record(loss: [1, 0.5, 0.26, 0.126], norm: [3, 2, 1.5, 7], weights: "bb");
        Assert.That(RecordDifference.Describe(Record(), made)[0],
            Does.Contain("after update 200").And.Contain("not after update 300"));
        Assert.That(RecordDifference.Describe(Record(), later)[0],
            Does.Contain("after update 100").And.Contain("not after update 200")
                .And.Contain("'loss' has 0.25 in the record and 0.26 here"));
        Assert.That(
            RecordDifference.Describe(Record(), made),
            Has.One.EqualTo("the final weights differ: aa is recorded, bb was made"));
    }

    [Test]
    public void A_difference_at_the_start_has_no_point_before_it() =>
        Assert.That(
            RecordDifference.Describe(Record(), Record(loss: [2, 0.5, 0.25, 0.125]))[0],
            Does.Contain("at update 0, the first point there is"));

    [Test]
    public void Other_weights_behind_equal_points_differ_late_or_little() =>
        Assert.That(
            RecordDifference.Describe(Record(), Record(weights: "bb"))[0],
            Does.Contain("after update 300").And.Contain("six digits"));

    [Test]
    public void An_altered_score_over_the_same_weights_is_told_from_another_training()
    {
        IReadOnlyList<string> said = RecordDifference.Describe(Record(), Record(correct: 0.99));
        Assert.That(said, Has.One.Contains("the final weights are the same bytes"));
        Assert.That(
            said, Has.One.EqualTo("'correct' is 0.75 in the record and 0.99 here"));
    }

    [Test]
    public void A_run_that_ended_elsewhere_is_compared_at_the_points_of_both()
    {
        RunRecord made = Record(
            updates: [0, 100, 250], loss: [1, 0.5, 9], norm: [3, 2, 9], weights: "bb", made: 250);
        IReadOnlyList<string> said = RecordDifference.Describe(Record(), made);
        Assert.That(said[0], Does.Contain("after update 100"));
        Assert.That(said, Has.One.EqualTo("the record has 300 updates, the run here 250"));
        Assert.That(said, Has.One.Contains("'loss' has 4 points in the record and 3 here"));
    }

    private static RunRecord Record(
        double[]? updates = null, double[]? loss = null, double[]? norm = null,
        string weights = "aa", double correct = 0.75, long made = 300) => RunRecord.Of(
            new FakeRun(1),
            new RunResult(
                Outcomes.Completed,
                new Dictionary<string, double> { ["correct"] = correct },
                new Dictionary<string, Curve>
                {
                    ["loss"] = new(updates ?? Updates, loss ?? [1, 0.5, 0.25, 0.125]),
                    ["norm"] = new(updates ?? Updates, norm ?? [3, 2, 1.5, 1.25]),
                },
                weights, made));
}
