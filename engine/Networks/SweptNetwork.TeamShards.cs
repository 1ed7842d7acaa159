using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// What threads that take whole shards of a gradient work on.
public abstract unsafe partial class SweptNetwork<T>
{
    /// <summary>
    /// Each thread sweeps shard after shard, forward and back. The gradient has one order, shard
    /// after shard and in each block after block; so a shard whose turn has not come keeps the
    /// sums of its blocks, and adds them when it has. What a thread reads it has written itself:
    /// to fetch another's states and deltas takes longer than their products. Only where there is
    /// no shard left for a thread does it help with another's, whose blocks it adds one after
    /// another while that goes on.
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

        // For each shard that is helped with: a tape of its own, for whoever swept it may go on to
        // another; the deltas of all its steps; and of how many, from the last on, they are there.
        private readonly Tape<T>?[] helpedTapes;
        private readonly AlignedBuffer<T>?[] helpedDeltas;
        private readonly int[] ready;
        private readonly Action<int> sweep;

        // Which shard adds to a part; the last part is the readout's.
        private readonly int[] turns = new int[Parts + 1];
        private double[] losses = [];

        // The piece of work.
        private Batch<T>? batch;
        private int count;
        private int helped;
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
                tapes[i] = NewTape();
                blocks[i] = new BlockMemory(
                    (int)stride, network.Spec.HiddenSize, backward: true, keepsDeltas: true);
                kept[i] = new AlignedBuffer<T>(most * stackedRows * stride);
            }
            helpedTapes = new Tape<T>?[team.Threads / 2];
            helpedDeltas = new AlignedBuffer<T>?[team.Threads / 2];
            ready = new int[team.Threads / 2];
            sweep = Sweep;
        }

        public bool Fits(Batch<T> batch, SweepTeam team) =>
            team == this.team && batch.Steps <= steps
            && Shard.Of(batch.Size, 0).Rows == rows;

        /// <summary>The loss of the first shards, not divided; their sums are made.</summary>
        /// <param name="batch">The batch.</param>
        /// <param name="count">How many shards.</param>
        /// <param name="helped">How many of them, the last ones, are helped with.</param>
        public double Loss(Batch<T> batch, int count, int helped)
        {
            for (int i = 0; i < helped; i++)
            {
                helpedTapes[i] ??= NewTape();
                helpedDeltas[i] ??= new AlignedBuffer<T>((steps + 1L) * rows * stride);
            }
            if (losses.Length < count)
            {
                losses = new double[count];
            }
            this.batch = batch;
            (this.count, this.helped, taken, hasFailed) = (count, helped, 0, false);
            Array.Clear(turns);
            Array.Clear(ready);
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
            for (int i = 0; i < helpedTapes.Length; i++)
            {
                helpedTapes[i]?.Dispose();
                helpedDeltas[i]?.Dispose();
            }
        }

        private Tape<T> NewTape() => new(
            network.Cell, steps, rows, TapeKeeps.Everything, keepsOutputs: false);

        private void Sweep(int thread)
        {
            try
            {
                // In order: whoever waits for a turn waits for shards that are in work.
                for (int i = Next(); i < count + helped && !hasFailed; i = Next())
                {
                    if (i < count)
                    {
                        Sweep(thread, i);
                    }
                    else
                    {
                        Help(i - count);
                    }
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
            int index = shard - (count - helped);
            Tape<T> tape = index < 0 ? tapes[thread] : helpedTapes[index]!;
            BlockMemory block = blocks[thread];
            tape.Start(all, Shard.Of(all.Size, shard), TapeKeeps.Everything);
            tape.Outputs.Start(all.Dropout);
            network.Sweep(tape, block);
            losses[shard] = network.Loss(tape, 1.0 / all.Size);
            network.StartBack(tape, block, injectsLast: true);
            if (index >= 0)
            {
                SweepBackHelped(tape, block, index);
                return;
            }
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
                    if (!WaitFor(ref turns[part], shard))
                    {
                        return;
                    }
                    AddKept(
                        thread, waiting, stackedRows * part / Parts,
                        stackedRows * (part + 1) / Parts);
                }
                Volatile.Write(ref turns[part], shard + 1);
            }
            if (!WaitFor(ref turns[Parts], shard))
            {
                return;
            }
            network.Head.AddGradient(tape, RowPart.All);
            Volatile.Write(ref turns[Parts], shard + 1);
        }

        private void SweepBackHelped(Tape<T> tape, BlockMemory block, int index)
        {
            int perBlock = tape.Shard.StepsPerBlock;
            for (int end = tape.Steps; end > 0; end -= perBlock)
            {
                int begin = Math.Max(0, end - perBlock);
                network.SweepBack(
                    tape, begin, end, block, DeltasOf(index, begin), default, isContinued: true);
                Volatile.Write(ref ready[index], tape.Steps - begin);
            }
        }

        private void Help(int index)
        {
            int shard = count - helped + index;
            for (int part = 0; part <= Parts; part++)
            {
                if (!WaitFor(ref turns[part], shard))
                {
                    return;
                }
            }
            int all = batch!.Steps;
            int perBlock = Shard.Of(batch.Size, shard).StepsPerBlock;
            for (int end = all; end > 0; end -= perBlock)
            {
                int begin = Math.Max(0, end - perBlock);
                if (!WaitFor(ref ready[index], all - begin))
                {
                    return;
                }
                network.AddBlock(
                    helpedTapes[index]!, begin, end, 0, DeltasOf(index, begin), RowPart.All);
            }
            network.Head.AddGradient(helpedTapes[index]!, RowPart.All);
            for (int part = 0; part <= Parts; part++)
            {
                Volatile.Write(ref turns[part], shard + 1);
            }
        }

        private T* DeltasOf(int index, int step) =>
            helpedDeltas[index]!.Pointer
            + (step * Shard.Of(batch!.Size, count - helped + index).Rows * stride);

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
        private bool WaitFor(ref int counter, int value)
        {
            SpinWait wait = default;
            while (Volatile.Read(ref counter) < value)
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
