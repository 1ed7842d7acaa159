using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>
/// Setting tiny activations and deltas to zero costs no accuracy. The run is a vanishing
/// gradient: spectral radius 0.5 over 200 steps shrinks it by 0.5^200 = 6e-61.
/// </summary>
public sealed class SubnormalPolicyTests
{
    private const double Radius = 0.5;
    private const int Steps = 200;
    private const int Hidden = 19;

    [Test]
    public void A_vanishing_gradient_is_as_close_to_double_precision_as_without_the_floor(
        [Values] Activation activation)
    {
        NetworkSpec spec = new(2, Hidden, 1, activation);
        using RecurrentNetwork<double> exact = Vanishing(spec);
        Batch<double> batch = Networks.Random.Batch<double>(spec, Steps, 3, 5);
        using RecurrentNetwork<float> floored = new(spec);
        Batch<float> single = new(spec, Steps, 3);
        // Far from the outputs, so that no digits are lost in the loss.
        batch.Targets.AsSpan().Fill(5);
        Round(exact.Parameters, floored.Parameters);
        Round(batch.Inputs, single.Inputs);
        Round(batch.Targets, single.Targets);
        ParameterView whole = new("all", 0, 1, exact.Parameters.Length);
        double[] truth = NaiveNetwork.Gradient<double>(spec, exact.Parameters, batch);
        float[] plain = NaiveNetwork.Gradient<float>(spec, floored.Parameters, single);

        floored.Gradient(single);

        double withFloor = Distance<float>(truth, floored.Gradients, whole);
        double without = Distance<float>(truth, plain, whole);
        // The two sum in different orders: two rounding units are granted to that.
        Assert.That(withFloor, Is.LessThanOrEqualTo(Math.Max(without, 1.2e-7)));
    }

    [Test]
    public void No_delta_lies_between_zero_and_the_floor()
    {
        NetworkSpec spec = new(1, Hidden, 1, Activation.Tanh);
        using RecurrentNetwork<double> exact = Vanishing(spec);
        using RecurrentNetwork<float> network = new(spec);
        Round(exact.Parameters, network.Parameters);
        for (int steps = 60; steps <= 160; steps += 10)
        {
            // One input, 1 at the first step: the gradient of its weights is that step's delta.
            Batch<float> batch = new(spec, steps, 1);
            batch.Inputs[0] = 1;
            batch.Targets[0] = 1;
            network.Gradient(batch);
            float[] deltas = network.Layout.InputWeights.Of(network.Gradients).ToArray();
            Assert.That(deltas, Has.All.Matches<float>(d => d == 0 || Math.Abs(d) >= 1e-30f));
            if (steps is 60 or 160)
            {
                Assert.That(deltas.Any(d => d != 0), Is.EqualTo(steps == 60));
            }
        }
    }

    [Test]
    public void The_floor_of_a_vanishing_float64_gradient_is_that_of_float64()
    {
        // 0.5^200 is far above 1e-290: no delta may be cut.
        NetworkSpec spec = new(2, Hidden, 1, Activation.Tanh);
        using RecurrentNetwork<double> network = Vanishing(spec);
        Batch<double> batch = new(spec, Steps, 1);
        batch.Inputs[0] = 0.5;
        batch.Targets[0] = 1;
        double[] naive = NaiveNetwork.Gradient<double>(spec, network.Parameters, batch);
        network.Gradient(batch);
        ParameterView view = network.Layout.InputWeights;
        Assert.That(Norm(naive, view), Is.GreaterThan(0).And.LessThan(1e-50));
        Assert.That(Distance<double>(naive, network.Gradients, view), Is.LessThan(1e-12));
    }

    private static RecurrentNetwork<double> Vanishing(NetworkSpec spec)
    {
        RecurrentNetwork<double> network = Networks.Random.Network<double>(spec, 0.3, 7);
        double[,] orthogonal = new RandomOrthogonal().Matrix(Hidden, new Philox(7, 1));
        Span<double> weights = network.Layout.RecurrentWeights.Of(network.Parameters);
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = Radius * orthogonal[k / Hidden, k % Hidden];
        }
        network.Layout.Bias.Of(network.Parameters).Clear();
        return network;
    }

    /// <summary>Rounds to float32, and the source with it, so that both hold equal numbers.
    /// </summary>
    private static void Round(Span<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
            from[i] = to[i];
        }
    }

    private static double Norm(ReadOnlySpan<double> values, ParameterView view)
    {
        double sum = 0;
        foreach (double v in view.Of(values))
        {
            sum += v * v;
        }
        return Math.Sqrt(sum);
    }

    private static double Distance<T>(
        ReadOnlySpan<double> truth, ReadOnlySpan<T> other, ParameterView view)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        double[] difference = new double[truth.Length];
        for (int i = view.Offset; i < view.Offset + view.Length; i++)
        {
            difference[i] = double.CreateTruncating(other[i]) - truth[i];
        }
        return Norm(difference, view) / Norm(truth, view);
    }
}
