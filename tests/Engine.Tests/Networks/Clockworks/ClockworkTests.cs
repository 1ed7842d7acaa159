using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Clockworks;

/// <summary>What only a clockwork network does.</summary>
public sealed class ClockworkTests
{
    private static NetworkSpec Spec(
        int inputs, int hidden, int outputs, Readout readout = Readout.Linear,
        LossPlacement lossAt = LossPlacement.EveryStep) =>
        new(inputs, hidden, outputs, Activation.Tanh, readout, lossAt);

    // Three modules of a unit, periods 1, 2, 4; the outputs of eight steps by hand, for a clock
    // that starts at 0 and one that starts at 1.
    [TestCase(0, new[]
    {
        .321184, .080042, -.082377, -.109929, -.189999, -.036974, .089111, .096597,
    })]
    [TestCase(1, new[]
    {
        .149668, .297410, .263330, .356590, .094563, -.098909, -.117525, -.202245,
    })]
    public void Eight_steps_worked_by_hand_come_out(int start, double[] expected)
    {
        NetworkSpec spec = Spec(1, 3, 1);
        using ClockworkNetwork<double> network = new(spec, new Clockwork([1, 2, 4], start));
        Span<double> all = network.Parameters;
        // Rows are sources. The weights to slower modules, here 9, must not be read.
        new[] { .5, 9, 9, -.3, .4, 9, .8, .6, -.7 }
            .CopyTo(network.Layout.RecurrentWeights.Of(all));
        new[] { .1, .2, -.3 }.CopyTo(network.Layout.Bias.Of(all));
        new[] { 1, .5, -.25 }.CopyTo(network.Layout.ReadoutWeights.Of(all));
        network.Layout.ReadoutBias.Of(all)[0] = .05;
        double[] outputs = new double[8];
        network.Evaluate(new Batch<double>(spec, 8, 1), outputs);
        Assert.That(outputs, Is.EqualTo(expected).Within(5e-7));
    }

    [Test]
    public void Periods_of_one_give_the_bits_of_the_simple_network(
        [Values] Activation activation, [Values] LossPlacement lossAt, [Values(2, 11)] int inputs,
        [Values(1, 3, 23)] int size)
    {
        NetworkSpec spec = new(inputs, 19, 4, activation, Readout.Softmax, lossAt);
        using RecurrentNetwork<float> simple = Random.Network<float>(spec, 0.3, 5);
        using ClockworkNetwork<float> clocked = new(spec, new Clockwork([1, 1, 1], 3));
        simple.Parameters.CopyTo(clocked.Parameters);
        Batch<float> batch = Random.Batch<float>(spec, 40, size, 6);
        Assert.That(clocked.Gradient(batch), Is.EqualTo(simple.Gradient(batch)));
        Assert.That(clocked.Gradients.ToArray(), Is.EqualTo(simple.Gradients.ToArray()));
        Assert.That(clocked.Evaluate(batch), Is.EqualTo(simple.Evaluate(batch)));
    }

