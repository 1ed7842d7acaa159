using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The steps of a gradient one by one, on tapes that are kept.</summary>
public sealed class TapeTests
{
    private const int Steps = 19;
    private const int Size = 47;

    [TestCaseSource(typeof(AnyCell), nameof(AnyCell.Combinations))]
    public void Kept_tapes_of_all_shards_give_the_bits_of_Gradient_and_may_be_used_again(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        NetworkSpec spec = new(9, 17, 4, activation, readout, lossAt);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, 0.3, 21);
        AssertBits(network, Random.Batch<float>(spec, Steps, Size, 22), 0);
    }

    [Test]
    public void Symbols_leaks_Ω_weights_carried_states_and_dropout_are_on_the_tapes_too()
    {
        NetworkSpec spec = new(
            9, 17, 4, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        using RecurrentNetwork<double> network = Random.Network<double>(spec, 0.3, 21);
        network.SetLeakRates(new LeakRule(9).Rates(17, 4));
        Batch<double> batch = new(spec, Steps, Size, oneHot: true)
        {
            InitialStates = new double[Size * 17],
            FinalStates = new double[Size * 17],
            Weights = [.. Enumerable.Range(0, Steps * Size).Select(i => (i / 7) % 3 / 40.0)],
            Dropout = new Dropout(0.3, 5, 6),
        };
        batch.InitialStates.AsSpan().Fill(0.25);
        AssertBits(network, batch, 0.7);
    }

    [Test]
    public void A_tape_that_did_not_keep_enough_or_is_too_small_is_refused()
    {
        NetworkSpec spec = new(2, 3, 4);
        using RecurrentNetwork<float> network = new(spec);
        Batch<float> batch = new(spec, 5, 2);
        using Tape<float> tape = network.NewTape(batch, 0);
        Assert.That(
            () => network.Loss(tape, 1),
            Throws.InvalidOperationException.With.Message.Contains("forward sweep comes first"));
        Assert.That(
            () => network.ClearGradient(),
            Throws.InvalidOperationException.With.Message.Contains("StartGradient"));
        network.StartGradient(batch);
        Assert.That(
            () => network.Backward(tape),
            Throws.InvalidOperationException.With.Message.Contains("needs Everything"));
        Assert.That(
            () => network.Forward(tape, new Batch<float>(spec, 6, 2), 0),
            Throws.ArgumentException.With.Message.Contains("6 steps of 2"));
        network.SetLeakRates(new double[] { 0.5, 1, 1 });
        Assert.That(
            () => network.Forward(tape, batch, 0),
            Throws.InvalidOperationException.With.Message.Contains("before units became leaky"));
    }

    private static void AssertBits<T>(SweptNetwork<T> network, Batch<T> batch, double alpha)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double loss = network.Gradient(batch, alpha);
        byte[] gradient = Shapes.Bytes<T>(network.Gradients);
        RegularizerValue omega = network.Regularizer;
        double scale = 1.0 / batch.Size;
        Tape<T>[] tapes =
            [.. Enumerable.Range(0, Shard.Count(Size)).Select(i => network.NewTape(batch, i))];
        Assert.That(tapes, Has.Length.EqualTo(3));

        network.StartGradient(batch, alpha);
        for (int i = 0; i < tapes.Length; i++)
        {
            network.Forward(tapes[i], batch, i);
        }
        double kept = tapes.Sum(tape => network.Loss(tape, scale));
        Assert.That(batch.Weights is null ? kept / batch.Size : kept, Is.EqualTo(loss));
        foreach (Tape<T> tape in tapes)
        {
            network.Backward(tape);
        }
        network.EndGradient();
        Assert.That(Shapes.Bytes<T>(network.Gradients), Is.EqualTo(gradient));
        Assert.That(network.Regularizer, Is.EqualTo(omega));

        // Loss and backward sweep again, in between other parameters are evaluated.
        T[] parameters = network.Parameters.ToArray();
        network.Parameters.Clear();
        network.Evaluate(batch);
        parameters.CopyTo(network.Parameters);
        network.StartGradient(batch, alpha);
        foreach (Tape<T> tape in tapes)
        {
            network.Loss(tape, scale);
            network.Backward(tape);
            tape.Dispose();
        }
        network.EndGradient();
        Assert.That(Shapes.Bytes<T>(network.Gradients), Is.EqualTo(gradient));
    }
}
