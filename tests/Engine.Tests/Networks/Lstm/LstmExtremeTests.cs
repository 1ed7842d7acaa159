using NUnit.Framework;
using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>An LSTM at the ends of what numbers can be.</summary>
public sealed class LstmExtremeTests
{
    [Test]
    public void A_NaN_anywhere_passes_to_the_loss(
        [Values] Readout readout, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = RandomLstm.Spec(2, 5, 3, readout, lossAt);
        using LstmNetwork<float> network = RandomLstm.Network<float>(spec, 0.5, 51);
        float[] whole = network.Parameters.ToArray();
        Batch<float> batch = Random.Batch<float>(spec, 4, 2, 52);
        foreach (ParameterView view in network.Layout.Views)
        {
            whole.CopyTo(network.Parameters);
            Assert.That(double.IsFinite(network.Gradient(batch)), Is.True);
            // A column of each gate in turn; a softmax over a NaN is one in any output.
            int gates = view.Columns == 20 ? 4 : 1;
            for (int gate = 0; gate < gates; gate++)
            {
                whole.CopyTo(network.Parameters);
                network.Parameters[view.Offset + (gate * 5)] = float.NaN;
                string where = $"{view.Name}, gate {gate}";
                Assert.That(double.IsFinite(network.Evaluate(batch)), Is.False, where);
                Assert.That(double.IsFinite(network.Gradient(batch)), Is.False, where);
            }
        }
    }

    [Test]
    public void A_saturated_network_has_a_finite_gradient()
    {
        NetworkSpec spec = RandomLstm.Spec(2, 19, 3);
        using LstmNetwork<float> network = RandomLstm.Network<float>(spec, 300, 71);
        Assert.That(network.Gradient(Random.Batch<float>(spec, 30, 3, 72)), Is.Not.NaN);
        Assert.That(network.Gradients.ToArray(), Has.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void No_delta_lies_between_zero_and_the_floor()
    {
        NetworkSpec spec = RandomLstm.Spec(1, 19, 1, Readout.Linear);
        using LstmNetwork<float> network = RandomLstm.Network<float>(spec, 0.1, 7);
        // Forget gates nearly shut: the gradient shrinks about tenfold a step.
        network.Layout.ForgetBias.Of(network.Parameters).Fill(-3);
        int vanished = 0;
        for (int steps = 10; steps <= 90; steps += 10)
        {
            // One input, 1 at the first step: the gradient of its weights is that step's delta.
            Batch<float> batch = new(spec, steps, 1);
            batch.Inputs[0] = 1;
            batch.Targets[0] = 1;
            network.Gradient(batch);
            float[] deltas = network.Layout.InputWeights.Of(network.Gradients).ToArray();
            Assert.That(deltas, Has.All.Matches<float>(d => d == 0 || Math.Abs(d) >= 1e-30f));
            vanished += deltas.All(d => d == 0) ? 1 : 0;
        }
        Assert.That(vanished, Is.InRange(1, 8));
    }
}
