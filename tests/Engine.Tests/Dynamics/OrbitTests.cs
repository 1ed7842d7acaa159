using NUnit.Framework;
using Repro.Engine.Dynamics;

namespace Repro.Engine.Tests.Dynamics;

/// <summary>Orbits of state maps and of two rectified units.</summary>
public sealed class OrbitTests
{
    [Test]
    public void The_constant_map_and_the_inputs_map_make_the_papers_step()
    {
        double[,] w = { { 5, -1 }, { .5, 4 } };
        double[] b = [-2.5, -2];
        double[,] wIn = { { 1, 0, .2 }, { -.3, 2, 0 } };
        StateMap map = new(w, b, wIn);
        double[] start = [.4, -.7];
        double[][] inputs = [[.1, .2, .3], [-.5, 1, 0]];
        IReadOnlyList<StateStep> steps = map.Orbit(start, inputs);
        double[] x = start;
        for (int t = 0; t < 2; t++)
        {
            Assert.That(steps[t].Before, Is.EqualTo(x));
            double[] h = [1 / (1 + Math.Exp(-x[0])), 1 / (1 + Math.Exp(-x[1]))];
            double[] next = new double[2];
            for (int i = 0; i < 2; i++)
            {
                double mapped = (w[i, 0] * h[0]) + (w[i, 1] * h[1]) + b[i];
                Assert.That(steps[t].Mapped[i], Is.EqualTo(mapped).Within(1e-14));
                next[i] = mapped + (wIn[i, 0] * inputs[t][0]) + (wIn[i, 1] * inputs[t][1])
                    + (wIn[i, 2] * inputs[t][2]);
            }
            Assert.That(steps[t].After, Is.EqualTo(next).Within(1e-14));
            x = steps[t].After;
        }
    }

    [Test]
    public void Matrices_and_inputs_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => new StateMap(new double[2, 3], [0, 0], new double[2, 1]),
            Throws.ArgumentException.With.Message.Contains("2×3"));
        StateMap map = new(new double[1, 1], [0], new double[1, 2]);
        Assert.That(
            () => map.Orbit([0], [[1]]), Throws.ArgumentException.With.Message.Contains("1 elem"));
    }

    [TestCase(1.0, 1.0)]
    [TestCase(.9, .8)]
    [TestCase(1.0, .9)]
    [TestCase(1.1, 1.05)]
    public void Inside_the_quadrant_an_orbit_is_the_eigenvalues_powers(double first, double second)
    {
        IReadOnlyList<(double First, double Second)> orbit =
            new RectifierPlane(first, second).EigenOrbit((.5, .25), 20);
        for (int t = 0; t <= 20; t++)
        {
            Assert.That(orbit[t].First, Is.EqualTo(.5 * Math.Pow(first, t)).Within(1e-12));
            Assert.That(orbit[t].Second, Is.EqualTo(.25 * Math.Pow(second, t)).Within(1e-12));
        }
    }

    [Test]
    public void What_is_not_positive_becomes_0()
    {
        IReadOnlyList<(double First, double Second)> orbit =
            new RectifierPlane(1, 1).EigenOrbit((-.5, .25), 1);
        Assert.That(orbit[1], Is.EqualTo((0.0, .25)));
    }

    [Test]
    public void The_networks_own_orbit_is_the_rectified_matrix_product()
    {
        (double c, double s) = (.8, .6);
        (double l0, double l1) = (1.1, .7);
        IReadOnlyList<(double First, double Second)> orbit =
            new RectifierPlane(l0, l1).UnitOrbit((.1, 1), 8, c, s);
        double[,] p = { { c, -s }, { s, c } };
        (double a, double b) = (.1, 1.0);
        for (int t = 1; t <= 8; t++)
        {
            // P·diag(λ)·Pᵀ·h in three steps.
            double u = l0 * ((p[0, 0] * a) + (p[1, 0] * b));
            double v = l1 * ((p[0, 1] * a) + (p[1, 1] * b));
            (a, b) = (Math.Max(0, (p[0, 0] * u) + (p[0, 1] * v)),
                Math.Max(0, (p[1, 0] * u) + (p[1, 1] * v)));
            Assert.That(orbit[t].First, Is.EqualTo(a).Within(1e-13));
            Assert.That(orbit[t].Second, Is.EqualTo(b).Within(1e-13));
        }
        Assert.That(
            () => new RectifierPlane(1, 1).UnitOrbit((1, 1), 1, 1, 1), Throws.ArgumentException);
    }
}
