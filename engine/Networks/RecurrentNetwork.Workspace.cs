using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

public sealed unsafe partial class RecurrentNetwork<T>
{
    /// <summary>
    /// Memory of one sweep over a shard of R sequences. States: T+1 groups of R rows; the row of
    /// (t, b) is [pad | x_{t+1} | 1 | h_t | pad], h on a cache line, so that one product with
    /// the stacked weights [W_hx; b; W_hh] does input, bias and recurrence.
    /// </summary>
    private sealed class Workspace : IDisposable
    {
        // Rows whose outer products are summed from zero before they join the gradient: short
        // partial sums stay in cache and round 3–9 times less.
        private const int OuterRows = 96;

        private readonly AlignedBuffer<T> states;
        private readonly AlignedBuffer<T> deltas;
        private readonly AlignedBuffer<T> weightGradient;
        private readonly int inputs;
        private AlignedBuffer<T>? inputRows;
        private AlignedBuffer<T>? inputSums;
        private RegularizerWorkspace? regularizer;
        private LeakWorkspace? leaks;
        private readonly int hidden;
        private readonly int steps;
        private readonly int rows;
        private readonly bool keepStates;

        public Workspace(
            NetworkSpec spec, Kernels<T> kernels, int steps, int rows, bool keepStates)
        {
            this.steps = steps;
            this.rows = rows;
            this.keepStates = keepStates;
            inputs = spec.InputSize;
            hidden = spec.HiddenSize;
            HiddenAt = Padding.Columns<T>(inputs + 1);
            OneAt = HiddenAt - 1;
            InputAt = OneAt - inputs;
            StateStride = Padding.Stride<T>(HiddenAt + Padding.Columns<T>(hidden));
            HiddenStride = Padding.Stride<T>(hidden);
            int groups = keepStates ? steps + 1 : 2;
            states = new AlignedBuffer<T>((long)groups * rows * StateStride);
            int deltaRows = keepStates ? OuterRows + (2 * rows) : 0;
            deltas = new AlignedBuffer<T>((long)deltaRows * HiddenStride);
            Head = new ReadoutHead<T>(spec, kernels, steps, rows, deltaRows);
            weightGradient = new AlignedBuffer<T>((long)(inputs + 1 + hidden) * HiddenStride);
            Forward = new PackedMatrix<T>(kernels, inputs + 1 + hidden, hidden, rows);
            InputPart = new PackedMatrix<T>(kernels, inputs + 1, hidden, int.MaxValue);
            Transposed = new PackedMatrix<T>(kernels, hidden, hidden, rows);
            for (long i = 0; i < (long)groups * rows; i++)
            {
                states.Pointer[(i * StateStride) + OneAt] = T.One;
            }
        }

        public int InputAt { get; }

        public int OneAt { get; }

        public int HiddenAt { get; }

        public int StateStride { get; }

        public int HiddenStride { get; }

        /// <summary>Whether only two groups of states are kept, used in turn.</summary>
        public bool Rolling { get; set; }

        public PackedMatrix<T> Forward { get; }

        public PackedMatrix<T> InputPart { get; }

        public PackedMatrix<T> Transposed { get; }

        /// <summary>Readout and loss.</summary>
        public ReadoutHead<T> Head { get; }

        public T* WeightGradient => weightGradient.Pointer;

        public T* Deltas => deltas.Pointer;

        /// <summary>What leaky units need; only for a network that has some.</summary>
        public LeakWorkspace Leaks(ReadOnlySpan<double> rates) =>
            leaks ??= new LeakWorkspace(rates, keepStates ? steps : 1, rows, HiddenStride);

        /// <summary>What Ω needs; only for a regularised gradient.</summary>
        public RegularizerWorkspace Regularizer =>
            regularizer ??= new RegularizerWorkspace(
                rows, OuterRows + (2 * rows), hidden, HiddenStride);

        /// <summary>Time steps whose outer products are summed together, for R rows a step.
        /// </summary>
        public static int StepsPerBlock(int rows) => Math.Max(1, OuterRows / rows);

