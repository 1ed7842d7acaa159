using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The tangent of the forward sweep against differences and against the backward
/// sweep.</summary>
public sealed class TangentTests
{
    private const int Steps = 7;
    private const int Size = 23;

    private static IEnumerable<object[]> Cases() =>
        from cell in AnyCell.All()
        from lossAt in Enum.GetValues<LossPlacement>()
        from leaky in cell.Cell == CellKind.Simple ? new[] { false, true } : [false]
        from oneHot in new[] { false, true }
        select new object[] { cell.Cell, cell.Activation, lossAt, leaky, oneHot };

    [TestCaseSource(nameof(Cases))]
    public void Tangents_agree_with_central_differences_and_the_error_falls_as_epsilon_squared(
        CellKind cell, Activation activation, LossPlacement lossAt, bool leaky, bool oneHot)
    {
        (SweptNetwork<double> net, Batch<double> batch) =
            Make(cell, activation, lossAt, leaky, oneHot);
        using SweptNetwork<double> owned = net;
        double[] direction = Direction(net);
        double[] tangents = Tangents(net, batch, direction);
        double scale = tangents.Max(Math.Abs);
        Assert.That(scale, Is.GreaterThan(0.01));

        double coarse = Error(net, batch, direction, tangents, 4e-3) / scale;
        double fine = Error(net, batch, direction, tangents, 1e-3) / scale;
        double best = Error(net, batch, direction, tangents, 1e-5) / scale;

        Assert.That(best, Is.LessThan(1e-7));
        Assert.That(coarse, Is.GreaterThan(1e-9));
        double slope = Math.Log(coarse / fine) / Math.Log(4);
        Assert.That(slope, Is.EqualTo(2).Within(0.15), $"{coarse:E2} → {fine:E2}");
    }

    [TestCaseSource(nameof(Cases))]
    public unsafe void Errors_times_tangents_are_the_gradient_times_the_direction(
        CellKind cell, Activation activation, LossPlacement lossAt, bool leaky, bool oneHot)
    {
        (SweptNetwork<double> net, Batch<double> batch) =
            Make(cell, activation, lossAt, leaky, oneHot);
        using SweptNetwork<double> owned = net;
        double[] direction = Direction(net);
        double product = 0;
        ForEachTape(net, batch, direction, tape =>
        {
            net.Loss(tape, 1.0 / Size);
            net.Backward(tape);
            int rows = lossAt == LossPlacement.EveryStep ? Steps * tape.Rows : tape.Rows;
            for (int r = 0; r < rows; r++)
            {
                for (int k = 0; k < net.Spec.OutputSize; k++)
                {
                    int at = (r * tape.Outputs.Stride) + k;
                    product += tape.Outputs.Errors[at] * tape.Tangents().Outputs[at];
                }
            }
        });
        net.EndGradient();
        double expected = net.Gradients.ToArray().Zip(direction, (g, v) => g * v).Sum();
        Assert.That(product, Is.EqualTo(expected).Within(1e-10).Percent);
    }

