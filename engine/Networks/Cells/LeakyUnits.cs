using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// Leaky units of a simple cell: h_t = λ ⊙ f(s_t) + (1 − λ) ⊙ h_{t−1}, so that
/// dE/ds_t = λ ⊙ dE/dh_t ⊙ f′(s_t), and (1 − λ) ⊙ dE/dh_t goes straight to the step before.
/// A rate of 1 is an ordinary unit. Rates are constants, not parameters.
/// Source: Bengio, Boulanger-Lewandowski, Pascanu 2013; Pascanu, Mikolov, Bengio 2013, supplement.
/// </summary>
internal sealed unsafe class LeakyUnits<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Kernels<T> kernels;
    private readonly int stride;
    private readonly int columns;
    private readonly double[] all;
    private readonly AlignedBuffer<T> rates;

    /// <param name="kernels">The network's kernels.</param>
    /// <param name="hidden">H.</param>
    /// <param name="leakRates">λ of each unit, [H], in (0, 1].</param>
    /// <exception cref="ArgumentException">Their number is not H, or one is out of range.
    /// </exception>
    public LeakyUnits(Kernels<T> kernels, int hidden, ReadOnlySpan<double> leakRates)
    {
        if (leakRates.Length != hidden)
        {
            throw new ArgumentException(
                $"{leakRates.Length} leak rates for {hidden} hidden units; one each is needed",
                nameof(leakRates));
        }
        foreach (double rate in leakRates)
        {
            if (!(rate is > 0 and <= 1))
            {
                throw new ArgumentException(
                    $"a leak rate is {rate}; a number in (0, 1] is needed", nameof(leakRates));
            }
        }
        this.kernels = kernels;
        stride = Padding.Stride<T>(hidden);
        columns = Padding.Columns<T>(hidden);
        all = leakRates.ToArray();
        rates = new AlignedBuffer<T>(2L * stride);
        for (int j = 0; j < hidden; j++)
        {
            T rate = T.CreateTruncating(leakRates[j]);
            Rates[j] = rate;
            Keeps[j] = T.One - rate;
        }
    }

    /// <summary>λ of each unit, [H].</summary>
    public ReadOnlySpan<double> All => all;

    private T* Rates => rates.Pointer;

    private T* Keeps => rates.Pointer + stride;

    public IDisposable NewMemory(int steps, int rows, TapeKeeps keeps) =>
        new Memory(keeps == TapeKeeps.Everything ? steps : 1, (nint)rows * stride, stride);

    /// <summary>f(s_t) of a step, [R, H].</summary>
    public static T* Activations(Tape<T> tape, int t)
    {
        Memory m = Of(tape);
        nint kept = tape.Keeps == TapeKeeps.Everything ? t : 0;
        return m.Activations + (kept * tape.Rows * m.Stride);
    }

    /// <summary>dE/dh of the step in work, [R, H].</summary>
    public static T* Gradients(Tape<T> tape) => Of(tape).Group(0);

    /// <summary>Room for what a step sends back, [R, H].</summary>
    public static T* Spare(Tape<T> tape) => Of(tape).Group(1);

    /// <summary>h_{t+1} from f(s) and h_t.</summary>
    public void Mix(Tape<T> tape, int t) =>
        kernels.Leak(
            tape.Rows, columns, Rates, Keeps, Activations(tape, t), stride, tape.Hidden(t),
            tape.StateStride, tape.Hidden(t + 1), tape.StateStride);

    /// <summary>R(h_{t+1}) from R(f(s)) and R(h_t).</summary>
    public void MixTangents(Tape<T> tape, int t, T* activations)
    {
        TangentTape<T> tangents = tape.Tangents();
        kernels.Leak(
            tape.Rows, columns, Rates, Keeps, activations, stride, tangents.Hidden(t), stride,
            tangents.Hidden(t + 1), stride);
    }

    /// <summary>(1 − λ) ⊙ dE/dh of the step last collected, [R, H].</summary>
    public T* Kept(Tape<T> tape)
    {
        T* kept = Of(tape).Group(2);
        kernels.ScaleColumns(
            tape.Rows, columns, Gradients(tape), stride, Keeps, kept, stride);
        return kept;
    }

    /// <summary>dE/dh from what the step above sends and what the readout injects.</summary>
    public void Collect(Tape<T> tape, T* v, T* injected)
    {
        int length = tape.Rows * stride;
        new ReadOnlySpan<T>(v, length).CopyTo(new Span<T>(Gradients(tape), length));
        if (injected != null)
        {
            kernels.Add(length, Gradients(tape), injected);
        }
    }

    public void ScaleDeltas(Tape<T> tape, T* delta) =>
        kernels.ScaleColumns(tape.Rows, columns, delta, stride, Rates, delta, stride);

    public void Dispose() => rates.Dispose();

    private static Memory Of(Tape<T> tape) => (tape.Cell as SimpleMemory<T>)?.Leaky as Memory
        ?? throw new InvalidOperationException(
            "the tape was made before units became leaky; make a new one");

    private sealed class Memory(int steps, nint group, int stride) : IDisposable
    {
        private readonly AlignedBuffer<T> activations = new(steps * group);
        private readonly AlignedBuffer<T> groups = new(3 * group);

        public int Stride => stride;

        public T* Activations => activations.Pointer;

        public T* Group(int index) => groups.Pointer + (index * group);

        public void Dispose()
        {
            activations.Dispose();
            groups.Dispose();
        }
    }
}
