using NUnit.Framework;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class SequenceLengthTests
{
    [Test]
    public void Lengths_are_uniform_from_the_minimum_to_the_maximum_in_every_fold(
        [Values] Fold fold)
    {
        const int n = 30_000;
        SequenceLength length = new(50, 64);
        int[] counts = new int[15];
        for (long group = 0; group < n; group++)
        {
            counts[length.Of(11, fold, group) - 50]++;
        }
        Assert.That(
            counts.Select(c => (double)c),
            Is.All.EqualTo(n / 15.0).Within(Generated.Spread(n, 1 / 15.0)));
    }

    [Test]
    public void Folds_seeds_and_groups_have_lengths_of_their_own()
    {
        SequenceLength length = new(50, 199);
        int[] Of(ulong seed, Fold fold, int first) =>
            [.. Enumerable.Range(first, 30).Select(g => length.Of(seed, fold, g))];
        int[] one = Of(1, Fold.Training, 0);
        Assert.That(Of(1, Fold.Training, 0), Is.EqualTo(one));
        int[][] others =
        [
            Of(2, Fold.Training, 0), Of(1, Fold.Training, 1), Of(1, Fold.Validation, 0),
            Of(1, Fold.Test, 0),
        ];
        Assert.That(others, Has.None.EqualTo(one));
        Assert.That(others[2], Is.Not.EqualTo(others[3]));
    }

    [Test]
    public void A_number_is_a_length_that_never_changes()
    {
        SequenceLength length = 16;
        Assert.That(length, Is.EqualTo(new SequenceLength(16, 16)));
        Assert.That(
            Enumerable.Range(0, 100).Select(g => length.Of(3, Fold.Training, g)),
            Is.All.EqualTo(16));
    }

    [TestCase(0, 5)]
    [TestCase(-3, -3)]
    [TestCase(6, 5)]
    public void An_empty_range_or_one_below_one_step_is_refused(int minimum, int maximum) =>
        Assert.That(
            () => new SequenceLength(minimum, maximum),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"lengths from {minimum} to {maximum}")
                .And.Message.Contains("1 or more"));

    [Test]
    public void A_group_beyond_the_counter_is_an_error_and_no_repetition() =>
        Assert.That(
            () => new SequenceLength(5, 6).Of(1, Fold.Test, 1L << 32),
            Throws.TypeOf<OverflowException>());
}
