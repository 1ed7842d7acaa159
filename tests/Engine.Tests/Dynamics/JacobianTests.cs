using NUnit.Framework;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Dynamics;

/// <summary>Powers and products of Jacobians, and gradients by lag of real networks.</summary>
public sealed class JacobianTests
{
    private static readonly double[,] NonNormal = { { .9, 3 }, { 0, .9 } };

    [Test]
    public void Powers_of_the_non_normal_matrix_grow_before_they_shrink()
    {
        double[] norms = MatrixPowers.Norms(NonNormal, 60);
        Assert.That(Spectrum.Radius(NonNormal), Is.EqualTo(.9).Within(1e-12));
        Assert.That(norms[0], Is.EqualTo(3.249286).Within(5e-7));
        Assert.That(Array.IndexOf(norms, norms.Max()), Is.EqualTo(8), "the ninth power");
        Assert.That(norms[8], Is.EqualTo(11.635514).Within(5e-7));
        Assert.That(norms[47], Is.GreaterThan(1));
        Assert.That(norms[48..], Is.All.LessThan(1), "from the 49th on");
    }

    [Test]
    public void Norms_of_powers_agree_with_the_closed_form_of_a_triangular_matrix()
    {
        double[] norms = MatrixPowers.Norms(NonNormal, 30);
        for (int l = 1; l <= 30; l++)
        {
            // W^l = [[a, c], [0, a]] with a = .9^l and c = 3·l·.9^(l−1).
            double a = Math.Pow(.9, l);
            double c = 3 * l * Math.Pow(.9, l - 1);
            double expected = (c + Math.Sqrt((c * c) + (4 * a * a))) / 2;
            Assert.That(norms[l - 1], Is.EqualTo(expected).Within(1e-12).Percent);
        }
    }

    [Test]
    public void A_network_with_leaky_units_is_refused_and_one_whose_rates_are_all_1_is_not()
    {
        NetworkSpec spec = new(3, 4, 2, Activation.Tanh, Readout.Linear);
        using RecurrentNetwork<double> network = Network(spec);
        Batch<double> batch = Random(spec, 5, 2);
        double[][] plain = GradientDecay.Measure(network, batch).Norms;
        network.SetLeakRates([1, 1, 1, 1]);
        Assert.That(GradientDecay.Measure(network, batch).Norms, Is.EqualTo(plain));
        network.SetLeakRates([1, 1, .5, 1]);
        Assert.That(
            () => GradientDecay.Measure(network, batch),
            Throws.ArgumentException.With.Message.Contains("unit 2").And.Message.Contains("0.5"));
    }

    [TestCase(Activation.Tanh, Readout.Softmax, LossPlacement.LastStep)]
    [TestCase(Activation.Sigmoid, Readout.Bernoulli, LossPlacement.LastStep)]
    [TestCase(Activation.Relu, Readout.Linear, LossPlacement.LastStep)]
    public void Gradients_by_lag_add_up_to_the_engines_own_bias_gradient(
        Activation activation, Readout readout, LossPlacement placement)
    {
        NetworkSpec spec = new(3, 7, 4, activation, readout, placement);
        using RecurrentNetwork<double> network = Network(spec);
        Batch<double> batch = Random(spec, 9, 3);
        network.Gradient(batch);
        double[] engines = network.Layout.Bias.Of(network.Gradients).ToArray();

        // dE/db = Σ_k f′(s_k) ⊙ dE/dh_k, averaged over the sequences.
        double[] sum = new double[7];
        NetworkStates states = NetworkStates.Of(network, batch);
        for (int b = 0; b < 3; b++)
        {
            double[,] h = states.Sequence(b);
            double[,] gradients = JacobianChain
                .OfStates(states.RecurrentWeights, h, activation)
                .Gradients(states.LastGradient(b));
            for (int k = 1; k <= 9; k++)
            {
                for (int j = 0; j < 7; j++)
                {
                    sum[j] += ScalarFunctions.Slope(activation, h[k, j]) * gradients[k, j] / 3;
                }
            }
        }
        Assert.That(engines.Select(Math.Abs).Max(), Is.GreaterThan(1e-3));
        Assert.That(sum, Is.EqualTo(engines).Within(1e-12));
    }

