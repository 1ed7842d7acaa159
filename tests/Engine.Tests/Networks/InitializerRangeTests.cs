using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>Scales of weights that are no scales are refused by name, before anything is drawn.
/// </summary>
public sealed class InitializerRangeTests
{
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(-1)]
    public void A_deviation_of_recurrent_weights_is_finite_and_not_negative(double deviation) =>
        Assert.That(
            Assert.Throws<ArgumentOutOfRangeException>(
                () => _ = new IndependentGaussian(deviation))!.Message,
            Does.Contain("a finite number of 0 or more is needed"));

    [TestCase(double.NaN)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(-1)]
    public void A_deviation_of_other_weights_is_finite_and_not_negative(double deviation)
    {
        WeightScales scales = new() { Deviation = deviation };
        SimpleSetup setup = new(new IndependentGaussian(0.1), Activation.Tanh, scales);
        using RecurrentNetwork<float> network = new(new NetworkSpec(2, 3, 1));
        network.Parameters.Fill(7);

        string ofSetup = Assert.Throws<ArgumentException>(() => setup.Validate(3))!.Message;
        string ofNetwork = Assert.Throws<ArgumentException>(
            () => network.Initialize(setup.Recurrent, scales, 1))!.Message;

        Assert.That(ofSetup, Does.Contain($"{deviation}"));
        Assert.That(ofNetwork, Is.EqualTo(ofSetup));
        Assert.That(network.Parameters.ToArray(), Is.All.EqualTo(7), "nothing is changed");
    }

    [Test]
    public void A_deviation_of_zero_is_a_network_of_zeros()
    {
        using RecurrentNetwork<float> network = new(new NetworkSpec(2, 3, 1));
        network.Initialize(
            new IndependentGaussian(0), new WeightScales { Deviation = 0 }, 1);
        Assert.That(network.Parameters.ToArray(), Is.All.EqualTo(0));
    }
}
