using NUnit.Framework;
using Repro.Engine.Training;

namespace Repro.Engine.Tests.Training;

public sealed class TrainingOrderTests
{
    [Test]
    public void Every_epoch_visits_each_sequence_once_and_no_two_epochs_alike()
    {
        TrainingOrder order = new(50, 3);
        long[][] epochs = [.. Enumerable.Range(0, 6).Select(e => Epoch(order, e, 50))];
        foreach (long[] epoch in epochs)
        {
            Assert.That(epoch.Order(), Is.EqualTo(Enumerable.Range(0, 50)));
        }
        Assert.That(epochs.Select(e => string.Join(",", e)), Is.Unique);
        Assert.That(epochs[0], Is.Not.Ordered, "the first epoch is shuffled too");
    }

    [Test]
    public void A_position_has_the_same_sequence_whatever_was_asked_before()
    {
        TrainingOrder straight = new(50, 3);
        long[] expected = [.. Enumerable.Range(0, 200).Select(p => straight.At(p))];
        TrainingOrder backwards = new(50, 3);
        for (int p = 199; p >= 0; p--)
        {
            Assert.That(backwards.At(p), Is.EqualTo(expected[p]));
        }
    }

    [Test]
    public void Another_seed_gives_another_order() =>
        Assert.That(
            Epoch(new TrainingOrder(50, 4), 0, 50),
            Is.Not.EqualTo(Epoch(new TrainingOrder(50, 3), 0, 50)));

    [Test]
    public void Fresh_sequences_come_in_their_own_order()
    {
        TrainingOrder fresh = new(null, 3);
        Assert.That(
            new long[] { 0, 1, 99, 1L << 40 }.Select(fresh.At),
            Is.EqualTo(new long[] { 0, 1, 99, 1L << 40 }));
    }

    [Test]
    public void A_set_of_one_is_visited_again_and_again() =>
        Assert.That(Epoch(new TrainingOrder(1, 3), 0, 20), Is.All.Zero);

    [Test]
    public void With_replacement_every_draw_is_uniform_and_apart_from_the_one_before()
    {
        const int n = 10;
        const int draws = 40_000;
        TrainingOrder order = new(n, 3, replaces: true);
        int[] counts = new int[n];
        int[] pairs = new int[n * n];
        long before = 0;
        for (int p = 0; p < draws; p++)
        {
            long at = order.At(p);
            counts[at]++;
            pairs[(before * n) + at]++;
            before = at;
        }
        Assert.That(ChiSquared(counts, draws), Is.LessThan(27.9), "9 degrees, p = .001");
        Assert.That(ChiSquared(pairs, draws), Is.LessThan(148.2), "99 degrees, p = .001");

        static double ChiSquared(int[] seen, double all) => seen.Sum(
            c => (c - (all / seen.Length)) * (c - (all / seen.Length)) / (all / seen.Length));
    }

    [Test]
    public void With_replacement_a_position_has_the_same_sequence_whatever_was_asked_before()
    {
        long[] expected = Epoch(new TrainingOrder(50, 3, replaces: true), 0, 200);
        TrainingOrder backwards = new(50, 3, replaces: true);
        for (int p = 199; p >= 0; p--)
        {
            Assert.That(backwards.At(p), Is.EqualTo(expected[p]));
        }
        Assert.That(
            Epoch(new TrainingOrder(50, 4, replaces: true), 0, 200), Is.Not.EqualTo(expected));
        Assert.That(expected.Take(50).Distinct().Count(), Is.LessThan(50), "some come twice");
    }

    private static long[] Epoch(TrainingOrder order, int epoch, int length) =>
        [.. Enumerable.Range(epoch * length, length).Select(p => order.At(p))];
}
