using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// What threads that share a gradient work on.
public abstract unsafe partial class SweptNetwork<T>
{
    /// <summary>Forward by windows, loss, then chunk by chunk: deltas by windows, sums by rows of
    /// the gradient.</summary>
    private sealed class TeamSweep : IDisposable
    {
        private readonly SweptNetwork<T> network;
        private readonly ThreadPlan plan;
        private readonly SweepTeam team;
        private readonly int steps;
        private readonly int rows;
        private readonly Tape<T>[] tapes;
        private readonly Window?[][] windows;
        private readonly AlignedBuffer<T>[] deltas;
        private readonly double[] losses;
        private readonly Action<int> forward;
        private readonly Action<int> lossOf;
        private readonly Action<int> backward;
        private readonly Action<int> add;

        // The piece of work.
        private Batch<T>? batch;
        private int shards;
        private int cut;
        private int begin;
        private int end;

        public TeamSweep(
            SweptNetwork<T> network, Batch<T> batch, ThreadPlan plan, SweepTeam team)
        {
            this.network = network;
            this.plan = plan;
            this.team = team;
            steps = batch.Steps;
            rows = Shard.Of(batch.Size, 0).Rows;
            int together = plan.Together;
            int most = plan.Windows(1, rows);
            int deltaRows = Math.Max(Shard.BlockRows, checked((plan.ChunkSteps + 2) * rows));
            tapes = new Tape<T>[together];
            windows = new Window?[together][];
            deltas = new AlignedBuffer<T>[together];
            losses = new double[together];
            for (int i = 0; i < together; i++)
            {
                tapes[i] = new Tape<T>(
                    network.Cell, steps, rows, TapeKeeps.Everything, keepsOutputs: false,
                    deltaRows, isShared: true);
                deltas[i] = new AlignedBuffer<T>((long)deltaRows * network.Cell.Stride);
                windows[i] = new Window?[most];
            }
            forward = Forward;
            lossOf = LossOf;
            backward = Backward;
            add = Add;
        }

        public bool Fits(Batch<T> batch, ThreadPlan plan, SweepTeam team) =>
            team == this.team && plan.Together == this.plan.Together
            && plan.ChunkSteps <= this.plan.ChunkSteps && batch.Steps <= steps
            && Shard.Of(batch.Size, 0).Rows == rows;

        /// <summary>The loss, not divided; the gradient's sums are made.</summary>
        /// <param name="batch">The batch.</param>
        /// <param name="first">The first shard; those before it are done.</param>
        /// <param name="loss">Their loss.</param>
        public double Loss(Batch<T> batch, int first, double loss)
        {
            this.batch = batch;
            int count = Shard.Count(batch.Size);
            for (; first < count; first += shards)
            {
                shards = Math.Min(plan.Together, count - first);
                for (int i = 0; i < shards; i++)
                {
                    tapes[i].Start(
                        batch, Shard.Of(batch.Size, first + i), TapeKeeps.Everything);
                    tapes[i].Outputs.Start(batch.Dropout);
                }
                // The first shard is never the smaller.
                cut = plan.Windows(shards, tapes[shards - 1].Rows);
                EnsureWindows();
                team.Run(shards * cut, forward);
                if (shards == 1)
                {
                    LossOf(0);
                }
                else
                {
                    team.Run(shards, lossOf);
                }
                for (int i = 0; i < shards; i++)
                {
                    loss += losses[i];
                    network.Cell.StartShared(tapes[i]);
                }
                int perBlock = tapes[0].Shard.StepsPerBlock;
                // Whole blocks, and at least one.
                int chunk = plan.ChunkSteps >= batch.Steps
                    ? batch.Steps
                    : Math.Max(1, plan.ChunkSteps / perBlock) * perBlock;
                for (end = batch.Steps; end > 0; end = begin)
                {
                    begin = Math.Max(0, end - chunk);
                    team.Run(shards * cut, backward);
                    team.Run(plan.Threads, add);
                }
            }
            this.batch = null;
            return loss;
        }

        public void Dispose()
        {
            foreach (Window?[] all in windows)
            {
                foreach (Window? window in all)
                {
                    window?.Dispose();
                }
            }
            foreach (Tape<T> tape in tapes)
            {
                tape.Dispose();
            }
            foreach (AlignedBuffer<T> buffer in deltas)
            {
                buffer.Dispose();
            }
        }

        private void EnsureWindows()
        {
            int needed = (rows + cut - 1) / cut;
            for (int i = 0; i < shards * cut; i++)
            {
                ref Window? window = ref windows[i / cut][i % cut];
                if (window is null || window.Rows < needed)
                {
                    window?.Dispose();
                    window = new Window(network, tapes[i / cut], needed);
                }
            }
        }

        private void Forward(int unit)
        {
            Tape<T> whole = tapes[unit / cut];
            Window window = windows[unit / cut][unit % cut]!;
            int first = whole.Rows * (unit % cut) / cut;
            int next = whole.Rows * ((unit % cut) + 1) / cut;
            window.Tape.StartWindow(first, next - first);
            network.Sweep(window.Tape, window.Block);
        }

        private void LossOf(int shard) =>
            losses[shard] = network.Loss(tapes[shard], 1.0 / batch!.Size);

        private void Backward(int unit)
        {
            Window window = windows[unit / cut][unit % cut]!;
            Tape<T> tape = window.Tape;
            T* all = deltas[unit / cut].Pointer;
            if (end == tape.Steps)
            {
                network.StartBack(tape, window.Block, injectsLast: true);
            }
            network.SweepBack(tape, begin, end, window.Block, all, default);
            if (begin == 0)
            {
                network.Cell.EndBackward(
                    tape, all + ((nint)tape.FirstRow * network.Cell.Stride),
                    network.Weights.Transposed);
            }
        }

        private void Add(int index)
        {
            NetworkSpec spec = network.Spec;
            RowPart part = RowPart.Share(
                spec.InputSize + 1 + spec.HiddenSize, index, plan.Threads);
            for (int i = 0; i < shards; i++)
            {
                Tape<T> tape = tapes[i];
                T* all = deltas[i].Pointer;
                if (end == tape.Steps)
                {
                    network.Head.AddGradient(tape, part);
                }
                int perBlock = tape.Shard.StepsPerBlock;
                for (int to = end; to > begin; to -= perBlock)
                {
                    int from = Math.Max(begin, to - perBlock);
                    network.AddBlock(tape, from, to, from - begin, all, part);
                }
                if (begin == 0)
                {
                    network.Cell.AddFirst(tape, all, part);
                }
            }
        }

        private sealed class Window(SweptNetwork<T> network, Tape<T> whole, int rows)
            : IDisposable
        {
            public int Rows => rows;

            public Tape<T> Tape { get; } = new(whole, network.Cell, rows);

            public BlockMemory Block { get; } = new(
                network.Cell.Stride, network.Spec.HiddenSize, backward: true, keepsDeltas: false);

            public void Dispose()
            {
                Tape.Dispose();
                Block.Dispose();
            }
        }
    }
}
