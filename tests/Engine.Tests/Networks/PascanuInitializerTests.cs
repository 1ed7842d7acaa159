using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The initialisations "sigmoid", "basic tanh" and "smart tanh".</summary>
public sealed class PascanuInitializerTests
{
    [TestCase("sigmoid", 0.01, 0.01)]
    [TestCase("basic tanh", 0.1, 0.1)]
    [TestCase("smart tanh", double.NaN, 0.01)]
    public void Every_matrix_has_the_stated_standard_deviation_and_biases_are_zero(
        string name, double recurrent, double others)
    {
        Variant variant = Variant.Named(name);
        NetworkSpec spec = new(60, 150, 60, variant.Activation, Readout.Softmax);
        using RecurrentNetwork<float> network = new(spec);
        network.Initialize(variant.Recurrent, new WeightScales { Deviation = others }, 7);
        ParameterLayout layout = network.Layout;
        // 9,000 entries: the sample's deviation is within 3 % with room to spare.
        Assert.That(
            Deviation(layout.InputWeights.Of(network.Parameters)),
            Is.EqualTo(others).Within(3).Percent);
        Assert.That(
            Deviation(layout.ReadoutWeights.Of(network.Parameters)),
            Is.EqualTo(others).Within(3).Percent);
        Assert.That(layout.Bias.Of(network.Parameters).ToArray(), Is.All.Zero);
        Assert.That(layout.ReadoutBias.Of(network.Parameters).ToArray(), Is.All.Zero);
        if (double.IsFinite(recurrent))
        {
            Assert.That(
                Deviation(layout.RecurrentWeights.Of(network.Parameters)),
                Is.EqualTo(recurrent).Within(3).Percent);
        }
    }

    [Test]
    public void Smart_tanh_has_15_connections_a_unit_and_a_spectral_radius_of_95_hundredths(
        [Values] SparseSide side, [Values(16, 50, 100)] int hidden)
    {
        double[,] w = new SparseSpectral(side: side).Matrix(
            hidden, new Philox(5, RandomPurpose.RecurrentWeights));
        for (int unit = 0; unit < hidden; unit++)
        {
            // Rows are targets: a unit's own row holds what it receives.
            int received = Enumerable.Range(0, hidden).Count(k => w[unit, k] != 0);
            int sent = Enumerable.Range(0, hidden).Count(k => w[k, unit] != 0);
            Assert.That(side == SparseSide.Outgoing ? sent : received, Is.EqualTo(15));
        }
        Assert.That(Spectrum.Radius(w), Is.EqualTo(0.95).Within(1e-12));
    }

    [Test]
    public void The_engine_keeps_15_entries_of_each_row_as_the_authors_program_does()
    {
        Variant smart = Variant.Named("smart tanh");
        using RecurrentNetwork<float> network = new(new NetworkSpec(6, 50, 4, smart.Activation));
        network.Initialize(smart.Recurrent, new WeightScales { Deviation = 0.01 }, 9);
        float[] w = network.Layout.RecurrentWeights.Of(network.Parameters).ToArray();
        // The engine's rows are sources, as those of h·W.
        for (int row = 0; row < 50; row++)
        {
            Assert.That(w.Skip(row * 50).Take(50).Count(v => v != 0), Is.EqualTo(15));
        }
    }

    [Test]
    public void Every_place_is_chosen_equally_often()
    {
        int[,] chosen = new int[20, 20];
        const int seeds = 400;
        for (ulong seed = 0; seed < seeds; seed++)
        {
            double[,] w = new SparseSpectral(5).Matrix(
                20, new Philox(seed, RandomPurpose.RecurrentWeights));
            for (int i = 0; i < 20; i++)
            {
                for (int j = 0; j < 20; j++)
                {
                    chosen[i, j] += w[i, j] != 0 ? 1 : 0;
                }
            }
        }
        // Binomial(400, 1/4): mean 100, standard deviation 8.7; 400 places stay within 4.5 of it.
        Assert.That(chosen.Cast<int>(), Is.All.InRange(61, 139));
    }

    [Test]
    public void Fewer_units_than_connections_are_all_connected()
    {
        double[,] w = new SparseSpectral().Matrix(
            4, new Philox(1, RandomPurpose.RecurrentWeights));
        Assert.That(w.Cast<double>(), Is.All.Not.EqualTo(0));
        Assert.That(
            () => new SparseSpectral(0).Matrix(4, new Philox(1, 1)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double Deviation(Span<float> values)
    {
        double sum = 0;
        foreach (float v in values)
        {
            sum += (double)v * v;
        }
        return Math.Sqrt(sum / values.Length);
    }
}
