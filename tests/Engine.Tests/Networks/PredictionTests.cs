using NUnit.Framework;
using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks;

/// <summary>Predictions against the loss, which knows softmax and logistic in its own way.
/// </summary>
public class PredictionTests
{
    [Test]
    public void Probabilities_are_those_whose_logarithms_the_loss_adds(
        [Values] CellKind cell, [Values] Readout readout, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = new(3, 5, 4, Activation.Tanh, readout, lossAt);
        using SweptNetwork<double> network = AnyCell.Network<double>(cell, spec, .7, 5);
        Batch<double> batch = Random.Batch<double>(spec, 6, 3, 8);
        double loss = network.Evaluate(batch);
        double[] y = network.Predict(batch.Inputs, 6, 3);
        int rows = lossAt == LossPlacement.EveryStep ? 18 : 3;
        Assert.That(y, Has.Length.EqualTo(rows * 4));
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < 4; o++)
            {
                double p = y[(row * 4) + o];
                double z = readout == Readout.Softmax ? 0 : batch.Targets[(row * 4) + o];
                sum += readout switch
                {
                    Readout.Linear => (p - z) * (p - z),
                    Readout.Softmax => batch.Classes[row] == o ? -Math.Log(p) : 0,
                    _ => -(z * Math.Log(p)) - ((1 - z) * Math.Log(1 - p)),
                };
            }
        }
        Assert.That(sum / 3, Is.EqualTo(loss).Within(1e-9).Percent);
    }

    [Test]
    public void Outputs_far_from_zero_give_probabilities_of_zero_and_one_and_no_NaN()
    {
        foreach (Readout readout in new[] { Readout.Softmax, Readout.Bernoulli })
        {
            NetworkSpec spec = new(1, 1, 2, Activation.Tanh, readout);
            using RecurrentNetwork<float> network = new(spec);
            network.Layout.ReadoutBias.Of(network.Parameters)[0] = 3e4f;
            network.Layout.ReadoutBias.Of(network.Parameters)[1] = -3e4f;
            Assert.That(network.Predict([1f], 1), Is.EqualTo(new[] { 1f, 0f }), $"{readout}");
        }
    }

    [Test]
    public void Inputs_of_another_number_are_refused_with_what_is_needed()
    {
        using RecurrentNetwork<float> network = new(new NetworkSpec(3, 2, 1));
        Assert.That(
            () => network.Predict([1f, 2, 3, 4], 2),
            Throws.ArgumentException.With.Message.Contains("4 inputs").And.Message.Contains(
                "need 6"));
        Assert.That(
            () => network.Predict([1f], 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Batch<float> batch = new(network.Spec, 2, 2);
        Assert.That(
            () => network.Predict(batch, new float[1]),
            Throws.ArgumentException.With.Message.Contains("2×1"));
        Assert.That(() => network.Predict(batch, default(Span<float>)), Throws.ArgumentException);
    }
}
