using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// What threads that take whole shards of a gradient work on.
public abstract unsafe partial class SweptNetwork<T>
{
    /// <summary>
    /// Each thread sweeps shard after shard, forward and back. The gradient has one order, shard
    /// after shard and in each block after block; so a shard whose turn has not come keeps the
    /// sums of its blocks, and adds them when it has. What a thread reads it has written itself:
    /// to fetch another's states and deltas takes longer than their products.
    /// </summary>
    private sealed class TeamShards : IDisposable
    {
        // Turns come by parts of the gradient, so that many threads add at once, each to a part
        // that the one before has left.
        private const int Parts = 8;

        private readonly SweptNetwork<T> network;
        private readonly SweepTeam team;
        private readonly int steps;
        private readonly int rows;
        private readonly int stackedRows;
        private readonly nint stride;
        private readonly Tape<T>[] tapes;
        private readonly BlockMemory[] blocks;
        private readonly AlignedBuffer<T>[] kept;
        private readonly Action<int> sweep;

        // Which shard adds to a part; the last part is the readout's.
        private readonly int[] turns = new int[Parts + 1];
        private double[] losses = [];

        // The piece of work.
        private Batch<T>? batch;
        private int count;
        private int taken;
        private volatile bool hasFailed;

        public TeamShards(SweptNetwork<T> network, Batch<T> batch, SweepTeam team)
        {
            this.network = network;
            this.team = team;
            steps = batch.Steps;
            rows = Shard.Of(batch.Size, 0).Rows;
            stackedRows = network.Spec.InputSize + 1 + network.Spec.HiddenSize;
            stride = network.Cell.Stride;
            // A smaller shard has longer blocks, and so no more of them.
            int most = new Shard(0, rows).BlocksOf(steps);
            tapes = new Tape<T>[team.Threads];
            blocks = new BlockMemory[team.Threads];
            kept = new AlignedBuffer<T>[team.Threads];
            for (int i = 0; i < team.Threads; i++)
            {
                tapes[i] = new Tape<T>(
                    network.Cell, steps, rows, TapeKeeps.Everything, keepsOutputs: false);
                blocks[i] = new BlockMemory(
                    (int)stride, network.Spec.HiddenSize, backward: true, keepsDeltas: true);
                kept[i] = new AlignedBuffer<T>(most * stackedRows * stride);
            }
            sweep = Sweep;
        }

        public bool Fits(Batch<T> batch, SweepTeam team) =>
            team == this.team && batch.Steps <= steps
            && Shard.Of(batch.Size, 0).Rows == rows;

        /// <summary>The loss of the first `count` shards, not divided; their sums are made.
        /// </summary>
        public double Loss(Batch<T> batch, int count)
        {
            if (losses.Length < count)
            {
                losses = new double[count];
            }
            this.batch = batch;
            (this.count, taken, hasFailed) = (count, 0, false);
            Array.Clear(turns);
            team.Run(team.Threads, sweep);
            this.batch = null;
            double loss = 0;
            for (int i = 0; i < count; i++)
            {
                loss += losses[i];
            }
            return loss;
        }

        public void Dispose()
        {
            for (int i = 0; i < tapes.Length; i++)
            {
                tapes[i].Dispose();
                blocks[i].Dispose();
                kept[i].Dispose();
            }
        }

        private void Sweep(int thread)
        {
            try
            {
                // In order: whoever waits for a turn waits for shards that are in work.
                for (int i = Next(); i < count && !hasFailed; i = Next())
                {
                    Sweep(thread, i);
                }
            }
            catch
            {
                hasFailed = true;
                throw;
            }
        }

        private int Next() => Interlocked.Increment(ref taken) - 1;

        private void Sweep(int thread, int shard)
        {
            Batch<T> all = batch!;
            Tape<T> tape = tapes[thread];
            BlockMemory block = blocks[thread];
            tape.Start(all, Shard.Of(all.Size, shard), TapeKeeps.Everything);
            tape.Outputs.Start(all.Dropout);
            network.Sweep(tape, block);
            losses[shard] = network.Loss(tape, 1.0 / all.Size);
            network.StartBack(tape, block, injectsLast: true);
            int perBlock = tape.Shard.StepsPerBlock;
            int waiting = 0;
            bool isItsTurn = false;
            for (int end = tape.Steps; end > 0; end -= perBlock)
            {
                int begin = Math.Max(0, end - perBlock);
                network.SweepBack(tape, begin, end, block, block.Deltas, default);
                if (!isItsTurn && HasTurn(shard))
                {
                    isItsTurn = true;
                    AddKept(thread, waiting, 0, stackedRows);
                }
                if (isItsTurn)
                {
                    network.AddBlock(tape, begin, end, 0, block.Deltas, RowPart.All);
                    continue;
                }
                network.Cell.SetOuterProducts(
                    tape, begin, end - begin, block.Deltas,
                    kept[thread].Pointer + (waiting * stackedRows * stride));
                waiting++;
            }
            for (int part = 0; part < Parts; part++)
            {
                if (!isItsTurn)
                {
                    if (!WaitForTurn(shard, part))
                    {
                        return;
                    }
                    AddKept(
                        thread, waiting, stackedRows * part / Parts,
                        stackedRows * (part + 1) / Parts);
                }
                Volatile.Write(ref turns[part], shard + 1);
            }
            if (!WaitForTurn(shard, Parts))
            {
                return;
            }
            network.Head.AddGradient(tape, RowPart.All);
            Volatile.Write(ref turns[Parts], shard + 1);
        }

        /// <summary>Adds the same rows of each block's sums, in the order of blocks.</summary>
        private void AddKept(int thread, int count, int from, int to)
        {
            int length = checked((int)((to - from) * stride));
            for (int i = 0; i < count; i++)
            {
                network.Kernels.Add(
                    length, network.Weights.Gradient + (from * stride),
                    kept[thread].Pointer + (((i * stackedRows) + from) * stride));
            }
        }

        private bool HasTurn(int shard)
        {
            for (int part = 0; part <= Parts; part++)
            {
                if (Volatile.Read(ref turns[part]) != shard)
                {
                    return false;
                }
            }
            return true;
        }

        /// <returns>False when it will not come: another thread failed.</returns>
        private bool WaitForTurn(int shard, int part)
        {
            SpinWait wait = default;
            while (Volatile.Read(ref turns[part]) != shard)
            {
                if (hasFailed)
                {
                    return false;
                }
                wait.SpinOnce(sleep1Threshold: -1);
            }
            return true;
        }
    }
}