    [Test]
    public void Symbols_and_the_same_inputs_as_vectors_give_the_same_norms()
    {
        NetworkSpec spec = new(3, 5, 4, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        using RecurrentNetwork<double> network = Network(spec);
        Batch<double> symbols = new(spec, 6, 2, oneHot: true);
        Batch<double> vectors = new(spec, 6, 2);
        for (int i = 0; i < 12; i++)
        {
            symbols.InputIndices[i] = i * 7 % 3;
            vectors.Inputs[(i * 3) + symbols.InputIndices[i]] = 1;
            symbols.Classes[i] = vectors.Classes[i] = i % 4;
        }
        Assert.That(
            GradientDecay.Measure(network, symbols).Norms,
            Is.EqualTo(GradientDecay.Measure(network, vectors).Norms));
    }

    [TestCase(Activation.Tanh)]
    [TestCase(Activation.Sigmoid)]
    [TestCase(Activation.Relu)]
    public void No_gradient_exceeds_the_bounds_and_none_falls_below_the_smallest_singular_value(
        Activation activation)
    {
        NetworkSpec spec = new(3, 7, 4, activation, Readout.Softmax);
        using RecurrentNetwork<double> network = Network(spec);
        Batch<double> batch = Random(spec, 12, 5);
        GradientDecay decay = GradientDecay.Measure(network, batch);
        Assert.That(decay.Violations(), Is.Zero);
        for (int lag = 0; lag <= 12; lag++)
        {
            double share = decay.Norms[0][lag] / decay.Norms[0][0];
            double bound = decay.Bounds[0][lag] / decay.Norms[0][0];
            Assert.That(decay.ProductNorms[lag], Is.InRange(share * .999999, bound * 1.000001));
        }
        double[] global = decay.GlobalBounds;
        for (int b = 0; b < 5; b++)
        {
            for (int lag = 0; lag <= 12; lag++)
            {
                double bound = decay.Bounds[b][lag];
                Assert.That(
                    bound, Is.LessThanOrEqualTo(global[lag] * decay.Norms[b][0] * (1 + 1e-12)));
            }
        }
        NetworkStates states = NetworkStates.Of(network, batch);
        JacobianChain chain = JacobianChain.OfStates(
            states.RecurrentWeights, states.Sequence(0), activation);
        double[] norms = chain.Norms(states.LastGradient(0));
        double[] lower = chain.LowerBounds();
        for (int lag = 0; lag <= 12; lag++)
        {
            Assert.That(norms[lag], Is.GreaterThanOrEqualTo(lower[lag] * norms[0] * (1 - 1e-12)));
        }
    }

    [Test]
    public void The_bound_is_reached_when_the_weights_are_orthogonal_and_every_unit_passes()
    {
        double[,] rotation = { { .6, -.8 }, { .8, .6 } };
        double[,] slopes = { { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
        JacobianChain chain = new(rotation, slopes);
        Assert.That(chain.Norms([3, 4]), Is.EqualTo(new[] { 5.0, 5, 5, 5 }).Within(1e-14));
        Assert.That(chain.ProductNorms(), Is.EqualTo(new[] { 1.0, 1, 1, 1 }).Within(1e-14));
        Assert.That(chain.Bounds(), Is.EqualTo(new[] { 1.0, 1, 1, 1 }).Within(1e-14));
        Assert.That(chain.LowerBounds(), Is.EqualTo(new[] { 1.0, 1, 1, 1 }).Within(1e-14));
    }

    [Test]
    public void Products_of_linear_units_are_powers_of_the_matrix_even_where_squares_vanish()
    {
        double[,] slopes = new double[13, 2];
        for (int i = 0; i < slopes.Length; i++)
        {
            slopes[i / 2, i % 2] = 1;
        }
        double[] norms = new JacobianChain(NonNormal, slopes).ProductNorms();
        Assert.That(norms[1..], Is.EqualTo(MatrixPowers.Norms(NonNormal, 12)).Within(1e-12));

        double[,] tiny = { { 1e-20, 0 }, { 0, 2e-20 } };
        JacobianChain vanishing = new(tiny, slopes);
        Assert.That(vanishing.ProductNorms()[12], Is.EqualTo(4096e-240).Within(1e-9).Percent);
        Assert.That(vanishing.Norms([0, 1])[12], Is.EqualTo(4096e-240).Within(1e-9).Percent);
    }

    [Test]
    public void A_violated_bound_would_be_counted()
    {
        GradientDecay decay = new([[1, 2, .5]], [[1, 1.5, 1]], [1, 2, 1], [1, 1.5, 1], 1, 1);
        Assert.That(decay.Violations(), Is.EqualTo(1));
    }

    [Test]
    public void Measuring_leaves_the_network_and_its_gradient_as_they_were()
    {
        NetworkSpec spec = new(3, 7, 4, Activation.Tanh, Readout.Softmax);
        using RecurrentNetwork<double> network = Network(spec);
        Batch<double> batch = Random(spec, 5, 2);
        network.Gradient(batch);
        double[] parameters = network.Parameters.ToArray();
        double[] gradient = network.Gradients.ToArray();
        GradientDecay.Measure(network, batch);
        Assert.That(network.Parameters.ToArray(), Is.EqualTo(parameters));
        Assert.That(network.Gradients.ToArray(), Is.EqualTo(gradient));
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => new JacobianChain(NonNormal, new double[3, 3]),
            Throws.ArgumentException.With.Message.Contains("3×3"));
        Assert.That(
            () => MatrixPowers.Norms(new double[2, 3], 4),
            Throws.ArgumentException.With.Message.Contains("2×3"));
    }

    private static RecurrentNetwork<double> Network(NetworkSpec spec)
    {
        RecurrentNetwork<double> network = new(spec, InstructionSet.Scalar);
        network.Initialize(new ScaledGaussian(), new WeightScales(), 5);
        Philox random = new(6, RandomPurpose.Resampling);
        Span<double> bias = network.Layout.Bias.Of(network.Parameters);
        for (int i = 0; i < bias.Length; i++)
        {
            bias[i] = 0.3 * random.Normal((ulong)i);
        }
        return network;
    }

    private static Batch<double> Random(NetworkSpec spec, int steps, int size)
    {
        Batch<double> batch = new(spec, steps, size);
        Philox random = new(7, RandomPurpose.TestSequences);
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs[i] = random.Normal((ulong)i);
        }
        for (int i = 0; i < batch.Targets.Length; i++)
        {
            batch.Targets[i] = i % 2;
        }
        for (int i = 0; i < batch.Classes.Length; i++)
        {
            batch.Classes[i] = i % spec.OutputSize;
        }
        return batch;
    }
}
