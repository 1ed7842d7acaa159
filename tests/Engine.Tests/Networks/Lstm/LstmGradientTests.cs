using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>The LSTM's gradient against central finite differences in double precision.
/// </summary>
public sealed class LstmGradientTests
{
    [Test]
    public void Gradient_agrees_with_finite_differences_and_the_error_falls_as_epsilon_squared(
        [Values] Readout readout, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = RandomLstm.Spec(3, 5, 4, readout, lossAt);
        using LstmNetwork<double> net = RandomLstm.Network<double>(spec, 0.9, 11);
        Batch<double> batch = Random.Batch<double>(spec, 7, 3, 12);
        net.Gradient(batch);
        double[] gradient = net.Gradients.ToArray();
        double scale = gradient.Max(Math.Abs);

        double coarse = WorstError(net, batch, gradient, 8e-4) / scale;
        double fine = WorstError(net, batch, gradient, 2e-4) / scale;
        double best = WorstError(net, batch, gradient, 1e-5) / scale;

        Assert.That(best, Is.LessThanOrEqualTo(1e-7));
        double slope = Math.Log(coarse / fine) / Math.Log(4);
        Assert.That(slope, Is.EqualTo(2).Within(0.15), $"{coarse:E2} → {fine:E2}");
    }

    [Test]
    public void Gradient_of_a_batch_wider_than_a_shard_is_the_mean_over_its_sequences()
    {
        NetworkSpec spec = RandomLstm.Spec(2, 9, 3);
        using LstmNetwork<double> net = RandomLstm.Network<double>(spec, 0.5, 3);
        Batch<double> batch = Random.Batch<double>(spec, 6, 47, 4);
        net.Gradient(batch);
        double[] whole = net.Gradients.ToArray();
        double[] sum = new double[whole.Length];
        Batch<double> one = new(spec, 6, 1);
        for (int b = 0; b < 47; b++)
        {
            for (int t = 0; t < 6; t++)
            {
                batch.Inputs.AsSpan(((t * 47) + b) * 2, 2).CopyTo(one.Inputs.AsSpan(t * 2));
            }
            one.Classes[0] = batch.Classes[b];
            net.Gradient(one);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += net.Gradients[i] / 47;
            }
        }
        Assert.That(whole, Is.EqualTo(sum).Within(1e-14));
    }

    [Test]
    public void Evaluate_gives_the_loss_of_Gradient(
        [Values] LossPlacement lossAt, [Values(2, 9)] int inputs)
    {
        NetworkSpec spec = RandomLstm.Spec(inputs, 6, 2, Readout.Bernoulli, lossAt);
        using LstmNetwork<float> net = RandomLstm.Network<float>(spec, 0.5, 5);
        Batch<float> batch = Random.Batch<float>(spec, 8, 23, 6);
        Assert.That(net.Evaluate(batch), Is.EqualTo(net.Gradient(batch)));
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

    private static double WorstError(
        LstmNetwork<double> net, Batch<double> batch, double[] gradient, double epsilon)
    {
        double worst = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double at = net.Parameters[i];
            net.Parameters[i] = at + epsilon;
            double up = net.Evaluate(batch);
            net.Parameters[i] = at - epsilon;
            double down = net.Evaluate(batch);
            net.Parameters[i] = at;
            worst = Math.Max(worst, Math.Abs(((up - down) / (2 * epsilon)) - gradient[i]));
        }
        return worst;
    }
}
