using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

public class PhiloxTests
{
    // Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [TestCase(
        ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [TestCase(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Blocks_are_the_published_known_answers(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, string expected)
    {
        Philox random = new(((ulong)k1 << 32) | k0, purpose: c3, step: c2);
        random.Block(
            ((ulong)c1 << 32) | c0, out uint w0, out uint w1, out uint w2, out uint w3);
        Assert.That($"{w0:x8} {w1:x8} {w2:x8} {w3:x8}", Is.EqualTo(expected));
    }

    [Test]
    public void Fill_of_any_length_is_the_beginning_of_the_same_numbers()
    {
        Philox random = new(5, 6, 7);
        float[] all = new float[41];
        random.Fill(all);
        for (int length = 0; length < all.Length; length++)
        {
            float[] some = new float[length];
            random.Fill(some);
            Assert.That(some, Is.EqualTo(all[..length]), $"{length} numbers");
        }
        Assert.That(all, Is.All.GreaterThanOrEqualTo(0f).And.LessThan(1f));
        Assert.That(all.Distinct().Count(), Is.EqualTo(all.Length));
    }

    [Test]
    public void Seed_purpose_step_and_index_each_give_other_numbers()
    {
        double[] draws =
        [
            new Philox(1, 1, 1).Uniform(1), new Philox(2, 1, 1).Uniform(1),
            new Philox(1UL << 32, 1, 1).Uniform(1), new Philox(1, 2, 1).Uniform(1),
            new Philox(1, 1, 2).Uniform(1), new Philox(1, 1, 1).Uniform(0),
            new Philox(1, 1, 1).Uniform(2), new Philox(1, 1, 1).Uniform(1UL << 40),
        ];
        Assert.That(draws.Distinct().Count(), Is.EqualTo(draws.Length));
        Assert.That(new Philox(1, 1, 1).Uniform(1), Is.EqualTo(draws[0]));
    }

    [Test]
    public void Uniform_numbers_have_the_moments_of_the_unit_interval()
    {
        const int n = 100_000;
        Philox random = new(17, 1000);
        double sum = 0;
        double squares = 0;
        double neighbours = 0;
        for (ulong i = 0; i < n; i++)
        {
            double u = random.Uniform(i);
            Assert.That(u is >= 0 and < 1);
            sum += u;
            squares += u * u;
            neighbours += (u - 0.5) * (random.Uniform(i + 1) - 0.5);
        }
        // Four standard errors: the variances are 1/12, 4/45 and 1/144.
        Assert.That(sum / n, Is.EqualTo(1 / 2.0).Within(4 * Math.Sqrt(1 / 12.0 / n)));
        Assert.That(squares / n, Is.EqualTo(1 / 3.0).Within(4 * Math.Sqrt(4 / 45.0 / n)));
        Assert.That(neighbours / n, Is.EqualTo(0).Within(4 * Math.Sqrt(1 / 144.0 / n)));
    }

    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(7u)]
    [TestCase(100u)]
    public void Below_takes_every_value_equally_often(uint n)
    {
        const int draws = 70_000;
        Philox random = new(23, 1000);
        int[] counts = new int[n];
        for (ulong i = 0; i < draws; i++)
        {
            counts[random.Below(i, n)]++;
        }
        double expected = draws / (double)n;
        double chiSquare = counts.Sum(c => (c - expected) * (c - expected) / expected);
        // Mean n − 1, variance 2(n − 1); five standard deviations as the tail is not normal.
        Assert.That(chiSquare, Is.LessThanOrEqualTo(n - 1 + (5 * Math.Sqrt(2 * (n - 1.0)))));
    }

    [Test]
    public void Below_nothing_is_an_error() =>
        Assert.That(
            () => new Philox(1, 1).Below(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Normal_numbers_have_the_first_four_moments_of_a_standard_normal()
    {
        const int n = 100_000;
        Philox random = new(29, 1000);
        double[] moments = new double[5];
        for (ulong i = 0; i < n; i++)
        {
            double z = random.Normal(i);
            double power = 1;
            for (int k = 1; k <= 4; k++)
            {
                power *= z;
                moments[k] += power / n;
            }
        }
        // Var zᵏ = 1, 2, 15, 96.
        Assert.That(moments[1], Is.EqualTo(0).Within(4 * Math.Sqrt(1.0 / n)));
        Assert.That(moments[2], Is.EqualTo(1).Within(4 * Math.Sqrt(2.0 / n)));
        Assert.That(moments[3], Is.EqualTo(0).Within(4 * Math.Sqrt(15.0 / n)));
        Assert.That(moments[4], Is.EqualTo(3).Within(4 * Math.Sqrt(96.0 / n)));
    }
}
