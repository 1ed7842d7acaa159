using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

public sealed unsafe partial class LstmNetwork<T>
{
    /// <summary>
    /// Memory of one sweep over a shard of R sequences. States: T+1 groups of R rows; the row of
    /// (t, b) is [pad | x_{t+1} | 1 | h_t | pad] as in the simple network. Gates: T groups of R
    /// rows of 4H columns in the order of <see cref="GateColumns{T}"/>, which weights, sums and
    /// deltas share. Cells: T+1 groups of R rows of H.
    /// </summary>
    private sealed class Workspace : IDisposable
    {
        // Rows whose outer products are summed from zero before they join the gradient.
        private const int OuterRows = 96;

        private readonly AlignedBuffer<T> states;
        private readonly AlignedBuffer<T> cells;
        private readonly AlignedBuffer<T> gates;
        private readonly AlignedBuffer<T> sums;
        private readonly AlignedBuffer<T> deltas;
        private readonly AlignedBuffer<T> errors;
        private readonly AlignedBuffer<T> stacked;
        private readonly AlignedBuffer<T> weightGradient;
        private readonly int inputs;
        private readonly int hidden;
        private readonly int steps;
        private readonly int rows;
        private readonly bool keepStates;
        private readonly bool keepGates;
        private AlignedBuffer<T>? inputRows;
        private AlignedBuffer<T>? inputSums;

        public Workspace(
            NetworkSpec spec, Kernels<T> kernels, int steps, int rows, bool keepStates,
            bool keepGates)
        {
            this.steps = steps;
            this.rows = rows;
            this.keepStates = keepStates;
            this.keepGates = keepGates;
            inputs = spec.InputSize;
            hidden = spec.HiddenSize;
            Gates = new GateColumns<T>(hidden);
            GateStride = Gates.Stride;
            HiddenAt = Padding.Columns<T>(inputs + 1);
            OneAt = HiddenAt - 1;
            InputAt = OneAt - inputs;
            StateStride = Padding.Stride<T>(HiddenAt + Padding.Columns<T>(hidden));
            HiddenStride = Padding.Stride<T>(hidden);
            int blockRows = OuterRows + (2 * rows);
            int deltaRows = keepGates ? blockRows : 0;
            long weightRows = inputs + 1L + hidden;
            states = new AlignedBuffer<T>((keepStates ? steps + 1L : 2) * rows * StateStride);
            cells = new AlignedBuffer<T>((keepGates ? steps + 1L : 2) * rows * HiddenStride);
            gates = new AlignedBuffer<T>((keepGates ? steps : 1L) * rows * GateStride);
            sums = new AlignedBuffer<T>((long)blockRows * GateStride);
            deltas = new AlignedBuffer<T>((long)deltaRows * GateStride);
            errors = new AlignedBuffer<T>(3L * rows * HiddenStride);
            stacked = new AlignedBuffer<T>(weightRows * GateStride);
            weightGradient = new AlignedBuffer<T>(weightRows * GateStride);
            Forward = new PackedMatrix<T>(kernels, inputs + 1 + hidden, Gates.Count, rows);
            InputPart = new PackedMatrix<T>(kernels, inputs + 1, Gates.Count, int.MaxValue);
            Transposed = new PackedMatrix<T>(kernels, Gates.Count, hidden, rows);
            Head = new ReadoutHead<T>(spec, kernels, steps, rows, deltaRows);
            for (long at = OneAt; at < states.Length; at += StateStride)
            {
                states.Pointer[at] = T.One;
            }
        }

        public GateColumns<T> Gates { get; }

        public int InputAt { get; }

        public int OneAt { get; }

        public int HiddenAt { get; }

        public int StateStride { get; }

        public int GateStride { get; }

        public int HiddenStride { get; }

        /// <summary>Whether only two groups of states are kept, used in turn.</summary>
        public bool RollStates { get; set; }

        /// <summary>Whether only one group of gates and two of cells are kept.</summary>
        public bool RollGates { get; set; }

        public PackedMatrix<T> Forward { get; }

        public PackedMatrix<T> InputPart { get; }

        public PackedMatrix<T> Transposed { get; }

        /// <summary>Readout and loss.</summary>
        public ReadoutHead<T> Head { get; }

        /// <summary>s_t, [R, 4H], of one step or of a block of steps.</summary>
        public T* Sums => sums.Pointer;

        /// <summary>dE/ds_t, [R, 4H] for each step of a block.</summary>
        public T* Deltas => deltas.Pointer;

        /// <summary>dE/dh_t, [R, H].</summary>
        public T* HiddenError => errors.Pointer;

        /// <summary>dE/dc_t, [R, H].</summary>
        public T* CellError => errors.Pointer + ((nint)rows * HiddenStride);

        /// <summary>tanh(c_t), [R, H].</summary>
        public T* Squashed => errors.Pointer + (2 * (nint)rows * HiddenStride);

        public T* WeightGradient => weightGradient.Pointer;

        /// <summary>W_hx + b, [I, 4H]: what a symbol adds to s_t. Only for one-hot inputs.
        /// </summary>
        public T* InputRows => inputRows!.Pointer;

