using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Records;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Numerics;

/// <summary>
/// Runs whose weights a second implementation makes too: tests/reference, plain scalar C written
/// from docs/numerics.md. Equal hashes mean that the specification is complete and that the
/// engine does what it says.
/// </summary>
public sealed class ReferenceTests
{
    private static readonly Lazy<string?> Compiler = new(FindCompiler);
    private TemporaryFolder folder = null!;
    private string program = null!;

    [OneTimeSetUp]
    public void Build()
    {
        folder = new TemporaryFolder();
        if (Compiler.Value is not { } compiler)
        {
            Assert.Ignore("no C compiler is here; install gcc or clang to compare with it");
            return;
        }
        program = folder["reference"];
        Repository.Run(new ProcessStartInfo(compiler,
        [
            "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-o", program,
            Path.Combine(Repository.Root, "tests", "reference", "reference.c"), "-lm",
        ])
        { RedirectStandardOutput = true });
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    // Two shards of different sizes, blocks that do not divide T, sizes that fill no vector.
    [TestCase(Activation.Tanh, 17, 23, 12, 31, 0.0)]
    [TestCase(Activation.Tanh, 17, 23, 12, 31, 4.0)]
    [TestCase(Activation.Sigmoid, 33, 20, 10, 60, 2.0)]
    [TestCase(Activation.Relu, 40, 7, 50, 50, 0.0)]
    [TestCase(Activation.Relu, 16, 100, 12, 40, 0.5)]
    [TestCase(Activation.Tanh, 5, 1, 120, 120, 1.0)]
    public void A_simple_network_on_temporal_order_has_the_weights_of_the_reference(
        Activation activation, int hidden, int batch, int shortest, int longest, double alpha) =>
        AssertEqual(
            new SimpleSetup(
                new IndependentGaussian(0.1), activation, new WeightScales { Deviation = 0.1 }),
            new TemporalOrderTask(new SequenceLength(shortest, longest), 1), hidden, batch, alpha,
            $"cell=simple activation={activation.Word()} task=temporal-order "
            + $"shortest={shortest} longest={longest}");

    [TestCase(Activation.Relu, 20, 16, 0.0)]
    [TestCase(Activation.Tanh, 9, 21, 3.0)]
    public void A_simple_network_on_addition_has_the_weights_of_the_reference(
        Activation activation, int hidden, int batch, double alpha) =>
        AssertEqual(
            new SimpleSetup(
                new IndependentGaussian(0.1), activation, new WeightScales { Deviation = 0.1 }),
            new MarkedPairTask(PairTarget.Sum, 25, 1, trainingCount: 40), hidden, batch, alpha,
            $"cell=simple activation={activation.Word()} task=addition shortest=25 training=40");

    [TestCase(16, 4)]
    [TestCase(23, 23)]
    [TestCase(37, 1)]
    public void An_LSTM_on_addition_has_the_weights_of_the_reference(int hidden, int batch) =>
        AssertEqual(
            new LstmInitializer(), new MarkedPairTask(PairTarget.Sum, 25, 1, trainingCount: 40),
            hidden, batch, 0, "cell=lstm task=addition shortest=25 training=40");

    [Test]
    public void An_LSTM_on_temporal_order_has_the_weights_of_the_reference() =>
        AssertEqual(
            new LstmInitializer(), new TemporalOrderTask(new SequenceLength(12, 31), 1), 17, 23, 0,
            "cell=lstm task=temporal-order shortest=12 longest=31");

    [Test]
    public void Another_seed_gives_other_weights() =>
        Assert.That(Reference("seed=2"), Is.Not.EqualTo(Reference("seed=1")));

    private void AssertEqual(
        NetworkSetup setup, SequenceTask task, int hidden, int batch, double alpha,
        string settings)
    {
        const int updates = 30;
        TrainingSpec spec = new()
        {
            BatchSize = batch,
            Updates = updates,
            LearningRate = 0.05,
            Clipping = new(ClippingKind.Norm, 1),
            EvaluateEvery = updates,
            TestSequences = 1,
        };
        if (alpha > 0)
        {
            spec = spec.With(new RegularizerSchedule { Alpha = alpha });
        }
        using SequenceNetwork<float> network =
            setup.Make(task.Network(hidden, setup.Activation), 1);
        float[] before = network.Parameters.ToArray();
        using Trainer trainer = new(network, task, spec, 1);
        while (trainer.Advance())
        {
        }
        Assert.That(trainer.Updates, Is.EqualTo(updates));
        Assert.That(network.Parameters.ToArray(), Is.Not.EqualTo(before));
        Assert.That(
            Reference(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings} hidden={hidden} batch={batch} alpha={alpha} updates={updates}")),
            Is.EqualTo(network.Parameters.ToArray()));
    }

    private float[] Reference(string settings)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, settings.Split(' '))
        {
            RedirectStandardOutput = true,
        })!;
        using MemoryStream bytes = new();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, settings);
        float[] weights = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes.ToArray(), 0, weights, 0, (int)bytes.Length);
        return weights;
    }

    private static string? FindCompiler() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(at => new[] { "cc", "gcc", "clang" }.Select(n => Path.Combine(at, n)))
            .FirstOrDefault(File.Exists);
}
