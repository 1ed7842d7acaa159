#:project ../../engine/Repro.Engine.csproj
#:property RestorePackagesWithLockFile=false
#:property RestoreLockedMode=false
#:property PublishAot=false

// Your own sequences: a GRU learns to say whether a noisy wave rises or falls at its end, is saved,
// read again and asked. Run it with: dotnet run docs/samples/own-data.cs
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;

const int Sequences = 300;
const int Steps = 25;

// [N, T, I] inputs and [N] classes. Replace this by what you have.
float[,,] inputs = new float[Sequences, Steps, 1];
int[] classes = new int[Sequences];
for (int n = 0; n < Sequences; n++)
{
    double phase = n * 0.61803398875 % 1 * 2 * Math.PI;
    for (int t = 0; t < Steps; t++)
    {
        double noise = ((n * 7919) + (t * 104729)) % 1000 / 1000.0 - 0.5;
        inputs[n, t, 0] = (float)(Math.Sin(phase + (0.4 * t)) + (0.3 * noise));
    }
    classes[n] = Math.Cos(phase + (0.4 * (Steps - 1))) > 0 ? 1 : 0;
}
ArrayTask task = new(inputs, classes, classCount: 2, validationCount: 50, testCount: 50);

using GruNetwork<float> network = new(task.Network(12, Activation.Tanh), GruReset.After);
network.Initialize(new GruInitializer(), seed: 1);

TrainingSpec spec = new()
{
    BatchSize = 10,
    Updates = 600,
    LearningRate = 0.01,
    Optimizer = new Adam(),
    Clipping = new(ClippingKind.Norm, Threshold: 1),
    EvaluateEvery = 200,
    ValidationSequences = 50,
};
using Trainer trainer = new(network, task, spec, seed: 1);
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
TrainingCallbacks callbacks = new()
{
    AtPoint = p => Console.WriteLine($"update {p.Updates}: loss {p.Loss:F3}"),
};
trainer.Run(stop.Token, callbacks: callbacks);
Console.WriteLine($"right: {trainer.Score(Fold.Test)[MetricNames.Correct]:F2}");

string path = Path.Combine(Path.GetTempPath(), "own-data.safetensors");
ModelFile.Save(network, path);
using SequenceNetwork<float> read = ModelFile.Load<float>(path);
float[] sequence = new float[Steps];
for (int t = 0; t < Steps; t++)
{
    sequence[t] = inputs[0, t, 0];
}
float[] probabilities = read.Predict(sequence, Steps);
Console.WriteLine($"sequence 0 rises with probability {probabilities[1]:F3}: {classes[0]}");
Console.WriteLine($"saved as {path}");
