using NUnit.Framework;
using Repro.Engine.Dynamics;

namespace Repro.Engine.Tests.Dynamics;

/// <summary>Fixed points of one logistic unit and where they meet.</summary>
public sealed class SigmoidUnitTests
{
    [TestCase(4.1)]
    [TestCase(5.0)]
    [TestCase(12.0)]
    public void Saddle_nodes_agree_with_the_closed_form(double weight)
    {
        IReadOnlyList<SaddleNode> found = SaddleNodes.Find(weight);
        Assert.That(found, Has.Count.EqualTo(2));
        // w·x(1 − x) = 1 gives x = ½ ± √(¼ − 1/w); here with the runtime's own logarithm.
        double half = Math.Sqrt(0.25 - (1 / weight));
        for (int i = 0; i < 2; i++)
        {
            double x = i == 0 ? 0.5 + half : 0.5 - half;
            double b = Math.Log(x / (1 - x)) - (weight * x);
            Assert.That(found[i].State, Is.EqualTo(x).Within(1e-12));
            Assert.That(found[i].Bias, Is.EqualTo(b).Within(1e-12));
        }
    }

    [Test]
    public void At_weight_5_they_are_the_papers_b1_and_b2()
    {
        IReadOnlyList<SaddleNode> found = SaddleNodes.Find(5);
        Assert.That(found[0].Bias, Is.EqualTo(-2.655610).Within(5e-7), "b2");
        Assert.That(found[0].State, Is.EqualTo(0.723607).Within(5e-7));
        Assert.That(found[1].Bias, Is.EqualTo(-2.344390).Within(5e-7), "b1");
        Assert.That(found[1].State, Is.EqualTo(0.276393).Within(5e-7));
    }

    [TestCase(4.0)]
    [TestCase(1.0)]
    [TestCase(-7.0)]
    public void A_weight_of_4_or_less_has_none(double weight) =>
        Assert.That(SaddleNodes.Find(weight), Is.Empty);

    [Test]
    public void Two_fixed_points_appear_and_vanish_at_the_saddle_nodes()
    {
        foreach (SaddleNode node in SaddleNodes.Find(5))
        {
            bool isLower = node.State < 0.5;
            int inside = Count(node.Bias + (isLower ? -1e-9 : 1e-9));
            int outside = Count(node.Bias + (isLower ? 1e-9 : -1e-9));
            Assert.That((inside, outside), Is.EqualTo((3, 1)), $"b = {node.Bias}");
        }
        static int Count(double bias) => new SigmoidUnit(5, bias).FixedPoints().Count;
    }

    [Test]
    public void Every_fixed_point_maps_to_itself_and_its_slope_is_the_maps_derivative()
    {
        foreach (double weight in new[] { -6.0, 0.5, 4.5, 5, 9 })
        {
            for (double bias = -6; bias <= 4; bias += 0.37)
            {
                SigmoidUnit unit = new(weight, bias);
                foreach (FixedPoint point in unit.FixedPoints())
                {
                    const double h = 1e-6;
                    double slope = (unit.Next(point.State + h) - unit.Next(point.State - h))
                        / (2 * h);
                    Assert.That(unit.Next(point.State), Is.EqualTo(point.State).Within(1e-14));
                    Assert.That(point.Slope, Is.EqualTo(slope).Within(1e-8));
                }
            }
        }
    }

    [Test]
    public void Orbits_on_the_two_sides_of_the_boundary_end_in_different_attractors()
    {
        for (double bias = -2.64; bias < -2.35; bias += 0.01)
        {
            SigmoidUnit unit = new(5, bias);
            IReadOnlyList<FixedPoint> points = unit.FixedPoints();
            Assert.That(points.Select(p => p.Kind), Is.EqualTo(new[]
            {
                FixedPointKind.Attractor, FixedPointKind.Boundary, FixedPointKind.Attractor,
            }));
            foreach (double side in new[] { -1e-7, 1e-7 })
            {
                double start = points[1].State + side;
                double end = unit.After(start, 5000);
                Assert.That(end, Is.EqualTo(points[side < 0 ? 0 : 2].State).Within(1e-9));
                Assert.That(unit.AttractorOf(start), Is.EqualTo(end).Within(1e-9));
            }
        }
    }

    [Test]
    public void A_unit_that_is_not_finite_and_a_state_outside_0_to_1_are_refused()
    {
        Assert.That(
            () => new SigmoidUnit(double.NaN, 0).FixedPoints(),
            Throws.ArgumentException.With.Message.Contains("NaN"));
        Assert.That(
            () => SaddleNodes.BiasAt(5, 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 and 1"));
    }
}
