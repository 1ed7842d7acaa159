using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Runs;
using Repro.Engine.Runs.Theory;

namespace Repro.Engine.Tests.Runs;

/// <summary>The ids of computed runs that build or train a network of the engine.</summary>
public sealed class TheoryBehaviourTests
{
    [Test]
    public void A_trained_decay_names_every_part_it_uses()
    {
        TrainedDecayRun run = new("basic tanh", .1, 4, 12, [0, 30], 1);
        Assert.That(run.Behaviour.Keys, Is.EquivalentTo(new[]
        {
            "cell.simple", "dynamics.trained-decay", "initializer.gaussian-0.1", "kernels",
            "optimizer.sgd", "readout.softmax", "regularizer", "rules", "spectrum",
            "task.temporal-order", "training", "weight-scales",
        }));
    }

    [Test]
    public void A_trained_decay_without_the_regulariser_does_not_name_it()
    {
        TrainedDecayRun run = new("basic tanh", .1, 0, 12, [0, 30], 1);
        Assert.That(run.Behaviour.Keys, Has.None.EqualTo("regularizer"));
    }

    [Test]
    public void A_trained_decays_spec_says_all_that_its_training_run_says()
    {
        JsonObject spec = new TrainedDecayRun("smart tanh", .1, 4, 12, [0, 30], 1).Spec;
        JsonObject? training = spec["run"]?.AsObject();
        Assert.That(training, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That((string?)training!["kind"], Is.EqualTo("training"));
            Assert.That(
                (string?)training["initializer"]!["recurrent"],
                Is.EqualTo("sparse-15-outgoing-radius-0.95"));
            Assert.That((double?)training["initializer"]!["deviation"], Is.EqualTo(.1));
            Assert.That((string?)training["network"]!["activation"], Is.EqualTo("tanh"));
            Assert.That((int?)training["network"]!["hidden"], Is.EqualTo(50));
            Assert.That((int?)training["task"]!["steps"], Is.EqualTo(12));
            Assert.That((double?)training["training"]!["learningRate"], Is.EqualTo(.01));
        });
    }

    [Test]
    public void A_graph_of_a_variant_names_its_cell_readout_initialiser_and_scales()
    {
        NetworkGraphRun run = new(
            new NetworkSpec(2, 3, 1, Activation.Relu), Variant.Named("np-RNN"), 0, 2, 3);
        Assert.That(run.Behaviour.Keys, Is.EquivalentTo(new[]
        {
            "cell.simple", "dynamics.network-graph", "initializer.np-RNN", "kernels",
            "readout.linear", "spectrum", "weight-scales",
        }));
    }

    [Test]
    public void A_gradient_decay_names_its_cell_readout_and_draw()
    {
        GradientDecayRun run = new(Activation.Tanh, .1, 4, 4, 2, 1);
        Assert.That(run.Behaviour.Keys, Is.EquivalentTo(new[]
        {
            "cell.simple", "dynamics.gradient-decay", "initializer.plain-gaussian", "kernels",
            "readout.softmax", "spectrum",
        }));
    }

    [Test]
    public void A_graph_of_plain_Gaussian_weights_names_their_draw_and_no_scales()
    {
        NetworkGraphRun run = new(
            new NetworkSpec(2, 3, 1, Activation.Tanh), null, .1, 2, 3);
        Assert.That(run.Behaviour.Keys, Is.EquivalentTo(new[]
        {
            "cell.simple", "dynamics.network-graph", "initializer.plain-gaussian", "kernels",
            "readout.linear", "spectrum",
        }));
    }
}
