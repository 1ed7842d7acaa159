using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Networks;
using Repro.Engine.Training.Learners;
using Random = Repro.Engine.Tests.Networks.Random;

namespace Repro.Engine.Tests.Training.Learners;

/// <summary>Products of the Gauss–Newton matrix against differences of the outputs, and what any
/// such matrix is.</summary>
public sealed class GaussNewtonTests
{
    private const int Steps = 5;
    private const int Size = 22;

    private static IEnumerable<object[]> Cases() => AnyCell.Combinations();

    [TestCaseSource(nameof(Cases))]
    public void Products_agree_with_differences_of_outputs_and_the_error_falls_as_epsilon_squared(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        using SweptNetwork<double> net = Network(cell, activation, readout, lossAt);
        Batch<double> batch = Weighted(net.Spec, lossAt);
        using GaussNewton<double> products = Kept(net, batch, 0.7);
        double[] v = Direction(net, 1);
        double[] w = Direction(net, 2);
        double[] product = Product(products, v);
        double exact = Dot(w, product);
        // wᵀGv may be small beside what it is made of.
        double scale = Math.Sqrt(Dot(v, product) * Dot(w, Product(products, w)));

        double Error(double epsilon)
        {
            double[] up = Differences(net, batch, v, epsilon);
            double[] across = Differences(net, batch, w, epsilon);
            double sum = 0.7 * Curved(net, batch, up, across);
            return Math.Abs(sum - exact) / scale;
        }
        double coarse = Error(8e-3);
        double fine = Error(2e-3);

        Assert.That(Error(1e-5), Is.LessThan(1e-7));
        Assert.That(coarse, Is.GreaterThan(1e-9));
        double slope = Math.Log(coarse / fine) / Math.Log(4);
        Assert.That(slope, Is.EqualTo(2).Within(0.2), $"{coarse:E2} → {fine:E2}");
    }

