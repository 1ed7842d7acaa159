using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>A factor on the loss multiplies the loss and not the regulariser beside it.</summary>
public sealed class LossFactorTests
{
    private const double Rate = 0.25;
    private const double Alpha = 3;

    [TestCase(1)]
    [TestCase(0.5)]
    [TestCase(4)]
    public void A_step_follows_the_loss_times_its_factor_plus_alpha_times_omega(double factor)
    {
        TemporalOrderTask task = new(new SequenceLength(12, 12), 1);
        using RecurrentNetwork<float> network = Network(task);
        float[] before = network.Parameters.ToArray();
        Batch<float> batch = new(network.Spec, task.Steps, 4, oneHot: true);
        for (int b = 0; b < batch.Size; b++)
        {
            task.Fill(Fold.Training, b, batch, b);
        }
        network.Gradient(batch);
        float[] loss = network.Gradients.ToArray();
        network.Gradient(batch, Alpha);
        float[] both = network.Gradients.ToArray();

        using Trainer trainer = new(
            network, task,
            new TrainingSpec
            {
                BatchSize = batch.Size,
                Updates = 10,
                LearningRate = Rate,
                LossFactor = factor,
                Rules = [new RegularizerSchedule { Alpha = Alpha }],
            },
            1);
        trainer.Advance();

        float[] after = network.Parameters.ToArray();
        double largest = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double omega = both[i] - (double)loss[i];
            largest = Math.Max(largest, Math.Abs(omega));
            double wanted = before[i] - (Rate * ((factor * loss[i]) + omega));
            Assert.That(after[i], Is.EqualTo(wanted).Within(2e-6), $"parameter {i}");
        }
        Assert.That(largest, Is.GreaterThan(1e-3), "Ω must matter for the test to say anything");
    }

    private static RecurrentNetwork<float> Network(SequenceTask task)
    {
        RecurrentNetwork<float> network = new(task.Network(8, Activation.Tanh));
        network.Initialize(
            new IndependentGaussian(0.5), new WeightScales { Deviation = 0.5 }, 1);
        return network;
    }
}
