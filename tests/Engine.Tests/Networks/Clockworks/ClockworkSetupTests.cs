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
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;

namespace Repro.Engine.Tests.Networks.Clockworks;

/// <summary>How a clockwork network begins, and how a run's settings say so.</summary>
public sealed class ClockworkSetupTests
{
    private static readonly NetworkSpec Large = new(30, 100, 10, Activation.Tanh);

    private static readonly ClockworkSetup[] Setups =
    [
        new(new Clockwork([1, 2, 4, 8])),
        new(new Clockwork([1, 3, 11], 1))
        {
            Weights = GateWeights.Uniform, Deviation = 0.2, ReadoutDeviation = 0.3,
        },
    ];

    [Test]
    public void Initial_weights_have_the_stated_spread_and_none_to_slower_modules()
    {
        using ClockworkNetwork<double> network = new(Large, new Clockwork([1, 2, 4, 8]));
        new ClockworkSetup(network.Clockwork) { Deviation = 0.1, ReadoutDeviation = 0.3 }
            .Initialize(network, 5);
        double[] recurrent = network.RecurrentWeights.Of(network.Parameters).ToArray();
        double[] used = [.. recurrent.Where(w => w != 0)];
        // Ten of sixteen blocks of 25 × 25.
        Assert.That(used, Has.Length.EqualTo(6250));
        Assert.That(recurrent[(10 * 100) + 60], Is.Zero, "from a fast unit to a slow one");
        Assert.That(recurrent[(60 * 100) + 10], Is.Not.Zero, "from a slow unit to a fast one");
        Assert.That(Deviation(used), Is.EqualTo(0.1).Within(3).Percent);
        Assert.That(
            Deviation(network.Layout.InputWeights.Of(network.Parameters).ToArray()),
            Is.EqualTo(0.1).Within(5).Percent);
        Assert.That(
            Deviation(network.Layout.ReadoutWeights.Of(network.Parameters).ToArray()),
            Is.EqualTo(0.3).Within(8).Percent);
        Assert.That(
            network.Layout.Bias.Of(network.Parameters).ToArray(), Has.All.EqualTo(0));

        static double Deviation(double[] values) => Math.Sqrt(values.Average(v => v * v));
    }

    [Test]
    public void Weights_to_slower_modules_stay_zero_in_training(
        [Values("momentum", "adam", "rmsprop")] string optimizer)
    {
        ClockworkSetup setup = new(new Clockwork([1, 2, 4]));
        TrainingSpec spec = SmallRuns.Sgd(100) with
        {
            Optimizer = optimizer switch
            {
                "momentum" => new Momentum { Share = 0.95 },
                "adam" => new Adam(),
                _ => new RmsProp(),
            },
        };
        using ClockworkNetwork<float> network =
            setup.Make(SmallRuns.Task(1).Network(9, Activation.Tanh), 1);
        using Trainer trainer = new(network, SmallRuns.Task(1), spec, 1);
        double[] before = [.. network.Parameters.ToArray().Select(p => (double)p)];
        while (trainer.Advance())
        {
        }
        double[] after = [.. network.Parameters.ToArray().Select(p => (double)p)];
        Assert.That(after, Is.Not.EqualTo(before));
        Assert.That(
            OracleClockwork.Masked(network.Spec, network.Clockwork, after), Is.EqualTo(after));
    }

    [Test]
    public void Equal_seeds_give_equal_weights_and_others_others()
    {
        float[] Weights(ulong seed)
        {
            using ClockworkNetwork<float> network = Setups[0].Make(Large, seed);
            return network.Parameters.ToArray();
        }
        Assert.That(Weights(1), Is.EqualTo(Weights(1)));
        Assert.That(Weights(1), Is.Not.EqualTo(Weights(2)));
    }

    [Test]
    public void Its_products_are_the_share_of_a_simple_networks_that_the_schedule_leaves()
    {
        Clockwork clockwork = new(Enumerable.Range(0, 9).Select(i => 1 << i));
        double share = (double)clockwork.RecurrentProducts(36, 256) / (36 * 36 * 256);
        Assert.That(new ClockworkSetup(clockwork).Gates, Is.EqualTo(share).Within(1e-12));
        Assert.That(new ClockworkSetup(new Clockwork([1, 1])).Gates, Is.EqualTo(1));
    }

    [Test]
    public void Settings_out_of_range_are_refused()
    {
        Assert.That(
            () => (Setups[0] with { Deviation = -1 }).Validate(4),
            Throws.InvalidOperationException.With.Message.Contains("Deviation is -1"));
        Assert.That(
            () => Setups[0].Validate(3),
            Throws.ArgumentException.With.Message.Contains("3 hidden units are to make 4"));
    }

    [TestCaseSource(nameof(Setups))]
    public void A_spec_read_as_settings_is_the_same_setup_and_the_same_run(ClockworkSetup setup)
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

    [TestCase("periods", "[1, 4, 2]", "network.periods should be a clock that runs (period 2")]
    [TestCase("periods", "[1, 0]", "a whole number of 1 or more")]
    [TestCase("periods", "[1, 2.5]", "network.periods[1] should be a whole number")]
    [TestCase("periods", "[]", "there are no periods")]
    [TestCase("periods", "4", "network.periods should be a list")]
    [TestCase("clockStart", "-1", "network.clockStart should be a clock that runs")]
    [TestCase("activation", "\"relu\"", "'tanh'")]
    [TestCase("period", "[1]", "'periods', perhaps")]
    public void A_member_that_means_nothing_is_refused(string member, string value, string said)
    {
        JsonObject network = new()
        {
            ["cell"] = "clockwork",
            ["activation"] = "tanh",
            ["hidden"] = 4,
            ["periods"] = new JsonArray(1, 2),
            ["clockStart"] = 0,
        };
        network[member] = JsonNode.Parse(value);
        JsonObject initializer = new() { ["weights"] = "normal", ["deviation"] = 0.1 };
        Assert.That(
            () => NetworkSetup.Read(
                new SettingsNode("network", network),
                new SettingsNode("initializer", initializer)),
            Throws.TypeOf<SettingsException>().With.Message.Contains(said));
    }
}