        /// <summary>The first row of time step t's group.</summary>
        public T* State(int t, int shardRows) =>
            states.Pointer + ((nint)(Rolling ? t & 1 : t) * shardRows * StateStride);

        public bool Fits(int wantedSteps, int wantedRows, bool wantStates) =>
            wantedRows == rows && wantedSteps <= steps && (keepStates || !wantStates);

        /// <summary>W_hx + b, [I, H]: what a symbol adds to s_t. Only for one-hot inputs.
        /// </summary>
        public T* InputRows => inputRows!.Pointer;

        /// <summary>Zeros between two uses, [I, H]: a block's sums of deltas by symbol.</summary>
        public T* InputSums => inputSums!.Pointer;

        public void PackForward(RecurrentNetwork<T> net, bool oneHot)
        {
            ParameterLayout layout = net.Layout;
            T* p = net.ParameterPointer;
            T* inputWeights = p + layout.InputWeights.Offset;
            Forward.SetRows(inputWeights, hidden, 0, inputs);
            Forward.SetRows(p + layout.Bias.Offset, hidden, inputs, 1);
            Forward.SetRows(p + layout.RecurrentWeights.Offset, hidden, inputs + 1, hidden);
            if (oneHot)
            {
                inputRows ??= new AlignedBuffer<T>((long)inputs * HiddenStride);
                inputSums ??= new AlignedBuffer<T>((long)inputs * HiddenStride);
                SetInputRows(inputWeights, p + layout.Bias.Offset);
            }
            else if (inputs >= InputsApart)
            {
                InputPart.SetRows(inputWeights, hidden, 0, inputs);
                InputPart.SetRows(p + layout.Bias.Offset, hidden, inputs, 1);
            }
            Head.Pack(p, layout.ReadoutWeights, layout.ReadoutBias);
        }

        public void PackBackward(RecurrentNetwork<T> net)
        {
            T* p = net.ParameterPointer;
            ParameterLayout layout = net.Layout;
            Transposed.SetTransposed(
                p + layout.RecurrentWeights.Offset, net.Spec.HiddenSize);
            Head.PackTransposed(p, layout.ReadoutWeights);
        }

        public void ClearGradient()
        {
            weightGradient.Clear();
            Head.ClearGradient();
        }

        public void UnpackGradient(RecurrentNetwork<T> net)
        {
            ParameterLayout layout = net.Layout;
            T* g = net.GradientPointer;
            Copy(WeightGradient, HiddenStride, g + layout.InputWeights.Offset, inputs, hidden);
            T* at = WeightGradient + ((nint)inputs * HiddenStride);
            Copy(at, HiddenStride, g + layout.Bias.Offset, 1, hidden);
            at += HiddenStride;
            Copy(at, HiddenStride, g + layout.RecurrentWeights.Offset, hidden, hidden);
            Head.UnpackGradient(g, layout.ReadoutWeights, layout.ReadoutBias);
        }

        public void Dispose()
        {
            states.Dispose();
            deltas.Dispose();
            weightGradient.Dispose();
            Head.Dispose();
            leaks?.Dispose();
            inputRows?.Dispose();
            inputSums?.Dispose();
            regularizer?.Dispose();
            Forward.Dispose();
            InputPart.Dispose();
            Transposed.Dispose();
        }

        private void SetInputRows(T* weights, T* bias)
        {
            for (int i = 0; i < inputs; i++)
            {
                T* row = InputRows + ((nint)i * HiddenStride);
                for (int j = 0; j < hidden; j++)
                {
                    // As the sum of the dense product: it starts from zero, and −0 is lost.
                    row[j] = T.Zero + weights[j] + bias[j];
                }
                weights += hidden;
            }
        }

        private static void Copy(T* from, nint stride, T* to, int rows, int columns)
        {
            for (int r = 0; r < rows; r++)
            {
                new ReadOnlySpan<T>(from + (r * stride), columns)
                    .CopyTo(new Span<T>(to + ((nint)r * columns), columns));
            }
        }
    }
}
