using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// What threads that share an evaluation work on.
public abstract unsafe partial class SweptNetwork<T>
{
    /// <summary>Each thread takes shard after shard.</summary>
    private sealed class TeamReading : IDisposable
    {
        private readonly SweptNetwork<T> network;
        private readonly SweepTeam team;
        private readonly TapeKeeps keeps;
        private readonly int steps;
        private readonly int rows;
        private readonly Tape<T>[] tapes;
        private readonly BlockMemory[] blocks;
        private readonly Action<int> read;
        private double[] losses = [];

        // The piece of work.
        private Batch<T>? batch;
        private T* outputs;
        private int taken;

        public TeamReading(
            SweptNetwork<T> network, Batch<T> batch, TapeKeeps keeps, int count)
        {
            this.network = network;
            this.keeps = keeps;
            steps = batch.Steps;
            rows = Shard.Of(batch.Size, 0).Rows;
            team = new SweepTeam(count);
            tapes = new Tape<T>[count];
            blocks = new BlockMemory[count];
            for (int i = 0; i < count; i++)
            {
                tapes[i] = new Tape<T>(network.Cell, steps, rows, keeps, keepsOutputs: false);
                blocks[i] = new BlockMemory(
                    network.Cell.Stride, network.Spec.HiddenSize, backward: false,
                    keepsDeltas: false);
            }
            read = Read;
        }

        public bool Fits(Batch<T> batch, TapeKeeps keeps, int count) =>
            count == team.Threads && keeps == this.keeps && batch.Steps <= steps
            && Shard.Of(batch.Size, 0).Rows <= rows;

        /// <summary>The loss, not divided; the outputs where there is room for them.</summary>
        public double Loss(Batch<T> batch, T* outputs)
        {
            int shards = Shard.Count(batch.Size);
            if (losses.Length < shards)
            {
                losses = new double[shards];
            }
            (this.batch, taken) = (batch, 0);
            this.outputs = outputs;
            team.Run(team.Threads, read);
            this.batch = null;
            this.outputs = null;
            double loss = 0;
            for (int i = 0; i < shards; i++)
            {
                loss += losses[i];
            }
            return loss;
        }

        public void Dispose()
        {
            team.Dispose();
            for (int i = 0; i < tapes.Length; i++)
            {
                tapes[i].Dispose();
                blocks[i].Dispose();
            }
        }

        private void Read(int reader)
        {
            Batch<T> all = batch!;
            Tape<T> tape = tapes[reader];
            int shards = Shard.Count(all.Size);
            for (int i = Next(); i < shards; i = Next())
            {
                tape.Start(all, Shard.Of(all.Size, i), keeps);
                tape.Outputs.Start(null);
                network.Sweep(tape, blocks[reader]);
                if (outputs != null)
                {
                    tape.Outputs.CopyOutputs(all, tape.Shard, outputs);
                }
                losses[i] = network.Loss(tape, 1.0 / all.Size);
            }
        }

        private int Next() => Interlocked.Increment(ref taken) - 1;
    }
}
