using System.Numerics;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>Steps against PyTorch's, and what clipping does to a gradient.</summary>
public sealed class OptimizerTests
{
    // Six parameters, as many as the fixtures have.
    private static readonly NetworkSpec Six = new(2, 1, 1);

    [TestCase("optimiser-sgd-clip")]
    [TestCase("optimiser-rmsprop")]
    [TestCase("optimiser-rmsprop-clip")]
    public void Five_double_steps_agree_with_PyTorch(string name) =>
        Assert.That(LargestError<double>(name, "after"), Is.LessThan(4e-15));

    [TestCase("optimiser-sgd-clip")]
    [TestCase("optimiser-rmsprop")]
    [TestCase("optimiser-rmsprop-clip")]
    public void Five_float_steps_agree_with_PyTorch(string name) =>
        Assert.That(LargestError<float>(name, "after32"), Is.LessThan(4e-7));

    [TestCase(5.000001, false)]
    [TestCase(5, true)]
    [TestCase(4, true)]
    [TestCase(0.001, true)]
    public void A_gradient_is_scaled_to_the_threshold_when_its_norm_reaches_it(
        double threshold, bool acts)
    {
        (StepReport report, double[] step) = Step([3, 0, -4, 0, 0, 0], threshold);
        double scale = acts ? threshold / 5 : 1;
        Assert.That((report.GradientNorm, report.Clipped, report.Finite),
            Is.EqualTo((5.0, acts, true)));
        Assert.That(
            step, Is.EqualTo(new[] { 3 * scale, 0, -4 * scale, 0, 0, 0 }).Within(1e-15));
    }

    [Test]
    public void Clipping_by_element_cuts_each_component_and_leaves_the_others()
    {
        (StepReport report, double[] step) =
            Step([3, 0.25, -4, -0.5, 0.5, 0], 0.5, ClippingKind.Elementwise);
        Assert.That(report.Clipped, Is.True);
        Assert.That(step, Is.EqualTo(new[] { 0.5, 0.25, -0.5, -0.5, 0.5, 0 }).Within(1e-15));
        (report, _) = Step([0.5, -0.5, 0, 0, 0, 0], 0.5, ClippingKind.Elementwise);
        Assert.That(report.Clipped, Is.False, "at the threshold nothing is cut");
    }

    [Test]
    public void Without_clipping_a_huge_gradient_is_taken_as_it_is()
    {
        (StepReport report, double[] step) = Step([3e9, 0, -4e9, 0, 0, 0], 0, ClippingKind.None);
        Assert.That((report.Clipped, step[2]), Is.EqualTo((false, -4e9)));
    }

