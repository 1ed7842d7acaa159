using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>Halving of the rate by the training loss between two evaluations.</summary>
public class TrainingHalvingTests
{
    [Test]
    public void The_rate_is_halved_each_time_the_training_loss_of_an_epoch_rose()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 3);
        using Trainer trainer = new(network, SmallRuns.Task(3), Spec(), 3);
        while (trainer.Advance())
        {
        }
        double[] losses = [.. trainer.Curves[TrainingCurves.TrainingLoss]];
        double[] rates = [.. trainer.Curves[TrainingCurves.LearningRate]];
        Assert.That(rates, Has.Length.EqualTo(losses.Length + 1), "one before the first update");
        double rate = rates[0];
        Assert.That((rate, rates[1]), Is.EqualTo((0.05, 0.05)));
        int halved = 0;
        for (int i = 1; i < losses.Length; i++)
        {
            bool rose = losses[i] > losses[i - 1];
            halved += rose ? 1 : 0;
            rate /= rose ? 2 : 1;
            Assert.That(rates[i + 1], Is.EqualTo(rate), $"epoch {i + 1}");
        }
        Assert.That(halved, Is.GreaterThan(1).And.LessThan(losses.Length - 1));
    }

    [Test]
    public void It_needs_no_validation_and_survives_a_restore()
    {
        Assert.That(Spec().Validate, Throws.Nothing);
        Assert.That(
            Spec().With(new HalvingRule("squared error", false)).Validate,
            Throws.ArgumentException.With.Message.Contains("validation"));
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 3);
        using Trainer whole = new(network, SmallRuns.Task(3), Spec(), 3);
        byte[] saved = [];
        while (whole.Advance())
        {
            saved = whole.Updates == 131 ? whole.Save() : saved;
        }
        using RecurrentNetwork<float> other = SmallRuns.Network("IRNN", 4);
        using Trainer resumed = new(other, SmallRuns.Task(3), Spec(), 3);
        resumed.Restore(saved);
        while (resumed.Advance())
        {
        }
        Assert.That(resumed.WeightsHash(), Is.EqualTo(whole.WeightsHash()));
        Assert.That(
            resumed.Curves[TrainingCurves.LearningRate],
            Is.EqualTo(whole.Curves[TrainingCurves.LearningRate]));
    }

    private static TrainingSpec Spec() => new()
    {
        BatchSize = 3,
        Updates = 300,
        LearningRate = 0.05,
        Clipping = new(ClippingKind.Norm, 0.5),
        Rules = [new HalvingRule(TrainingCurves.TrainingLoss, false)],
        EvaluateEvery = 7,
    };
}
