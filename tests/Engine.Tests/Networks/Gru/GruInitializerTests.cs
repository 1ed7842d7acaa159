using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Training;

namespace Repro.Engine.Tests.Networks.Gru;

/// <summary>How a GRU begins, and how a run's settings say so.</summary>
public sealed class GruInitializerTests
{
    private static readonly NetworkSpec Large = new(30, 100, 10, Activation.Tanh);

    private static readonly GruInitializer[] Setups =
    [
        new(),
        new()
        {
            Reset = GruReset.After, Weights = GateWeights.Normal, Deviation = 0.2,
            UpdateBias = -1.5, ReadoutDeviation = 0.3,
        },
    ];

    [TestCase(GateWeights.Uniform, null)]
    [TestCase(GateWeights.Normal, null)]
    [TestCase(GateWeights.Normal, 0.2)]
    public void Initial_weights_have_the_stated_spread_and_biases(
        GateWeights weights, double? deviation)
    {
        using GruNetwork<double> network = new(Large, GruReset.After);
        new GruInitializer { Weights = weights, Deviation = deviation, UpdateBias = 1 }
            .Initialize(network, 5);
        ParameterLayout layout = network.Layout;
        double expected = deviation ?? 1 / Math.Sqrt(300);
        // 9,000 draws: the deviation's own is below 0.8 % of it.
        Assert.That(Deviation(layout.InputWeights), Is.EqualTo(expected).Within(3).Percent);
        Assert.That(Deviation(layout.RecurrentWeights), Is.EqualTo(expected).Within(2).Percent);
        Assert.That(
            Deviation(layout.ReadoutWeights), Is.EqualTo(Math.Sqrt(2.0 / 110)).Within(8).Percent);
        double[] bias = layout.Bias.Of(network.Parameters).ToArray();
        Assert.That(bias, Has.Length.EqualTo(400));
        Assert.That(bias[100..200], Has.All.EqualTo(1));
        Assert.That(bias[..100].Concat(bias[200..]), Has.All.EqualTo(0));

        double Deviation(ParameterView view)
        {
            double[] values = view.Of(network.Parameters).ToArray();
            return Math.Sqrt(values.Average(v => v * v));
        }
    }

    [Test]
    public void Equal_seeds_give_equal_weights_and_others_others()
    {
        float[] Weights(ulong seed)
        {
            using GruNetwork<float> network = new GruInitializer().Make(Large, seed);
            return network.Parameters.ToArray();
        }
        Assert.That(Weights(1), Is.EqualTo(Weights(1)));
        Assert.That(Weights(1), Is.Not.EqualTo(Weights(2)));
    }

    [Test]
    public void Settings_out_of_range_are_refused()
    {
        Assert.That(
            () => new GruInitializer { Deviation = -1 }.Validate(3),
            Throws.InvalidOperationException.With.Message.Contains("Deviation is -1"));
        Assert.That(
            () => new GruInitializer { UpdateBias = double.NaN }.Validate(3),
            Throws.InvalidOperationException.With.Message.Contains("UpdateBias is NaN"));
    }

    [TestCaseSource(nameof(Setups))]
    public void A_spec_read_as_settings_is_the_same_setup_and_the_same_run(GruInitializer setup)
    {
        TrainingRun run = new("", SmallRuns.Task, setup, SmallRuns.Sgd(), 9, 1);
        TaskSources sources = new(new DataStore(DataFolder.Resolve(null)));
        TrainingRun again =
            TrainingRun.Read("", new SettingsNode("spec", run.Spec), sources, 1);
        Assert.That(RunId.Of(again), Is.EqualTo(RunId.Of(run)));
        SettingsNode spec = new("spec", run.Spec);
        Assert.That(
            NetworkSetup.Read(spec["network"], spec["initializer"]), Is.EqualTo(setup));
    }

    [TestCase("reset", "sometimes", "one of before, after")]
    [TestCase("activation", "relu", "'tanh'")]
    [TestCase("gates", "three", "'gates' that means nothing")]
    public void A_member_that_means_nothing_is_refused(string member, string value, string said)
    {
        JsonObject network = new()
        {
            ["cell"] = "gru",
            ["activation"] = "tanh",
            ["hidden"] = 4,
            ["reset"] = "after",
        };
        network[member] = value;
        JsonObject initializer = new() { ["weights"] = "uniform", ["updateBias"] = 0 };
        Assert.That(
            () => NetworkSetup.Read(
                new SettingsNode("network", network),
                new SettingsNode("initializer", initializer)),
            Throws.TypeOf<SettingsException>().With.Message.Contains(said));
    }
}