    [Test]
    public void A_direction_of_another_length_and_a_sweep_with_dropout_are_refused()
    {
        NetworkSpec spec = new(2, 3, 4);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.5, 1);
        Batch<double> batch = Random.Batch<double>(spec, 3, 2, 2);
        using Tape<double> tape = net.NewTape(batch, 0);
        net.StartGradient(batch);
        Assert.That(
            () => net.Tangent(tape),
            Throws.InvalidOperationException.With.Message.Contains("StartTangent"));
        Assert.That(
            () => net.StartTangent(new double[5], batch),
            Throws.ArgumentException.With.Message.Contains("5 elements"));
        net.StartTangent(new double[net.Layout.Length], batch);
        batch.Dropout = new Dropout(0.5, 1, 1);
        net.Forward(tape, batch, 0);
        Assert.That(
            () => net.Tangent(tape),
            Throws.InvalidOperationException.With.Message.Contains("no dropout"));
    }

    private static (SweptNetwork<double> Net, Batch<double> Batch) Make(
        CellKind cell, Activation activation, LossPlacement lossAt, bool leaky, bool oneHot)
    {
        NetworkSpec spec = new(9, 19, 4, activation, Readout.Softmax, lossAt);
        bool kinks = activation == Activation.Relu;
        SweptNetwork<double> net = AnyCell.Network<double>(cell, spec, kinks ? 0.03 : 0.4, 11);
        if (kinks)
        {
            // Kinks are where a pre-activation changes sign: a bias moves all units off theirs.
            net.Layout.Bias.Of(net.Parameters).Fill(2);
        }
        if (leaky)
        {
            ((RecurrentNetwork<double>)net).SetLeakRates(new LeakRule(8, 0.1, 0.9).Rates(19, 3));
        }
        Batch<double> batch = Random.Batch<double>(spec, Steps, Size, 12);
        if (oneHot)
        {
            int[] classes = batch.Classes;
            batch = new Batch<double>(spec, Steps, Size, oneHot: true);
            classes.CopyTo(batch.Classes, 0);
            for (int i = 0; i < batch.InputIndices.Length; i++)
            {
                batch.InputIndices[i] = i * 5 % 9;
            }
        }
        return (net, batch);
    }

    private static double[] Direction(SweptNetwork<double> net)
    {
        double[] direction = new double[net.Layout.Length];
        // Small where the parameters of a rectifier must not reach a kink.
        Random.Fill<double>(direction, net.Spec.Activation == Activation.Relu ? 0.03 : 0.4, 13, 1);
        return direction;
    }

    private static void ForEachTape(
        SweptNetwork<double> net, Batch<double> batch, double[]? direction,
        Action<Tape<double>> use)
    {
        net.StartGradient(batch);
        if (direction is not null)
        {
            net.StartTangent(direction, batch);
        }
        for (int i = 0; i < Shard.Count(Size); i++)
        {
            using Tape<double> tape = net.NewTape(batch, i);
            net.Forward(tape, batch, i);
            if (direction is not null)
            {
                net.Tangent(tape);
            }
            use(tape);
        }
    }

    /// <summary>R(h_t) of every step and R(o), shard after shard.</summary>
    private static unsafe double[] Tangents(
        SweptNetwork<double> net, Batch<double> batch, double[] direction)
    {
        List<double> all = [];
        ForEachTape(net, batch, direction, tape =>
        {
            TangentTape<double> r = tape.Tangents();
            for (int t = 0; t <= Steps; t++)
            {
                Add(all, r.Hidden(t), tape.Rows, net.Spec.HiddenSize, r.HiddenStride);
            }
            Add(all, r.Outputs, OutputRows(net, tape), net.Spec.OutputSize, tape.Outputs.Stride);
        });
        return [.. all];
    }

    /// <summary>h_t of every step and o, in the same order.</summary>
    private static unsafe double[] States(SweptNetwork<double> net, Batch<double> batch)
    {
        List<double> all = [];
        ForEachTape(net, batch, null, tape =>
        {
            for (int t = 0; t <= Steps; t++)
            {
                Add(all, tape.Hidden(t), tape.Rows, net.Spec.HiddenSize, tape.StateStride);
            }
            Add(
                all, tape.Outputs.Outputs, OutputRows(net, tape), net.Spec.OutputSize,
                tape.Outputs.Stride);
        });
        return [.. all];
    }

    private static int OutputRows(SweptNetwork<double> net, Tape<double> tape) =>
        net.Spec.LossAt == LossPlacement.EveryStep ? Steps * tape.Rows : tape.Rows;

    private static unsafe void Add(
        List<double> all, double* from, int rows, int columns, int stride)
    {
        for (int r = 0; r < rows; r++)
        {
            all.AddRange(new ReadOnlySpan<double>(from + (r * stride), columns));
        }
    }

    private static double Error(
        SweptNetwork<double> net, Batch<double> batch, double[] direction, double[] tangents,
        double epsilon)
    {
        double[] at = net.Parameters.ToArray();
        double[] Moved(double by)
        {
            at.Zip(direction, (p, v) => p + (by * v)).ToArray().CopyTo(net.Parameters);
            return States(net, batch);
        }
        double[] up = Moved(epsilon);
        double[] down = Moved(-epsilon);
        at.CopyTo(net.Parameters);
        return tangents
            .Select((r, i) => Math.Abs(((up[i] - down[i]) / (2 * epsilon)) - r)).Max();
    }
}
