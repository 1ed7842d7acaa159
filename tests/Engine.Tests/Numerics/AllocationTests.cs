using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Numerics;

/// <summary>The training loop leaves nothing for the garbage collector.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 100;
    private const int Counted = 1_000;

    private static IEnumerable<object[]> Cases() =>
        from optimizer in new Optimizer[]
        {
            new Sgd(), new Momentum(), new Momentum(.9, true), new RmsProp(), new Adam(),
        }
        from clipping in Enum.GetValues<ClippingKind>()
        from batch in new[] { 1, 4, 23 }
        select new object[] { optimizer, clipping, batch };

    [TestCaseSource(nameof(Cases))]
    public void A_thousand_updates_over_several_epochs_allocate_nothing(
        Optimizer optimizer, ClippingKind clipping, int batch)
    {
        // Epochs end within the counted updates: 1,100 updates see the 90 sequences often.
        MarkedPairTask task = new(PairTarget.Sum, 6, 1, trainingCount: 90);
        using RecurrentNetwork<float> network = new(task.Network(5, Activation.Relu));
        network.Initialize(new NormalizedPositiveDefinite(), new WeightScales(), 1);
        TrainingSpec spec = new()
        {
            BatchSize = batch,
            Updates = 1_000_000,
            LearningRate = 1e-4,
            Schedule = [new(10, 0.5), new(200, 0.25)],
            Optimizer = optimizer,
            Clipping = new ClippingSpec(clipping, clipping == ClippingKind.None ? 0 : 1e-3),
            EvaluateEvery = 1_000_000,
        };
        using Trainer trainer = new(network, task, spec, 1);
        Advance(trainer, WarmUp);
        Assert.That(Allocations.LeastBy(() => Advance(trainer, Counted)), Is.Zero);
        Assert.That(trainer.Updates, Is.GreaterThanOrEqualTo(WarmUp + Counted));
    }

    [Test]
    public void Gradients_of_every_readout_and_loss_placement_allocate_nothing(
        [Values] Readout readout, [Values] LossPlacement lossAt, [Values] Activation activation,
        [Values(1, 23)] int size)
    {
        NetworkSpec spec = new(9, 5, 3, activation, readout, lossAt);
        using RecurrentNetwork<float> network = Networks.Random.Network<float>(spec, 0.3, 1);
        Batch<float> batch = Networks.Random.Batch<float>(spec, 4, size, 2);
        network.Gradient(batch);
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    network.Gradient(batch);
                }
            }),
            Is.Zero);
    }

    private static void Advance(Trainer trainer, int updates)
    {
        for (int i = 0; i < updates; i++)
        {
            trainer.Advance();
        }
    }
}
