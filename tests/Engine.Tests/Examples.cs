using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Optimizers;

namespace Repro.Engine.Tests;

/// <summary>The examples in the documentation of types, compiled; ExampleTests runs them and
/// holds both together.</summary>
internal static class Examples
{
    public static float[] OfArrayTask()
    {
        float[,,] inputs = new float[40, 5, 1];
        float[,] targets = new float[40, 1];
        for (int n = 0; n < 40; n++)
        {
            for (int t = 0; t < 5; t++)
            {
                inputs[n, t, 0] = ((n * 7) + (t * 3)) % 10 / 10f;
            }
            targets[n, 0] = inputs[n, 0, 0] - inputs[n, 4, 0];
        }
        ArrayTask task = new(inputs, targets, Readout.Linear, testCount: 10);
        using RecurrentNetwork<float> network = new(task.Network(8, Activation.Tanh));
        network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
        TrainingSpec spec = new() { BatchSize = 5, Updates = 600, LearningRate = 0.05 };
        using Trainer trainer = new(network, task, spec, seed: 1);
        trainer.Run();
        float[] answer = network.Predict([0.1f, 0.4f, 0.7f, 0, 0.3f], steps: 5);
        return answer;
    }

    public static bool OfModelFile(string path)
    {
        using RecurrentNetwork<float> network = new(new NetworkSpec(2, 16, 1));
        network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
        ModelFile.Save(network, path);
        using SequenceNetwork<float> read = ModelFile.Load<float>(path);
        return read.Parameters.SequenceEqual(network.Parameters);
    }

    public static double OfBatch()
    {
        NetworkSpec spec = new(inputSize: 2, hiddenSize: 8, outputSize: 1);
        using RecurrentNetwork<double> network = new(spec);
        network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
        Batch<double> batch = new(spec, steps: 3, size: 2);
        batch.Inputs[(((1 * 2) + 0) * 2) + 1] = 0.5; // step 1, sequence 0, input 1
        batch.Targets[1] = 1; // sequence 1
        double loss = network.Gradient(batch);
        Span<double> ofRecurrentWeights = network.RecurrentWeights.Of(network.Gradients);
        return loss + ofRecurrentWeights.Length;
    }

    public static string OfRecurrentNetwork()
    {
        Variant variant = Variant.Named("np-RNN");
        NetworkSpec spec = new(2, 100, 1, variant.Activation);
        using RecurrentNetwork<float> network = new(spec);
        network.Initialize(variant.Recurrent, new WeightScales(), seed: 1);
        return $"{network.Layout.Length}";
    }

    public static float[] OfLstmNetwork()
    {
        NetworkSpec spec = new(1, 32, 10, Activation.Tanh, Readout.Softmax);
        using LstmNetwork<float> network = new(spec);
        network.Initialize(new LstmInitializer { ForgetBias = 2 }, seed: 1);
        float[] probabilities = network.Predict([0.2f, 0.4f, 0.6f], steps: 3);
        return probabilities;
    }

    public static float[] OfGruNetwork()
    {
        NetworkSpec spec = new(1, 32, 10, Activation.Tanh, Readout.Softmax);
        using GruNetwork<float> network = new(spec, GruReset.After);
        network.Initialize(new GruInitializer { UpdateBias = 1 }, seed: 1);
        float[] probabilities = network.Predict([0.2f, 0.4f, 0.6f], steps: 3);
        return probabilities;
    }

    public static string OfTrainer(CancellationToken stop)
    {
        MarkedPairTask task = new(PairTarget.Sum, steps: 10, seed: 1, testCount: 500);
        using RecurrentNetwork<double> network = new(task.Network(24, Activation.Relu));
        network.Initialize(Variant.Named("IRNN").Recurrent, new WeightScales(), seed: 1);
        TrainingSpec spec = new()
        {
            BatchSize = 4,
            Updates = 400,
            LearningRate = 0.01,
            Clipping = new(ClippingKind.Norm, Threshold: 10),
            EvaluateEvery = 100,
        };
        using Trainer<double> trainer = new(network, task, spec, seed: 1);
        TrainingCallbacks callbacks = new() { AtPoint = p => Console.WriteLine(p) };
        trainer.Run(stop, callbacks: callbacks);
        byte[] state = trainer.Save();
        return $"{trainer.Updates} {state.Length > 0}";
    }

    public static double OfClippedStep()
    {
        NetworkSpec spec = new(1, 4, 1);
        using RecurrentNetwork<float> network = new(spec);
        network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
        Batch<float> batch = new(spec, steps: 5, size: 1);
        batch.Targets[0] = 1;
        using ClippedStep<float> step = new(
            network, new Adam(), new ClippingSpec(ClippingKind.Norm, Threshold: 1));
        for (int update = 0; update < 100; update++)
        {
            network.Gradient(batch);
            step.Step(learningRate: 0.05, update);
        }
        return network.Evaluate(batch);
    }

    public static double OfGaussNewton()
    {
        NetworkSpec spec = new(1, 4, 1);
        using RecurrentNetwork<double> network = new(spec);
        network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
        Batch<double> batch = new(spec, steps: 5, size: 1);
        using GaussNewton<double> products = new(network);
        products.Start(batch);
        products.Keep(batch);
        double[] direction = new double[network.Parameters.Length];
        direction[^1] = 1; // the bias of the output
        double[] product = new double[direction.Length];
        products.Multiply(direction, structural: 0, product);
        return product[^1];
    }

    public static double OfPhilox()
    {
        Philox random = new(seed: 1, purpose: 1000);
        double seventh = random.Uniform(7);
        return seventh;
    }
}
