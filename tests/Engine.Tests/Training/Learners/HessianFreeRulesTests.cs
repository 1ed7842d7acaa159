using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Training.Learners;
using Random = Repro.Engine.Tests.Networks.Random;

namespace Repro.Engine.Tests.Training.Learners;

/// <summary>Damping, line search, preconditioner, and one step on problems whose answer is
/// known.</summary>
public sealed class HessianFreeRulesTests
{
    [TestCase(-1, 1.5)]
    [TestCase(double.NaN, 1.5)]
    [TestCase(double.NegativeInfinity, 1.5)]
    [TestCase(.1, 1.5)]
    [TestCase(.25, 1.0)]
    [TestCase(.5, 1.0)]
    [TestCase(.75, 1.0)]
    [TestCase(.9, 2.0 / 3)]
    public void Damping_follows_the_reduction_ratio(double ratio, double factor) =>
        Assert.That(
            LevenbergMarquardt.Next(3, ratio, 1e-6), Is.EqualTo(3 * factor).Within(1e-15));

    [Test]
    public void Damping_stops_at_its_floor() =>
        Assert.That(LevenbergMarquardt.Next(1.2e-6, .9, 1e-6), Is.EqualTo(1e-6));

    [TestCase(-2, -1, 2.0)]
    [TestCase(1, -1, -1.0)]
    [TestCase(-1, 0, double.NegativeInfinity)]
    [TestCase(-1, 2, double.NegativeInfinity)]
    [TestCase(double.NaN, -1, double.NaN)]
    [TestCase(-1, double.NaN, double.NaN)]
    public void The_ratio_is_the_fall_over_the_foreseen_fall(
        double change, double model, double expected) =>
        Assert.That(LevenbergMarquardt.Ratio(change, model), Is.EqualTo(expected));

    [TestCase(1)]
    [TestCase(.5)]
    public void The_line_search_takes_the_longest_step_that_lowers_the_loss(double longest)
    {
        // (x − .1)² falls below its value at 0 for x in (0, .2).
        double found = LineSearch.Length(longest, x => (x - .1) * (x - .1), .01);
        Assert.That(found, Is.LessThan(.2).And.GreaterThan(.2 * .8 - 1e-12));
        Assert.That(
            Math.Log(found / longest) / Math.Log(.8) % 1, Is.EqualTo(0).Within(1e-9)
                .Or.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void The_line_search_takes_no_step_uphill_and_none_that_leads_to_no_number()
    {
        int trials = 0;
        Assert.That(LineSearch.Length(1, x => { trials++; return x; }, 0), Is.Zero);
        Assert.That(trials, Is.EqualTo(50));
        Assert.That(LineSearch.Length(1, _ => double.NaN, 0), Is.Zero);
    }

    [Test]
    public void The_preconditioner_has_squares_of_whole_sequences_gradients()
    {
        NetworkSpec spec = new(2, 4, 2, Activation.Tanh);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.5, 1);
        Batch<double>[] cases =
            [.. Enumerable.Range(1, 2).Select(i => Random.Batch<double>(spec, 3, 1, (ulong)i))];
        double[] expected = new double[net.Layout.Length];
        foreach (Batch<double> single in cases)
        {
            net.Gradient(single);
            for (int i = 0; i < expected.Length; i++)
            {
                double g = 3 * net.Gradients[i];
                expected[i] += g * g / 2;
            }
        }
        using GaussNewton<double> products = new(net, 3);

        double[] made = CasePreconditioner.Diagonal(products, cases, .2, expected.Length);

        Assert.That(
            made, Is.EqualTo(expected.Select(d => Math.Pow(d + .2, .75))).Within(1e-12).Percent);
    }

    [Test]
    public void Large_damping_makes_the_step_the_gradient_over_lambda()
    {
        (RecurrentNetwork<double> net, GaussNewton<double> products, double[] g) = Problem(.5);
        using RecurrentNetwork<double> owned = net;
        using GaussNewton<double> ownedProducts = products;
        double[] p = Solve(products, g, 1e8);
        double[] expected = [.. g.Select(x => -x / 1e8)];
        Assert.That(p, Is.EqualTo(expected).Within(1e-6 * expected.Max(Math.Abs)));
    }

    [Test]
    public void A_quadratic_is_solved_by_one_step_and_its_ratio_is_one()
    {
        // With readout weights of 0 the states do not feel the loss, and the step changes only
        // the readout: least squares on fixed features.
        (RecurrentNetwork<double> net, GaussNewton<double> products, double[] g) = Problem(0);
        using RecurrentNetwork<double> owned = net;
        using GaussNewton<double> ownedProducts = products;
        Batch<double> batch = Random.Batch<double>(net.Spec, 3, 30, 7);
        double before = net.Evaluate(batch);
        products.Start(batch);
        products.Keep(batch);
        ConjugateGradient run = new([.. g.Select(x => -x)], new double[g.Length], 400, 1e-14);
        while (!run.HasEnded)
        {
            run.Step((v, result) => products.Multiply(v, 0, result));
        }
        double[] at = net.Parameters.ToArray();
        at.Zip(run.X, (a, x) => a + x).ToArray().CopyTo(net.Parameters);
        double after = net.Gradient(batch);

        Assert.That(
            LevenbergMarquardt.Ratio(after - before, run.Values[^1]),
            Is.EqualTo(1).Within(1e-8));
        // The normal equations hold: nothing is left to gain in the readout.
        Assert.That(
            net.Layout.ReadoutWeights.Of(net.Gradients).ToArray(), Is.All.EqualTo(0).Within(1e-6));
        Assert.That(before - after, Is.GreaterThan(.01));
    }

    private static (RecurrentNetwork<double>, GaussNewton<double>, double[]) Problem(
        double readout)
    {
        NetworkSpec spec = new(2, 4, 2, Activation.Tanh);
        RecurrentNetwork<double> net = Random.Network<double>(spec, 0.8, 1);
        Random.Fill(net.Layout.ReadoutWeights.Of(net.Parameters), readout, 2, 3);
        net.Layout.ReadoutBias.Of(net.Parameters).Clear();
        Batch<double> batch = Random.Batch<double>(spec, 3, 30, 7);
        GaussNewton<double> products = new(net);
        products.Start(batch);
        double[] g = new double[net.Layout.Length];
        products.AddGradient(batch, keep: true, 1, g);
        return (net, products, g);
    }

    private static double[] Solve(GaussNewton<double> products, double[] g, double lambda)
    {
        ConjugateGradient run = new([.. g.Select(x => -x)], new double[g.Length], 100, 1e-12);
        while (!run.HasEnded)
        {
            run.Step((v, result) =>
            {
                products.Multiply(v, 0, result);
                DoubleVectors.Add(lambda, v, result);
            });
        }
        return run.X;
    }
}