    [Test]
    public void Wrong_use_is_refused_with_the_way_out()
    {
        SweptNetwork<double> net =
            Network(CellKind.Simple, Activation.Tanh, Readout.Linear, LossPlacement.LastStep);
        Batch<double> batch = Weighted(net.Spec, LossPlacement.LastStep);
        GaussNewton<double> products = new(net);
        double[] v = Direction(net, 1);
        double[] result = new double[v.Length];

        Assert.That(
            () => products.Keep(batch),
            Throws.InvalidOperationException.With.Message.Contains("call Start"));
        products.Start(batch);
        Assert.That(
            () => products.Multiply(v, 0, result),
            Throws.InvalidOperationException.With.Message.Contains("no batch is kept"));
        products.Keep(batch);
        Assert.That(
            () => products.Multiply(v.AsSpan(1), 0, result),
            Throws.ArgumentException.With.Message.Contains($"{v.Length} parameters"));
        Assert.That(
            () => products.Multiply(v, 0, result.AsSpan(1)),
            Throws.ArgumentException.With.Message.Contains($"{v.Length} parameters"));
        Assert.That(
            () => products.AddGradient(batch, keep: false, 1, result.AsSpan(1)),
            Throws.ArgumentException.With.Message.Contains($"{v.Length} parameters"));
        Assert.That(
            () => products.Multiply(v, -1, result),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

        net.Dispose();
        Assert.That(
            () => products.Multiply(v, 0, result), Throws.InstanceOf<ObjectDisposedException>());
        products.Dispose();
        Assert.That(() => products.Start(batch), Throws.InstanceOf<ObjectDisposedException>());
        products.Dispose();
    }

    [Test]
    public void What_is_disposed_of_begins_no_more_and_leaves_the_network_as_it_is()
    {
        using SweptNetwork<double> net =
            Network(CellKind.Simple, Activation.Tanh, Readout.Linear, LossPlacement.LastStep);
        Batch<double> batch = Weighted(net.Spec, LossPlacement.LastStep);
        double loss = net.Gradient(batch);
        GaussNewton<double> products = Kept(net, batch);

        products.Dispose();

        Assert.That(() => products.Start(batch), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => products.Keep(batch), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(net.Gradient(batch), Is.EqualTo(loss));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_matrix_is_symmetric_positive_semidefinite_and_linear_with_damped_states_too(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        using SweptNetwork<double> net = Network(cell, activation, readout, lossAt);
        Batch<double> batch = Weighted(net.Spec, lossAt);
        foreach (StructuralForm form in Forms(cell))
        {
            using GaussNewton<double> products = Kept(net, batch, 1, form);
            foreach (double structural in new[] { 0, 0.3 })
            {
                double[] v = Direction(net, 3);
                double[] w = Direction(net, 4);
                double[] gv = Product(products, v, structural);
                double[] gw = Product(products, w, structural);
                double scale = Math.Sqrt(Dot(gv, gv) * Dot(w, w));
                Assert.That(Dot(w, gv), Is.EqualTo(Dot(v, gw)).Within(1e-12 * scale));
                Assert.That(Dot(v, gv), Is.Positive);
                Assert.That(Dot(w, gw), Is.Positive);
                double[] mixed = Product(
                    products, [.. v.Zip(w, (x, y) => (3 * x) - (0.2 * y))], structural);
                double[] expected = [.. gv.Zip(gw, (x, y) => (3 * x) - (0.2 * y))];
                Assert.That(
                    mixed, Is.EqualTo(expected).Within(1e-12 * expected.Max(Math.Abs)));
            }
        }
    }

    private static IEnumerable<object[]> Damped() =>
        from cell in AnyCell.All()
        from lossAt in Enum.GetValues<LossPlacement>()
        from form in Forms(cell.Cell)
        select new object[] { cell.Cell, cell.Activation, lossAt, form };

    [TestCaseSource(nameof(Damped))]
    public void Damped_states_have_the_curvature_of_the_distance_that_the_form_names(
        CellKind cell, Activation activation, LossPlacement lossAt, StructuralForm form)
    {
        using SweptNetwork<double> net = Network(cell, activation, Readout.Softmax, lossAt);
        Batch<double> batch = Weighted(net.Spec, lossAt);
        using GaussNewton<double> products = Kept(net, batch, 2.5, form);
        double[] v = Direction(net, 5);
        double[] plain = Product(products, v);
        double[] damped = Product(products, v, 0.6);
        double exact = Dot(v, [.. damped.Zip(plain, (d, p) => (d - p) / 0.6)]);

        double Error(double epsilon)
        {
            double[] at = net.Parameters.ToArray();
            double[] before = States(net, batch);
            double Distance(double by)
            {
                Move(net, at, v, by);
                double[] after = States(net, batch);
                double sum = before.Zip(after, (b, a) => Apart(b, a, activation, form)).Sum();
                at.CopyTo(net.Parameters);
                return sum / Size;
            }
            double curvature = (Distance(epsilon) + Distance(-epsilon)) / (epsilon * epsilon);
            return Math.Abs(curvature - exact) / exact;
        }
        double coarse = Error(8e-3);
        double fine = Error(2e-3);

        Assert.That(exact, Is.Positive);
        Assert.That(fine, Is.LessThan(1e-3));
        if (coarse > 1e-6)
        {
            double slope = Math.Log(coarse / fine) / Math.Log(4);
            Assert.That(slope, Is.EqualTo(2).Within(0.2), $"{coarse:E2} → {fine:E2}");
        }
    }

    [Test]
    public void Damping_states_by_nothing_is_not_damping_them()
    {
        using SweptNetwork<double> net =
            Network(CellKind.Simple, Activation.Tanh, Readout.Linear, LossPlacement.LastStep);
        Batch<double> batch = Weighted(net.Spec, LossPlacement.LastStep);
        using GaussNewton<double> matched = Kept(net, batch);
        using GaussNewton<double> post = Kept(net, batch, 1, StructuralForm.Post);
        double[] v = Direction(net, 1);
        matched.Start(batch, keeps: true);
        double[] expected = Product(matched, v);
        post.Start(batch, keeps: true);
        Assert.That(Product(post, v), Is.EqualTo(expected));
    }

    [Test]
    public void One_step_with_damped_states_equals_the_formula_by_hand()
    {
        NetworkSpec spec = new(1, 1, 1, Activation.Tanh);
        using RecurrentNetwork<double> net = new(spec);
        // W_hh, b, W_hx, W_yh, b_y; h = tanh(.3·.5 + .1), o = .8·h.
        new[] { 0.9, 0.1, 0.3, 0.8, 0 }.CopyTo(net.Parameters);
        Batch<double> batch = new(spec, 1, 1);
        batch.Inputs[0] = 0.5;
        using GaussNewton<double> products = Kept(net, batch);

        double[] result = Product(products, [5, 1, 2, 3, 4], 0.25);

        double h = Math.Tanh(0.25);
        double slope = 1 - (h * h);
        double rs = 1 + (2 * 0.5);
        double ro = (0.8 * slope * rs) + (3 * h) + 4;
        double delta = (slope * 0.8 * 2 * ro) + (0.25 * slope * rs);
        double[] expected = [0, delta, delta * 0.5, 2 * ro * h, 2 * ro];
        Assert.That(result, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void A_batch_twice_is_the_batch_and_order_is_of_no_account()
    {
        using SweptNetwork<double> net =
            Network(CellKind.Simple, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        Batch<double> batch = Random.Batch<double>(net.Spec, Steps, Size, 12);
        Batch<double> twice = Rows(net.Spec, batch, [.. Both(Size)]);
        Batch<double> reversed = Rows(net.Spec, batch, [.. Enumerable.Range(1, Size)
            .Select(i => Size - i)]);
        double[] v = Direction(net, 1);
        double[] expected;
        using (GaussNewton<double> products = Kept(net, batch))
        {
            expected = Product(products, v, 0.1);
        }
        double scale = expected.Max(Math.Abs);
        foreach (Batch<double> other in new[] { twice, reversed })
        {
            using GaussNewton<double> products = Kept(net, other);
            Assert.That(
                Product(products, v, 0.1), Is.EqualTo(expected).Within(1e-12 * scale));
        }
        using GaussNewton<double> both = new(net);
        both.Start(batch);
        both.Keep(batch);
        both.Keep(reversed);
        Assert.That(Product(both, v, 0.1), Is.EqualTo(expected).Within(1e-12 * scale));
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradients_are_the_network_s_own_times_factor_and_share(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        using SweptNetwork<double> net = Network(cell, activation, readout, lossAt);
        Batch<double> batch = Weighted(net.Spec, lossAt);
        double loss = net.Gradient(batch);
        double[] expected = [.. net.Gradients.ToArray().Select(g => 0.7 * 0.5 * g)];
        using GaussNewton<double> products = new(net, 0.7);
        products.Start(batch);
        double[] sum = new double[net.Layout.Length];

        double again = products.AddGradient(batch, keep: false, 0.5, sum);

        Assert.That(again, Is.EqualTo(loss).Within(1e-13 * Math.Abs(loss)));
        Assert.That(sum, Is.EqualTo(expected).Within(1e-13 * expected.Max(Math.Abs)));
    }

    [Test]
    public void Products_have_the_same_bits_at_every_vector_width_and_after_a_pause()
    {
        NetworkSpec spec = new(3, 9, 4, Activation.Tanh, Readout.Softmax);
        double[]? expected = null;
        foreach (CellKind cell in Enum.GetValues<CellKind>())
        {
            foreach (InstructionSet set in Enum.GetValues<InstructionSet>()
                .Where(InstructionSets.IsSupported))
            {
                using SweptNetwork<float> net = AnyCell.Network<float>(cell, spec, .4, 1, set);
                Batch<float> batch = Random.Batch<float>(spec, Steps, Size, 12);
                Batch<float> other = Random.Batch<float>(spec, 2, 3, 13);
                using GaussNewton<float> products = new(net, 1, StructuralForm.Post);
                products.Start(batch);
                products.Keep(batch);
                double[] v = [.. Enumerable.Range(0, net.Layout.Length).Select(i => 1.0 / (i + 1))];
                double[] first = Product(products, v, 0.1);
                expected = set == InstructionSet.Scalar ? first : expected;
                Assert.That(first, Is.EqualTo(expected), $"{cell}, {set}");
                // Another batch's evaluation and another direction lie between.
                net.Evaluate(other);
                products.Start(batch, keeps: true);
                Product(products, [.. v.Select(x => 1 - x)]);
                Assert.That(Product(products, v, 0.1), Is.EqualTo(first), $"{cell}, {set}");
            }
        }
    }

    [Test]
    public void A_small_direction_is_not_lost_to_the_floor_of_the_sweeps()
    {
        NetworkSpec spec = new(3, 9, 4, Activation.Tanh, Readout.Softmax);
        using SweptNetwork<float> net = AnyCell.Network<float>(CellKind.Simple, spec, .4, 1);
        Batch<float> batch = Random.Batch<float>(spec, Steps, Size, 12);
        using GaussNewton<float> products = new(net);
        products.Start(batch);
        products.Keep(batch);
        double[] v = [.. Enumerable.Range(0, net.Layout.Length).Select(i => 1.0 / (i + 1))];
        double[] expected = Product(products, v);
        double tiny = Math.ScaleB(1, -200);
        double[] small = Product(products, [.. v.Select(x => x * tiny)]);
        Assert.That(small.Select(x => x / tiny), Is.EqualTo(expected));
        Assert.That(Product(products, new double[v.Length]), Is.All.Zero);
    }

    private static StructuralForm[] Forms(CellKind cell) => cell == CellKind.Simple
        ? Enum.GetValues<StructuralForm>()
        : [StructuralForm.Post];

    private static SweptNetwork<double> Network(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        NetworkSpec spec = new(2, 5, 3, activation, readout, lossAt);
        bool kinks = activation == Activation.Relu;
        SweptNetwork<double> net = AnyCell.Network<double>(cell, spec, kinks ? 0.05 : 0.5, 11);
        if (kinks)
        {
            // Kinks are where a pre-activation changes sign: a bias moves all units off theirs.
            net.Layout.Bias.Of(net.Parameters).Fill(2);
        }
        return net;
    }

    /// <summary>A batch whose losses have unequal weights, some 0.</summary>
    private static Batch<double> Weighted(NetworkSpec spec, LossPlacement lossAt)
    {
        Batch<double> batch = Random.Batch<double>(spec, Steps, Size, 12);
        int rows = lossAt == LossPlacement.EveryStep ? Steps * Size : Size;
        batch.Weights = [.. Enumerable.Range(0, rows).Select(i => i % 4 / (3.0 * Size))];
        return batch;
    }

    private static GaussNewton<double> Kept(
        SweptNetwork<double> net, Batch<double> batch, double factor = 1,
        StructuralForm form = StructuralForm.Matched)
    {
        GaussNewton<double> products = new(net, factor, form);
        products.Start(batch);
        products.Keep(batch);
        return products;
    }

    private static double[] Direction(SweptNetwork<double> net, ulong seed)
    {
        double[] direction = new double[net.Layout.Length];
        Random.Fill<double>(
            direction, net.Spec.Activation == Activation.Relu ? 0.1 : 1, seed, 17);
        return direction;
    }

    private static double[] Product<T>(
        GaussNewton<T> products, double[] v, double structural = 0)
        where T : unmanaged, global::System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[] result = new double[v.Length];
        products.Multiply(v, structural, result);
        return result;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void Move(
        SweptNetwork<double> net, double[] at, double[] direction, double by) =>
        at.Zip(direction, (p, v) => p + (by * v)).ToArray().CopyTo(net.Parameters);

    private static double[] Outputs(SweptNetwork<double> net, Batch<double> batch)
    {
        int rows = net.Spec.LossAt == LossPlacement.EveryStep ? Steps * Size : Size;
        double[] outputs = new double[rows * net.Spec.OutputSize];
        net.Evaluate(batch, outputs);
        return outputs;
    }

    private static double[] Differences(
        SweptNetwork<double> net, Batch<double> batch, double[] direction, double epsilon)
    {
        double[] at = net.Parameters.ToArray();
        Move(net, at, direction, epsilon);
        double[] up = Outputs(net, batch);
        Move(net, at, direction, -epsilon);
        double[] down = Outputs(net, batch);
        at.CopyTo(net.Parameters);
        return [.. up.Zip(down, (u, d) => (u - d) / (2 * epsilon))];
    }

    /// <summary>Σ weight · aᵀ·H_L·b, H_L written as a matrix.</summary>
    private static double Curved(
        SweptNetwork<double> net, Batch<double> batch, double[] a, double[] b)
    {
        int o = net.Spec.OutputSize;
        double[] outputs = Outputs(net, batch);
        double sum = 0;
        for (int row = 0; row < outputs.Length / o; row++)
        {
            double[] z = outputs[(row * o)..((row + 1) * o)];
            for (int i = 0; i < o; i++)
            {
                for (int j = 0; j < o; j++)
                {
                    sum += batch.Weights![row] * a[(row * o) + i] * b[(row * o) + j]
                        * Second(net.Spec.Readout, z, i, j);
                }
            }
        }
        return sum;
    }

    private static double Second(Readout readout, double[] z, int i, int j)
    {
        switch (readout)
        {
            case Readout.Linear:
                return i == j ? 2 : 0;
            case Readout.Bernoulli:
                double y = 1 / (1 + Math.Exp(-z[i]));
                return i == j ? y * (1 - y) : 0;
            default:
                double all = z.Sum(Math.Exp);
                double p = Math.Exp(z[i]) / all;
                return (i == j ? p : 0) - (p * Math.Exp(z[j]) / all);
        }
    }

    /// <summary>A distance between two states of a unit whose second derivative in the second,
    /// where they are the same, is that of the form.</summary>
    private static double Apart(double before, double after, Activation activation,
        StructuralForm form)
    {
        double half = 0.5 * (after - before) * (after - before);
        if (form == StructuralForm.Post || activation == Activation.Relu)
        {
            return form == StructuralForm.Quarter ? half / 4 : half;
        }
        (double p, double q) = activation == Activation.Tanh
            ? ((1 + before) / 2, (1 + after) / 2)
            : (before, after);
        double entropy = (p * Math.Log(p / q)) + ((1 - p) * Math.Log((1 - p) / (1 - q)));
        return form == StructuralForm.Quarter ? entropy / 4 : entropy;
    }

    /// <summary>h_1 … h_T of every sequence.</summary>
    private static unsafe double[] States(SweptNetwork<double> net, Batch<double> batch)
    {
        List<double> all = [];
        net.StartGradient(batch);
        for (int i = 0; i < Shard.Count(Size); i++)
        {
            using Tape<double> tape = net.NewTape(batch, i);
            net.Forward(tape, batch, i);
            for (int t = 1; t <= Steps; t++)
            {
                for (int r = 0; r < tape.Rows; r++)
                {
                    all.AddRange(new ReadOnlySpan<double>(
                        tape.Hidden(t) + (r * tape.StateStride), net.Spec.HiddenSize));
                }
            }
        }
        return [.. all];
    }

    private static IEnumerable<int> Both(int count) =>
        Enumerable.Range(0, count).Concat(Enumerable.Range(0, count));

    private static Batch<double> Rows(NetworkSpec spec, Batch<double> from, int[] rows)
    {
        Batch<double> made = new(spec, Steps, rows.Length);
        int inputs = spec.InputSize;
        for (int t = 0; t < Steps; t++)
        {
            for (int r = 0; r < rows.Length; r++)
            {
                int to = (t * rows.Length) + r;
                int at = (t * from.Size) + rows[r];
                made.Classes[to] = from.Classes[at];
                from.Inputs.AsSpan(at * inputs, inputs)
                    .CopyTo(made.Inputs.AsSpan(to * inputs));
            }
        }
        return made;
    }
}
