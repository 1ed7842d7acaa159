using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The gradient against central finite differences in double precision.</summary>
public sealed class GradientTests
{
    [TestCaseSource(typeof(AnyCell), nameof(AnyCell.Combinations))]
    public void Gradient_agrees_with_finite_differences_and_the_error_falls_as_epsilon_squared(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        NetworkSpec spec = new(3, 5, 4, activation, readout, lossAt);
        bool simple = AnyCell.IsSimple(cell);
        using SweptNetwork<double> net =
            AnyCell.Network<double>(cell, spec, Deviation(cell, activation), 11);
        Batch<double> batch = Random.Batch<double>(spec, 7, 3, 12);
        if (activation == Activation.Relu)
        {
            // Kinks are where a pre-activation changes sign: a bias moves all units off theirs.
            net.Layout.Bias.Of(net.Parameters).Fill(cell == CellKind.Simple ? 0.5 : 2);
        }
        net.Gradient(batch);
        double[] gradient = net.Gradients.ToArray();
        double scale = gradient.Max(Math.Abs);

        double epsilon = simple ? 4e-4 : 8e-4;
        double coarse = WorstError(net, batch, gradient, epsilon) / scale;
        double fine = WorstError(net, batch, gradient, epsilon / 4) / scale;
        double best = WorstError(net, batch, gradient, 1e-5) / scale;

        Assert.That(best, Is.LessThanOrEqualTo(1e-7));
        // A quadratic loss of a ReLU network is piecewise polynomial: the error may vanish.
        if (!simple || coarse > 1e-9)
        {
            double slope = Math.Log(coarse / fine) / Math.Log(4);
            Assert.That(slope, Is.EqualTo(2).Within(0.15), $"{coarse:E2} → {fine:E2}");
        }
    }

    [Test]
    public void Gradient_of_a_batch_wider_than_a_shard_is_the_mean_over_its_sequences(
        [Values] CellKind cell)
    {
        NetworkSpec spec = new(2, 9, 3, Activation.Tanh, Readout.Softmax);
        using SweptNetwork<double> net = AnyCell.Network<double>(cell, spec, 0.5, 3);
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
        [Values] CellKind cell, [Values] LossPlacement lossAt, [Values(2, 9)] int inputs)
    {
        Activation activation = AnyCell.IsSimple(cell) ? Activation.Sigmoid : Activation.Tanh;
        NetworkSpec spec = new(inputs, 6, 2, activation, Readout.Bernoulli, lossAt);
        using SweptNetwork<float> net = AnyCell.Network<float>(cell, spec, 0.5, 5);
        Batch<float> batch = Random.Batch<float>(spec, 8, 23, 6);
        Assert.That(net.Evaluate(batch), Is.EqualTo(net.Gradient(batch)));
    }

    // Small where the rectifiers of a clockwork must not reach their kinks.
    private static double Deviation(CellKind cell, Activation activation) =>
        !AnyCell.IsSimple(cell) ? 0.9
        : cell != CellKind.Simple && activation == Activation.Relu ? 0.1
        : 0.6;

    private static double WorstError(
        SweptNetwork<double> net, Batch<double> batch, double[] gradient, double epsilon)
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
