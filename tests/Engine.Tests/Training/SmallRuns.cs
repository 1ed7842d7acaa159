using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>Training small enough for a Debug build: H = 8, T = 10, B = 3.</summary>
internal static class SmallRuns
{
    public const int HiddenSize = 8;

    /// <summary>20 training sequences, so that epochs end within batches.</summary>
    public static MarkedPairTask Task(ulong seed) => new(
        PairTarget.Sum, 10, seed, trainingCount: 20, validationCount: 15, testCount: 25);

    public static TrainingSpec Sgd(long updates = 100) => new()
    {
        BatchSize = 3,
        Updates = updates,
        LearningRate = 0.01,
        Schedule = [new(updates / 2, 0.5)],
        Clipping = new(ClippingKind.Norm, 0.5),
        EvaluateEvery = 17,
        ValidationSequences = 7,
    };

    public static TrainingSpec RmsProp(long updates = 100) => new()
    {
        BatchSize = 3,
        Updates = updates,
        LearningRate = 0.002,
        Optimizer = new RmsProp(),
        Clipping = new(ClippingKind.Elementwise, 0.3),
        LossFactor = 0.5,
        EvaluateEvery = 30,
        TestCurve = true,
        TestSequences = 11,
    };

    public static RecurrentNetwork<float> Network(string variant, ulong seed)
    {
        Variant named = Variant.Named(variant);
        RecurrentNetwork<float> network = new(Task(seed).Network(HiddenSize, named.Activation));
        network.Initialize(named.Recurrent, new WeightScales(), seed);
        return network;
    }

    public static TrainingRun Run(
        string variant, TrainingSpec spec, ulong seed,
        Func<ulong, SequenceTask>? task = null) =>
        new($"{variant} seed {seed}", task ?? Task,
            new SimpleSetup(Variant.Named(variant), new WeightScales()), spec, HiddenSize, seed);
}
