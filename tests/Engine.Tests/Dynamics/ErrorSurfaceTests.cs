using NUnit.Framework;
using Repro.Engine.Dynamics;

namespace Repro.Engine.Tests.Dynamics;

/// <summary>The error of a single unit over its two parameters, and its wall.</summary>
public sealed class ErrorSurfaceTests
{
    private static readonly ErrorSurface Surface = new();

    [TestCase(5.0, -2.614, .34182245)]
    [TestCase(5.0, -2.613, .34157104)]
    [TestCase(5.0, -2.612, .00847633)]
    [TestCase(5.0, -2.611, .01020121)]
    [TestCase(5.0, -2.0, .05558549)]
    public void The_error_at_weight_5_is_the_one_computed_independently(
        double w, double b, double error) =>
        Assert.That(Surface.At(w, b).Error, Is.EqualTo(error).Within(1e-8));

    [TestCase(5.0, -2.2)]
    [TestCase(4.6, -2.8)]
    [TestCase(5.0, -2.6123)]
    public void Finite_differences_approach_the_gradient_as_the_square_of_their_step(
        double w, double b)
    {
        SurfacePoint exact = Surface.At(w, b);
        // On the wall the error bends within 1e-5, so the steps have to be below that.
        double coarse = exact.Norm > 100 ? 1e-7 : 5e-4;
        double fine = coarse / 4;
        double Slope(double dw, double db, double h) =>
            (Surface.At(w + (dw * h), b + (db * h)).Error
                - Surface.At(w - (dw * h), b - (db * h)).Error) / (2 * h);
        foreach ((double dw, double db, double value) in new[]
            { (1.0, 0.0, exact.ByWeight), (0.0, 1.0, exact.ByBias) })
        {
            double first = Math.Abs(Slope(dw, db, coarse) - value);
            double second = Math.Abs(Slope(dw, db, fine) - value);
            Assert.That(second / Math.Abs(value), Is.LessThan(1e-4));
            // A quarter of the step leaves a sixteenth of the error.
            Assert.That(first / second, Is.EqualTo(16).Within(1.5), $"{first} and {second}");
        }
    }

    [Test]
    public void The_wall_at_weight_5_is_found_where_a_third_party_measured_it()
    {
        WallPoint wall = ErrorWall.Find(Surface, 5, -3.4, -1.6);
        Assert.That(wall.Place.Bias, Is.EqualTo(-2.61234136).Within(5e-8));
        Assert.That(wall.Place.Norm, Is.EqualTo(6773).Within(1));
        Assert.That(wall.Below - wall.Above, Is.GreaterThan(0.3));
    }

    [Test]
    public void No_place_of_a_dense_scan_is_steeper_than_the_wall_that_was_found()
    {
        foreach (double w in new[] { 4.6, 4.8, 5.2, 5.4 })
        {
            WallPoint wall = ErrorWall.Find(Surface, w, -3.4, -1.6);
            double width = 1 / wall.Place.Norm;
            for (int i = -500; i <= 500; i++)
            {
                SurfacePoint near = Surface.At(w, wall.Place.Bias + (width * i / 100));
                Assert.That(near.Norm, Is.LessThanOrEqualTo(wall.Place.Norm * (1 + 1e-9)));
            }
            Assert.That(wall.Evaluations, Is.LessThan(700), "a regular grid would need millions");
        }
    }

    [Test]
    public void A_regular_grid_of_a_hundredth_steps_over_the_wall()
    {
        double steepest = 0;
        for (int i = 0; i <= 80; i++)
        {
            steepest = Math.Max(steepest, Surface.At(5, -2.8 + (0.01 * i)).Norm);
        }
        Assert.That(steepest, Is.LessThan(3), "against 6773 on the wall");
    }

    [Test]
    public void A_cut_has_no_gap_in_the_error_even_across_the_wall()
    {
        IReadOnlyList<SurfacePoint> cut = ErrorCut.Sample(Surface, 5, -2.8, -2, 80, 0.01);
        for (int i = 1; i < cut.Count; i++)
        {
            Assert.That(cut[i].Bias, Is.GreaterThan(cut[i - 1].Bias));
            Assert.That(Math.Abs(cut[i].Error - cut[i - 1].Error), Is.LessThan(0.0101));
        }
        Assert.That(cut.Min(p => p.Error), Is.LessThan(1e-4), "the groove at the wall's foot");
    }

    [Test]
    public void A_clipped_step_is_never_longer_than_rate_times_threshold()
    {
        IReadOnlyList<SurfacePoint> path = new Descent(0.05, 0.5).Follow(Surface, 4.9, -2.4, 200);
        double longest = Steps(path).Max();
        Assert.That(path.Max(p => p.Norm), Is.GreaterThan(10), "the path meets the wall");
        Assert.That(longest, Is.EqualTo(0.025).Within(1e-15));
    }

    [Test]
    public void A_plain_step_on_the_wall_throws_the_path_far_away()
    {
        IReadOnlyList<SurfacePoint> path = new Descent(0.05, null).Follow(Surface, 4.9, -2.4, 200);
        int longest = Array.IndexOf(Steps(path), Steps(path).Max());
        Assert.That(Steps(path).Max(), Is.EqualTo(0.05 * path[longest].Norm).Within(1e-12));
        Assert.That(Steps(path).Max(), Is.GreaterThan(5));
    }

    [Test]
    public void Below_the_threshold_clipping_changes_nothing()
    {
        IReadOnlyList<SurfacePoint> plain = new Descent(0.05, null).Follow(Surface, 5, -2.2, 40);
        Assert.That(plain.Max(p => p.Norm), Is.LessThan(1));
        Assert.That(new Descent(0.05, 1).Follow(Surface, 5, -2.2, 40), Is.EqualTo(plain));
    }

    [Test]
    public void Settings_that_make_no_sense_are_refused_with_their_value()
    {
        Assert.That(
            () => new ErrorSurface(0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 steps"));
        Assert.That(
            () => new Descent(-1, null).Follow(Surface, 5, -2, 1),
            Throws.ArgumentException.With.Message.Contains("-1"));
        Assert.That(
            () => ErrorWall.Find(Surface, 5, -2, -3),
            Throws.ArgumentException.With.Message.Contains("b = -2 and -3"));
        Assert.That(
            () => ErrorCut.Sample(Surface, 5, -3, -2, 10, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double[] Steps(IReadOnlyList<SurfacePoint> path) =>
    [
        .. path.Skip(1).Zip(path, (to, from) => Math.Sqrt(
            ((to.Weight - from.Weight) * (to.Weight - from.Weight))
            + ((to.Bias - from.Bias) * (to.Bias - from.Bias)))),
    ];
}
