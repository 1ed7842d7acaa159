using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Tests;

/// <summary>The README's sample, compiled. The test below holds the two together.</summary>
internal static class ReadmeSample
{
    public static void Run()
    {
        // <readme>
        MarkedPairTask task = new(PairTarget.Sum, steps: 10, seed: 1, testCount: 2_000);
        Variant variant = Variant.Named("np-RNN");
        using RecurrentNetwork<float> network = new(task.Network(24, variant.Activation));
        network.Initialize(variant.Recurrent, new WeightScales(), seed: 1);
        TrainingSpec spec = new()
        {
            BatchSize = 2,
            Updates = 8_000,
            LearningRate = 0.02,
            Clipping = new(ClippingKind.Norm, Threshold: 10),
        };
        using Trainer trainer = new(network, task, spec, seed: 1);
        while (trainer.Advance()) { }
        Console.WriteLine($"right: {trainer.Score(Fold.Test)[MetricNames.Correct]:F3}");
        Console.WriteLine($"weights: {trainer.WeightsHash()}");
        // </readme>
    }
}