    [Test]
    public void Weights_to_slower_modules_change_nothing_and_have_no_gradient(
        [Values(CellKind.Clockwork, CellKind.ClockworkOdd)] CellKind cell,
        [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = Spec(2, 19, 3, lossAt: lossAt);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, 0.4, 7);
        double[] ones = [.. Enumerable.Repeat(1.0, network.Parameters.Length)];
        double[] mask =
            OracleClockwork.Masked(spec, AnyCell.ClockworkOf(cell, spec), ones);
        Assert.That(mask, Has.Some.EqualTo(0));
        Batch<float> batch = Random.Batch<float>(spec, 21, 4, 8);
        double loss = network.Gradient(batch);
        float[] gradient = network.Gradients.ToArray();
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] == 0)
            {
                Assert.That(gradient[i], Is.Zero, $"parameter {i}");
                network.Parameters[i] = 1000;
            }
        }
        Assert.That(network.Gradient(batch), Is.EqualTo(loss));
        Assert.That(network.Gradients.ToArray(), Is.EqualTo(gradient));
    }

    [Test]
    public void A_module_at_rest_keeps_its_states_to_the_bit([Values(0, 1)] int start)
    {
        Clockwork clockwork = new([1, 3, 7], start);
        NetworkSpec spec = Spec(2, 20, 20);
        using ClockworkNetwork<float> network = new(spec, clockwork);
        Random.Fill(network.Parameters, 0.5, 9, 1);
        Identity(network);
        int[] periods = OracleClockwork.Periods(spec, clockwork);
        float[] states = States(network, Random.Batch<float>(spec, 30, 1, 10));
        int kept = 0;
        for (int t = 0; t < 30; t++)
        {
            for (int j = 0; j < 20; j++)
            {
                float before = t == 0 ? 0 : states[((t - 1) * 20) + j];
                bool works = (t + start) % periods[j] == 0;
                Assert.That(states[(t * 20) + j] == before, Is.EqualTo(!works), $"t {t}, {j}");
                kept += works ? 0 : 1;
            }
        }
        Assert.That(kept, Is.GreaterThan(100));
    }

    [Test]
    public void A_slow_module_reads_only_the_inputs_of_its_own_steps_and_no_faster_module()
    {
        Clockwork clockwork = new([1, 2, 4]);
        NetworkSpec spec = Spec(1, 6, 6);
        using ClockworkNetwork<float> network = new(spec, clockwork);
        Random.Fill(network.Parameters, 0.5, 11, 1);
        Identity(network);
        Batch<float> batch = Random.Batch<float>(spec, 12, 1, 12);
        float[] plain = States(network, batch);
        for (int moved = 0; moved < 12; moved++)
        {
            float input = batch.Inputs[moved];
            batch.Inputs[moved] = input + 1;
            float[] states = States(network, batch);
            batch.Inputs[moved] = input;
            bool[] changed = [.. Enumerable.Range(0, 3).Select(module =>
                Enumerable.Range(0, 12).Any(t =>
                    states[(t * 6) + (2 * module)] != plain[(t * 6) + (2 * module)]))];
            Assert.That(
                changed, Is.EqualTo(new[] { true, moved % 2 == 0, moved % 4 == 0 }), $"{moved}");
        }
        // A fast unit's bias moves its own module only.
        network.Layout.Bias.Of(network.Parameters)[0] += 1;
        float[] pushed = States(network, batch);
        for (int t = 0; t < 12; t++)
        {
            Assert.That(
                pushed.AsSpan((t * 6) + 2, 4).ToArray(),
                Is.EqualTo(plain.AsSpan((t * 6) + 2, 4).ToArray()));
        }
        Assert.That(pushed[0], Is.Not.EqualTo(plain[0]));
    }

    [Test]
    public void Units_that_do_not_divide_evenly_go_to_the_fastest_modules()
    {
        Clockwork clockwork = new([1, 2, 4, 8, 16, 32, 64, 128, 256]);
        Assert.That(
            clockwork.Sizes(11), Is.EqualTo(new[] { 2, 2, 1, 1, 1, 1, 1, 1, 1 }));
        Assert.That(clockwork.Sizes(36), Has.All.EqualTo(4));
    }

    [Test]
    public void Parameters_and_products_are_as_many_as_the_formulas_say()
    {
        Clockwork clockwork = new(Enumerable.Range(0, 9).Select(i => 1 << i));
        // k²·g(g + 1)/2 recurrent weights of n = gk units, then bias, input, readout.
        NetworkSpec spec = Spec(1, 36, 1);
        Assert.That(clockwork.ParametersIn(spec), Is.EqualTo((16 * 45) + 36 + 36 + 36 + 1));
        // k²·(2g − 2 + 2^(1 − g)) multiplications a step, over a window of 2^(g − 1) steps.
        Assert.That(clockwork.RecurrentProducts(36, 256), Is.EqualTo(65_552));
        Assert.That(new Clockwork([1]).RecurrentProducts(36, 10), Is.EqualTo(12_960));
        Assert.That(
            new Clockwork([1, 1]).ParametersIn(spec),
            Is.EqualTo(new ParameterLayout(spec).Length));
    }

    [Test]
    public void Batches_of_one_and_of_many_sequences_have_one_gradient()
    {
        // One sequence has its rows evenly apart; several are gathered.
        NetworkSpec spec = Spec(2, 13, 2);
        using SweptNetwork<double> network =
            AnyCell.Network<double>(CellKind.ClockworkOdd, spec, 0.5, 13);
        Batch<double> one = Random.Batch<double>(spec, 50, 1, 14);
        network.Gradient(one);
        double[] gradient = network.Gradients.ToArray();
        Batch<double> four = new(spec, 50, 4);
        for (int t = 0; t < 50; t++)
        {
            for (int b = 0; b < 4; b++)
            {
                one.Inputs.AsSpan(t * 2, 2).CopyTo(four.Inputs.AsSpan(((t * 4) + b) * 2));
                one.Targets.AsSpan(t * 2, 2).CopyTo(four.Targets.AsSpan(((t * 4) + b) * 2));
            }
        }
        network.Gradient(four);
        Assert.That(network.Gradients.ToArray(), Is.EqualTo(gradient).Within(1e-12));
    }

    [TestCase(new int[0], 0, "no periods")]
    [TestCase(new[] { 1, 0 }, 0, "period 1 is 0; a whole number of 1 or more")]
    [TestCase(new[] { 1, -4 }, 0, "period 1 is -4")]
    [TestCase(new[] { 1, 4, 2 }, 0, "period 2 comes after 4; write the fast modules")]
    [TestCase(new[] { 1 }, -1, "starts at -1; 0 or more")]
    public void Bad_periods_are_refused(int[] periods, int start, string said) =>
        Assert.That(
            () => new Clockwork(periods, start),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains(said));

    [Test]
    public void Fewer_units_than_modules_are_refused() =>
        Assert.That(
            () => new ClockworkNetwork<float>(Spec(1, 2, 1), new Clockwork([1, 2, 4])),
            Throws.ArgumentException.With.Message.Contains("2 hidden units are to make 3 modules"));

    [Test]
    public void Clockworks_of_equal_periods_and_start_are_equal()
    {
        Assert.That(new Clockwork([1, 3]), Is.EqualTo(new Clockwork([1, 3])));
        Assert.That(
            new Clockwork([1, 3]).GetHashCode(), Is.EqualTo(new Clockwork([1, 3]).GetHashCode()));
        Assert.That(new Clockwork([1, 3]), Is.Not.EqualTo(new Clockwork([1, 3], 1)));
        Assert.That(new Clockwork([1, 3]), Is.Not.EqualTo(new Clockwork([1, 4])));
    }

    [Test]
    public void An_update_allocates_nothing(
        [Values] LossPlacement lossAt, [Values(1, 23)] int size, [Values] bool oneHot)
    {
        NetworkSpec spec = Spec(9, 5, 3, Readout.Softmax, lossAt);
        using ClockworkNetwork<float> network = new(spec, new Clockwork([1, 2, 3]));
        Batch<float> batch = new(spec, 12, size, oneHot);
        // The runtime's own tables have grown by then, as in the test of the training loop.
        for (int i = 0; i < 100; i++)
        {
            network.Gradient(batch);
        }
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    network.Gradient(batch);
                }
            }),
            Is.Zero);
    }

    [Test]
    public void A_network_disposed_of_refuses_to_work()
    {
        NetworkSpec spec = Spec(2, 3, 4);
        ClockworkNetwork<float> network = new(spec, new Clockwork([1, 2]));
        Batch<float> batch = new(spec, 5, 2);
        network.Gradient(batch);
        network.Dispose();
        Assert.That(() => network.Gradient(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => network.Evaluate(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(network.Dispose, Throws.Nothing);
    }

    /// <summary>Makes the outputs the states.</summary>
    private static void Identity(ClockworkNetwork<float> network)
    {
        Span<float> weights = network.Layout.ReadoutWeights.Of(network.Parameters);
        weights.Clear();
        network.Layout.ReadoutBias.Of(network.Parameters).Clear();
        for (int i = 0; i < network.Spec.HiddenSize; i++)
        {
            weights[i * (network.Spec.HiddenSize + 1)] = 1;
        }
    }

    private static float[] States(ClockworkNetwork<float> network, Batch<float> batch)
    {
        float[] states = new float[batch.Steps * network.Spec.HiddenSize];
        network.Evaluate(batch, states);
        return states;
    }
}
