using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Probe;

/// <summary>Thirty updates by gradient descent with a clipped norm, on random sequences.</summary>
internal sealed record Training(
    Activation Activation, Readout Readout, LossPlacement LossAt, int Inputs, int Outputs,
    int BatchSize, string Initializer)
{
    private const int Updates = 30;
    private const int Steps = 12;
    private const int Hidden = 20;
    private const double Rate = 0.05;
    private const double Threshold = 0.5;

    public static IReadOnlyList<Training> All { get; } =
    [
        new(Activation.Relu, Readout.Linear, LossPlacement.LastStep, 2, 1, 1, "np-RNN"),
        new(Activation.Relu, Readout.Linear, LossPlacement.LastStep, 2, 1, 16, "np-RNN"),
        new(Activation.Tanh, Readout.Softmax, LossPlacement.LastStep, 6, 4, 3, "oRNN"),
        new(Activation.Sigmoid, Readout.Bernoulli, LossPlacement.EveryStep, 9, 9, 2, "nRNN"),
    ];

    public RecurrentNetwork<float> Run()
    {
        NetworkSpec spec = new(Inputs, Hidden, Outputs, Activation, Readout, LossAt);
        RecurrentNetwork<float> network = new(spec);
        network.Initialize(Variant.Named(Initializer).Recurrent, new WeightScales(), seed: 7);
        Batch<float> batch = new(spec, Steps, BatchSize);
        for (uint update = 0; update < Updates; update++)
        {
            Fill(batch, spec, update);
            network.Gradient(batch);
            Update(network);
        }
        return network;
    }

    private static void Fill(Batch<float> batch, NetworkSpec spec, uint update)
    {
        new Philox(7, RandomPurpose.TrainingSequences, update).Fill(batch.Inputs);
        Philox random = new(8, RandomPurpose.TrainingSequences, update);
        for (int i = 0; i < batch.Classes.Length; i++)
        {
            batch.Classes[i] = (int)random.Below((ulong)i, (uint)spec.OutputSize);
        }
        for (int i = 0; i < batch.Targets.Length; i++)
        {
            batch.Targets[i] = random.Below((ulong)i, 2);
        }
    }

    private static unsafe void Update(RecurrentNetwork<float> network)
    {
        int length = network.Layout.Length;
        double norm = Math.Sqrt(network.Kernels.SumOfSquares(network.GradientPointer, length));
        double clip = norm > Threshold ? Threshold / norm : 1;
        network.Kernels.Axpy(
            -(Rate * clip), network.GradientPointer, network.ParameterPointer, length);
    }
}