    [TestCase(ClippingKind.Norm, 2.5, 1.5, -2)]
    [TestCase(ClippingKind.Norm, 2.6, 1.5, -2)]
    [TestCase(ClippingKind.Norm, 1.25, 0.75, -1)]
    [TestCase(ClippingKind.Elementwise, 1.75, 1.5, -1.75)]
    public void A_factor_of_the_loss_multiplies_the_gradient_before_clipping(
        ClippingKind kind, double threshold, double first, double third)
    {
        (StepReport report, double[] step) = Step([3, 0, -4, 0, 0, 0], threshold, kind, 0.5);
        Assert.That(report.GradientNorm, Is.EqualTo(2.5));
        Assert.That(step, Is.EqualTo(new[] { first, 0, third, 0, 0, 0 }).Within(1e-15));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_changes_no_parameter_and_no_state(double bad)
    {
        using RecurrentNetwork<double> network = new(Six);
        using ClippedStep<double> optimizer = new(
            network, new RmsProp(), new(ClippingKind.Norm, 1));
        network.Parameters.Fill(0.25);
        new double[] { 1, 2, bad, 0, 0, 0 }.CopyTo(network.Gradients);
        StepReport report = optimizer.Step(0.1);
        Assert.That((report.Finite, report.Clipped), Is.EqualTo((false, false)));
        Assert.That(network.Parameters.ToArray(), Is.All.EqualTo(0.25));
        Assert.That(optimizer.State.ToArray(), Is.All.Zero);
    }

    // p = 1, gradients .5, −.3, .2 in turn. By the formulas of PyTorch's documentation, made in
    // double apart from this program.
    private static IEnumerable<TestCaseData> Steps()
    {
        static TestCaseData Case(
            Optimizer optimizer, double rate, double later, params double[] after) =>
            new TestCaseData(optimizer, rate, later, after)
                .SetArgDisplayNames($"{optimizer}, rate {rate} and {later}");
        yield return Case(new Momentum(), .1, .01, .95, .9485, .94515);
        yield return Case(new Momentum(.9, true), .1, .01, .905, .90665, .901635);
        // At one rate Keras's form, which has it inside v, gives the same.
        yield return Case(new Momentum(), .1, .1, .95, .935, .9015);
        yield return Case(new Adam(), .001, .001, .999000000, .998808502, .998461074);
        yield return Case(
            new Adam(.9, .999, 1e-3), .001, .001, .999001996, .998810961, .998464507);
    }

    [TestCaseSource(nameof(Steps))]
    public void Three_steps_give_the_numbers_of_the_formula(
        Optimizer optimizer, double rate, double later, double[] after)
    {
        using RecurrentNetwork<double> network = new(Six);
        using ClippedStep<double> step = new(network, optimizer, new());
        network.Parameters.Fill(1);
        double[] gradients = [.5, -.3, .2];
        for (int i = 0; i < 3; i++)
        {
            network.Gradients.Fill(gradients[i]);
            step.Step(i == 0 ? rate : later, i);
            Assert.That(network.Parameters.ToArray(), Is.All.EqualTo(after[i]).Within(1e-9));
        }
    }

    [Test]
    public void A_constant_gradient_gives_momentum_the_closed_form([Values] bool nesterov)
    {
        // v_n = g(1 − μⁿ)/(1 − μ); the steps are a sum of those, with μ·v + g = v_{n+1} ahead.
        const double share = .8;
        const double rate = .01;
        using RecurrentNetwork<double> network = new(Six);
        using ClippedStep<double> step = new(network, new Momentum(share, nesterov), new());
        double expected = 0;
        for (int n = 1; n <= 40; n++)
        {
            network.Gradients.Fill(3);
            step.Step(rate, n - 1);
            int seen = nesterov ? n + 1 : n;
            expected -= rate * 3 * (1 - Math.Pow(share, seen)) / (1 - share);
            Assert.That(
                network.Parameters.ToArray(), Is.All.EqualTo(expected).Within(1e-12), $"{n}");
        }
    }

    [Test]
    public void A_constant_gradient_gives_Adam_steps_of_the_rate_whatever_its_size(
        [Values(1e-3, 7, 1e4)] double size)
    {
        using RecurrentNetwork<double> network = new(Six);
        using ClippedStep<double> step = new(network, new Adam(.9, .999, 1e-15), new());
        for (int n = 0; n < 200; n++)
        {
            network.Gradients.Fill(size);
            step.Step(.01, n);
        }
        Assert.That(network.Parameters.ToArray(), Is.All.EqualTo(-200 * .01).Within(1e-9));
    }

    [Test]
    public void Clipping_and_the_factor_of_the_loss_come_before_momentum()
    {
        using RecurrentNetwork<double> network = new(Six);
        using ClippedStep<double> step = new(
            network, new Momentum(.5), new(ClippingKind.Elementwise, 1), 2);
        foreach (double gradient in new[] { 10, .25 })
        {
            network.Gradients.Fill(gradient);
            step.Step(1);
        }
        // 20 is cut to 1; then v = .5·1 + .5.
        Assert.That(step.State.ToArray(), Is.All.EqualTo(1).Within(1e-15));
        Assert.That(network.Parameters.ToArray(), Is.All.EqualTo(-2).Within(1e-15));
    }

    // With a learning rate of 1 from zero, the step is minus the gradient that was used.
    private static (StepReport Report, double[] Step) Step(
        double[] gradient, double threshold, ClippingKind kind = ClippingKind.Norm,
        double lossFactor = 1)
    {
        using RecurrentNetwork<double> network = new(Six);
        using ClippedStep<double> optimizer = new(
            network, new Sgd(), new(kind, threshold), lossFactor);
        gradient.CopyTo(network.Gradients);
        StepReport report = optimizer.Step(1);
        return (report, [.. network.Parameters.ToArray().Select(p => -p)]);
    }

    private static double LargestError<T>(string name, string key)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        JsonNode fixture = JsonNode.Parse(File.ReadAllText(Path.Combine(
            TestContext.CurrentContext.TestDirectory, "Fixtures", name + ".json")))!;
        Optimizer spec = (string)fixture["optimiser"]! == "sgd"
            ? new Sgd()
            : new RmsProp((double)fixture["alpha"]!, (double)fixture["eps"]!);
        ClippingSpec clipping = fixture["clip"] is { } clip
            ? new(ClippingKind.Norm, (double)clip)
            : new();
        using RecurrentNetwork<T> network = new(Six);
        using ClippedStep<T> optimizer = new(network, spec, clipping);
        Numbers<T>(fixture["start"]!).CopyTo(network.Parameters);
        double worst = 0;
        JsonArray gradients = fixture["gradients"]!.AsArray();
        for (int update = 0; update < gradients.Count; update++)
        {
            Numbers<T>(gradients[update]!).CopyTo(network.Gradients);
            optimizer.Step((double)fixture["lr"]!);
            T[] expected = Numbers<T>(fixture[key]![update]!);
            for (int i = 0; i < expected.Length; i++)
            {
                T error = T.Abs(network.Parameters[i] - expected[i]);
                worst = Math.Max(worst, double.CreateChecked(error));
            }
        }
        Assert.That(gradients, Has.Count.EqualTo(5));
        return worst;
    }

    private static T[] Numbers<T>(JsonNode node)
        where T : IBinaryFloatingPointIeee754<T> =>
        [.. node.AsArray().Select(n => T.CreateChecked((double)n!))];
}
