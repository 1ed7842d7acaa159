using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Networks;

/// <summary>The weights before training: Talathi and Vartak 2016, eq. (9), (10), Table 1.</summary>
public class InitializerTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(10)]
    [TestCase(100)]
    [TestCase(400)]
    public void NpRNN_is_symmetric_and_positive_definite_with_largest_eigenvalue_one(int n)
    {
        double[,] w = Matrix("np-RNN", n);
        Check(w, 1e-12);
        Check(Rounded(w), 1e-6);

        static void Check(double[,] matrix, double tolerance)
        {
            int size = matrix.GetLength(0);
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    Assert.That(matrix[i, j], Is.EqualTo(matrix[j, i]));
                }
            }
            double[] eigenvalues = Spectrum.SymmetricEigenvalues(matrix);
            Assert.That(eigenvalues[0], Is.EqualTo(1).Within(tolerance));
            Assert.That(eigenvalues[^1], Is.GreaterThan(0));
            if (size > 1)
            {
                Assert.That(eigenvalues[1], Is.LessThan(1 - tolerance));
            }
        }
    }

    [Test]
    public void NpRNN_is_eq_9_of_its_own_Gaussian_matrix()
    {
        const int n = 12;
        double[,] g = Matrix("gRNN", n);
        double[,] a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                // gRNN is R/√N of the same numbers, so RᵀR/N is its Gram matrix.
                a[i, j] = (i == j ? 1 : 0)
                    + Enumerable.Range(0, n).Sum(k => g[k, i] * g[k, j]);
            }
        }
        double e = Spectrum.SymmetricEigenvalues(a)[0];
        double[,] w = Matrix("np-RNN", n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.That(w[i, j], Is.EqualTo(a[i, j] / e).Within(1e-14));
            }
        }
        // (A + I)/e has no eigenvalue below 1/e; A/e, without the identity, has.
        Assert.That(Spectrum.SymmetricEigenvalues(w)[^1], Is.GreaterThan(1 / e));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(10)]
    [TestCase(100)]
    public void NRNN_has_spectral_radius_one_and_is_not_symmetric(int n)
    {
        double[,] w = Matrix("nRNN", n);
        Assert.That(Spectrum.Radius(w), Is.EqualTo(1).Within(1e-12));
        Assert.That(Spectrum.Radius(Rounded(w)), Is.EqualTo(1).Within(1e-6));
        if (n > 1)
        {
            Assert.That(w[0, 1], Is.Not.EqualTo(w[1, 0]));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(10)]
    [TestCase(100)]
    public void ORNN_is_orthogonal(int n)
    {
        double[,] q = Matrix("oRNN", n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = Enumerable.Range(0, n).Sum(k => q[i, k] * q[j, k]);
                Assert.That(dot, Is.EqualTo(i == j ? 1 : 0).Within(1e-12), $"rows {i}, {j}");
            }
        }
    }

    [TestCase(1.1, 1)]
    [TestCase(1.1, 2)]
    [TestCase(1.1, 50)]
    [TestCase(0.25, 9)]
    public void A_scaled_orthogonal_matrix_has_that_scale_for_every_singular_value(
        double scale, int n)
    {
        double[,] q = new ScaledOrthogonal(scale).Matrix(n, new Philox(5, 1));
        double[,] plain = new RandomOrthogonal().Matrix(n, new Philox(5, 1));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.That(q[i, j], Is.EqualTo(plain[i, j] * scale));
                double dot = Enumerable.Range(0, n).Sum(k => q[k, i] * q[k, j]);
                Assert.That(dot, Is.EqualTo(i == j ? scale * scale : 0).Within(1e-12));
            }
        }
        Assert.That(
            Spectrum.SingularValues(q), Is.All.EqualTo(scale).Within(1e-10));
    }

    [Test]
    public void A_scale_that_is_none_is_refused_in_the_program_and_by_name(
        [Values(0, -1, double.NaN, double.PositiveInfinity)] double scale)
    {
        Assert.That(
            () => new ScaledOrthogonal(scale),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"an orthogonal matrix times {scale}"));
        Assert.That(
            () => Named(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"orthogonal-{scale}")),
            Throws.TypeOf<SettingsException>().With.Message.Contains("orthogonal-1.1"));
    }

    [TestCase("orthogonal-1.1")]
    [TestCase("orthogonal-2")]
    [TestCase("gaussian-0.05")]
    public void A_rule_with_a_constant_is_read_by_its_name(string name) =>
        Assert.That(Named(name).Name, Is.EqualTo(name));

    private static IRecurrentInitializer Named(string name) => RecurrentInitializers.Read(
        new SettingsNode("initializer", new JsonObject { ["recurrent"] = name }));

    [TestCase("IRNN", 1)]
    [TestCase("iRNN", 0.01)]
    public void Identity_variants_are_the_scaled_identity_exactly(string name, double scale)
    {
        double[,] w = Matrix(name, 5);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                Assert.That(w[i, j], Is.EqualTo(i == j ? scale : 0));
            }
        }
    }

    [Test]
    public void GRNN_has_variance_one_over_N()
    {
        double[] entries = [.. Matrix("gRNN", 100).Cast<double>()];
        ExpectDeviation(entries, 0.1);
    }

    [Test]
    public void Np_tanhRNN_is_np_RNN_with_another_activation()
    {
        Assert.That(Matrix("np-tanhRNN", 7), Is.EqualTo(Matrix("np-RNN", 7)));
        Assert.That(Variant.Named("np-tanhRNN").Activation, Is.EqualTo(Activation.Tanh));
        Assert.That(
            Variant.All.Where(v => v.Name != "np-tanhRNN").Select(v => v.Activation),
            Is.All.EqualTo(Activation.Relu));
    }

    [Test]
    public void Alpha_is_that_of_eq_10_with_its_brackets_where_the_paper_has_them()
    {
        Assert.That(WeightScales.Alpha(100), Is.EqualTo(1.43171).Within(5e-6));
        // √2·e^(1/3), and not the 0.13 of misplaced brackets.
        Assert.That(WeightScales.Alpha(6), Is.EqualTo(1.97369).Within(5e-6));
        Assert.That(WeightScales.Alpha(1), Is.EqualTo(WeightScales.Alpha(6)));
        Assert.That(WeightScales.Alpha(7), Is.LessThan(WeightScales.Alpha(6)));
    }

    [Test]
    public void Input_weights_have_alpha_over_the_root_of_the_size_chosen()
    {
        NetworkSpec spec = new(90, 100, 100);
        double plain = WeightScales.Alpha(100) / 10;
        Expect(new WeightScales(), plain);
        Expect(new WeightScales { UseAlpha = false }, 0.1);
        Expect(new WeightScales { AlphaSize = SizeRule.Input }, WeightScales.Alpha(90) / 10);
        Expect(
            new WeightScales { InputVarianceSize = SizeRule.Input },
            WeightScales.Alpha(100) / Math.Sqrt(90));
        Expect(new WeightScales { OwnInputDeviation = 0.001 }, 0.001);

        void Expect(WeightScales scales, double deviation)
        {
            Assert.That(scales.InputDeviation(spec), Is.EqualTo(deviation).Within(1e-13).Percent);
            using RecurrentNetwork<double> network = Initialized<double>(spec, "IRNN", scales, 3);
            ExpectDeviation(
                network.Layout.InputWeights.Of(network.Parameters).ToArray(), deviation);
        }
    }

    [Test]
    public void The_readout_scale_is_a_variance_unless_it_is_asked_for_as_a_deviation()
    {
        NetworkSpec spec = new(2, 100, 60);
        WeightScales deviation = new() { Readout = ReadoutScale.Deviation };
        using RecurrentNetwork<double> variance =
            Initialized<double>(spec, "IRNN", new WeightScales(), 3);
        using RecurrentNetwork<double> other = Initialized<double>(spec, "IRNN", deviation, 3);
        ExpectDeviation(
            variance.Layout.ReadoutWeights.Of(variance.Parameters).ToArray(),
            Math.Sqrt(2.0 / 160));
        ExpectDeviation(
            other.Layout.ReadoutWeights.Of(other.Parameters).ToArray(), 2.0 / 160);
    }

    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    public void An_input_deviation_that_is_no_size_is_refused(double deviation)
    {
        Assert.That(
            () => new WeightScales { OwnInputDeviation = deviation }.Validate(),
            Throws.ArgumentException.With.Message.Contains("the input weights' standard"));
    }

    [Test]
    public void An_input_deviation_of_its_own_leaves_the_readout_and_W_hh_as_they_were()
    {
        NetworkSpec spec = new(2, 100, 60);
        using RecurrentNetwork<double> printed =
            Initialized<double>(spec, "np-RNN", new WeightScales(), 3);
        using RecurrentNetwork<double> own = Initialized<double>(
            spec, "np-RNN", new WeightScales { OwnInputDeviation = 0.001 }, 3);
        ParameterLayout layout = own.Layout;
        Assert.That(
            layout.ReadoutWeights.Of(own.Parameters).ToArray(),
            Is.EqualTo(layout.ReadoutWeights.Of(printed.Parameters).ToArray()));
        Assert.That(
            layout.RecurrentWeights.Of(own.Parameters).ToArray(),
            Is.EqualTo(layout.RecurrentWeights.Of(printed.Parameters).ToArray()));
    }

    [TestCase(
        "{ \"inputDeviation\": 1, \"readoutScale\": \"variance\", \"alpha\": true }", "'alpha'")]
    [TestCase("{ \"inputDeviatoin\": 1, \"readoutScale\": \"variance\" }", "'inputDeviation'")]
    public void A_wrong_input_deviation_is_refused_with_the_way_out(string settings, string said)
    {
        SettingsNode node = new("initializer", JsonNode.Parse(settings));
        Assert.That(
            () => WeightScales.Read(node),
            Throws.TypeOf<SettingsException>().With.Message.Contains(said));
    }

    [Test]
    public void Initialize_leaves_no_old_parameter_zeroes_biases_and_stores_sources_as_rows()
    {
        NetworkSpec spec = new(3, 8, 2);
        using RecurrentNetwork<float> network = new(spec);
        network.Parameters.Fill(float.NaN);
        network.Initialize(Variant.Named("nRNN").Recurrent, new WeightScales(), 9);
        Assert.That(network.Parameters.ToArray(), Has.None.NaN);
        Assert.That(network.Layout.Bias.Of(network.Parameters).ToArray(), Is.All.Zero);
        Assert.That(network.Layout.ReadoutBias.Of(network.Parameters).ToArray(), Is.All.Zero);
        double[,] w = Variant.Named("nRNN").Recurrent.Matrix(
            8, new Philox(9, RandomPurpose.RecurrentWeights));
        float[] stored = network.Layout.RecurrentWeights.Of(network.Parameters).ToArray();
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < 8; j++)
            {
                Assert.That(stored[(i * 8) + j], Is.EqualTo((float)w[j, i]));
            }
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        foreach (Variant variant in Variant.All)
        {
            byte[] one = Bytes(variant.Name, 1);
            Assert.That(Bytes(variant.Name, 1), Is.EqualTo(one), variant.Name);
            Assert.That(Bytes(variant.Name, 2), Is.Not.EqualTo(one), variant.Name);
            Assert.That(Bytes(variant.Name, 1UL << 40), Is.Not.EqualTo(one), variant.Name);
        }
        byte[][] all = [.. Variant.All.SkipLast(1).Select(v => Bytes(v.Name, 1))];
        Assert.That(all.Select(Convert.ToHexString).Distinct().Count(), Is.EqualTo(all.Length));
    }

    private static byte[] Bytes(string variant, ulong seed)
    {
        using RecurrentNetwork<float> network =
            Initialized<float>(new NetworkSpec(2, 6, 1), variant, new WeightScales(), seed);
        return MemoryMarshal.AsBytes(network.Parameters).ToArray();
    }

    private static double[,] Matrix(string name, int n) =>
        Variant.Named(name).Recurrent.Matrix(n, new Philox(5, RandomPurpose.RecurrentWeights));

    private static RecurrentNetwork<T> Initialized<T>(
        NetworkSpec spec, string variant, WeightScales scales, ulong seed)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        RecurrentNetwork<T> network = new(spec);
        network.Initialize(Variant.Named(variant).Recurrent, scales, seed);
        return network;
    }

    private static double[,] Rounded(double[,] matrix)
    {
        double[,] result = (double[,])matrix.Clone();
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++)
            {
                result[i, j] = (float)result[i, j];
            }
        }
        return result;
    }

    // Four standard errors: of a deviation σ/√(2n), of a mean σ/√n.
    private static void ExpectDeviation(double[] entries, double deviation)
    {
        int n = entries.Length;
        double mean = entries.Average();
        double found = Math.Sqrt(entries.Sum(x => x * x) / n);
        Assert.That(mean, Is.EqualTo(0).Within(4 * deviation / Math.Sqrt(n)));
        Assert.That(found, Is.EqualTo(deviation).Within(4 * deviation / Math.Sqrt(2.0 * n)));
    }
}
