using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>What a network says of sequences, when there are no targets.</summary>
public static class Prediction
{
    /// <summary>
    /// What a network says of sequences: y = o of a linear readout, the probabilities softmax(o)
    /// of classes, the probabilities σ(o) of a Bernoulli readout. Equal arguments give equal bits.
    /// </summary>
    /// <param name="network">A trained network.</param>
    /// <param name="inputs">Inputs, [T, B, I]: all sequences' first step, then their second.
    /// </param>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="size">B, 1 or more.</param>
    /// <returns>[B, O] for a loss at the last step, [T, B, O] for one at every step.</returns>
    /// <exception cref="ArgumentException">The number of inputs is not T·B·I.</exception>
    /// <exception cref="ArgumentOutOfRangeException">T or B is below 1.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public static T[] Predict<T>(
        this SequenceNetwork<T> network, ReadOnlySpan<T> inputs, int steps, int size = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Batch<T> batch = new(network.Spec, steps, size);
        if (inputs.Length != batch.Inputs.Length)
        {
            throw new ArgumentException(
                $"{inputs.Length} inputs were given; {steps} steps × {size} sequences × "
                + $"{network.Spec.InputSize} inputs need {batch.Inputs.Length}", nameof(inputs));
        }
        inputs.CopyTo(batch.Inputs);
        int rows = network.Spec.HasLossAtEveryStep ? checked(steps * size) : size;
        T[] y = new T[checked(rows * network.Spec.OutputSize)];
        network.Predict(batch, y);
        return y;
    }

    /// <summary>What a network says of a batch, whose targets say nothing here.</summary>
    /// <param name="network">A trained network.</param>
    /// <param name="batch">Inputs, [T, B, I] or symbols, and the states to begin with and to end
    /// in where they are carried.</param>
    /// <param name="y">Receives the answers: [B, O] for a loss at the last step, [T, B, O] for
    /// one at every step.</param>
    /// <exception cref="ArgumentException">Batch or span do not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public static void Predict<T>(this SequenceNetwork<T> network, Batch<T> batch, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y.IsEmpty)
        {
            throw new ArgumentException("there is no room for answers", nameof(y));
        }
        network.Evaluate(batch, y);
        int outputs = network.Spec.OutputSize;
        switch (network.Spec.Readout)
        {
            case Readout.Linear:
                break;
            case Readout.Softmax:
                for (int row = 0; row < y.Length; row += outputs)
                {
                    Softmax(y.Slice(row, outputs));
                }
                break;
            case Readout.Bernoulli:
                foreach (ref T o in y)
                {
                    o = T.CreateTruncating(Logistic(double.CreateTruncating(o)));
                }
                break;
            default:
                throw Unknown.Member(network.Spec.Readout);
        }
    }

    private static void Softmax<T>(Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = double.NegativeInfinity;
        foreach (T o in row)
        {
            largest = Math.Max(largest, double.CreateTruncating(o));
        }
        double sum = 0;
        foreach (T o in row)
        {
            sum += Elementary.Exp(double.CreateTruncating(o) - largest);
        }
        foreach (ref T o in row)
        {
            o = T.CreateTruncating(Elementary.Exp(double.CreateTruncating(o) - largest) / sum);
        }
    }

    // e^−|o| cannot overflow.
    private static double Logistic(double o)
    {
        double e = Elementary.Exp(-Math.Abs(o));
        return (o >= 0 ? 1 : e) / (1 + e);
    }
}