        /// <summary>Zeros between two uses, [I, 4H]: a block's sums of deltas by symbol.
        /// </summary>
        public T* InputSums => inputSums!.Pointer;

        /// <summary>Time steps whose outer products are summed together, for R rows a step.
        /// </summary>
        public static int StepsPerBlock(int rows) => Math.Max(1, OuterRows / rows);

        /// <summary>The first row of time step t's states.</summary>
        public T* State(int t, int shardRows) =>
            states.Pointer + ((nint)(RollStates ? t & 1 : t) * shardRows * StateStride);

        /// <summary>The first row of c_t.</summary>
        public T* Cell(int t, int shardRows) =>
            cells.Pointer + ((nint)(RollGates ? t & 1 : t) * shardRows * HiddenStride);

        /// <summary>The first row of the gates between state t and state t + 1.</summary>
        public T* GatesOf(int t, int shardRows) =>
            gates.Pointer + ((nint)(RollGates ? 0 : t) * shardRows * GateStride);

        public bool Fits(int wantedSteps, int wantedRows, bool wantStates, bool wantGates) =>
            wantedRows == rows && wantedSteps <= steps && (keepStates || !wantStates)
            && (keepGates || !wantGates);

        /// <summary>h_0 = c_0 = 0.</summary>
        public void StartStates(int shardRows)
        {
            T* first = State(0, shardRows);
            new Span<T>(first, shardRows * StateStride).Clear();
            for (int r = 0; r < shardRows; r++)
            {
                first[((nint)r * StateStride) + OneAt] = T.One;
            }
            new Span<T>(Cell(0, shardRows), shardRows * HiddenStride).Clear();
        }

        public void PackForward(LstmNetwork<T> net, bool oneHot)
        {
            LstmLayout layout = net.Layout;
            T* p = net.ParameterPointer;
            Stack(p + layout.InputWeights.Offset, 0, inputs);
            Stack(p + layout.Bias.Offset, inputs, 1);
            Stack(p + layout.RecurrentWeights.Offset, inputs + 1, hidden);
            Forward.SetRows(stacked.Pointer, GateStride, 0, inputs + 1 + hidden);
            if (oneHot)
            {
                inputRows ??= new AlignedBuffer<T>((long)inputs * GateStride);
                inputSums ??= new AlignedBuffer<T>((long)inputs * GateStride);
                SetInputRows();
            }
            else if (inputs >= InputsApart)
            {
                InputPart.SetRows(stacked.Pointer, GateStride, 0, inputs + 1);
            }
            Head.Pack(p, layout.ReadoutWeights, layout.ReadoutBias);
        }

        /// <summary>After <see cref="PackForward"/>.</summary>
        public void PackBackward(LstmNetwork<T> net)
        {
            Transposed.SetTransposed(
                stacked.Pointer + ((nint)(inputs + 1) * GateStride), GateStride);
            Head.PackTransposed(net.ParameterPointer, net.Layout.ReadoutWeights);
        }

        public void ClearGradient()
        {
            weightGradient.Clear();
            Head.ClearGradient();
        }

        public void UnpackGradient(LstmNetwork<T> net)
        {
            LstmLayout layout = net.Layout;
            T* g = net.GradientPointer;
            Unstack(0, inputs, g + layout.InputWeights.Offset);
            Unstack(inputs, 1, g + layout.Bias.Offset);
            Unstack(inputs + 1, hidden, g + layout.RecurrentWeights.Offset);
            Head.UnpackGradient(g, layout.ReadoutWeights, layout.ReadoutBias);
        }

        public void Dispose()
        {
            AlignedBuffer<T>?[] buffers =
            [
                states, cells, gates, sums, deltas, errors, stacked, weightGradient, inputRows,
                inputSums,
            ];
            foreach (AlignedBuffer<T>? buffer in buffers)
            {
                buffer?.Dispose();
            }
            Head.Dispose();
            Forward.Dispose();
            InputPart.Dispose();
            Transposed.Dispose();
        }

        private void Stack(T* from, int at, int count)
        {
            for (int r = 0; r < count; r++)
            {
                Gates.Interleave(
                    from + ((nint)r * Gates.Count),
                    stacked.Pointer + ((nint)(at + r) * GateStride));
            }
        }

        private void Unstack(int at, int count, T* to)
        {
            for (int r = 0; r < count; r++)
            {
                Gates.Separate(
                    WeightGradient + ((nint)(at + r) * GateStride), to + ((nint)r * Gates.Count));
            }
        }

        private void SetInputRows()
        {
            T* bias = stacked.Pointer + ((nint)inputs * GateStride);
            for (int i = 0; i < inputs; i++)
            {
                T* weights = stacked.Pointer + ((nint)i * GateStride);
                T* row = InputRows + ((nint)i * GateStride);
                for (int j = 0; j < Gates.Count; j++)
                {
                    // As the sum of the dense product: it starts from zero, and −0 is lost.
                    row[j] = T.Zero + weights[j] + bias[j];
                }
            }
        }
    }
}
