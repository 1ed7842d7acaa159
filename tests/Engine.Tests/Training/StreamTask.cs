using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Training;

/// <summary>
/// Three parallel streams of symbols, each chunk going on where the one before ended; the class
/// at a step is the symbol two steps ago, so that a chunk's first answers lie in the one before.
/// Every fifth step is masked.
/// </summary>
internal sealed class StreamTask(ulong seed) : SequenceTask
{
    public const int Streams = 3;
    public const int Chunks = 4;
    private const int Symbols = 3;

    public override string Name => "stream";

    public override int BehaviourVersion => 1;

    public override int Steps => 6;

    public override int InputSize => Symbols;

    public override int OutputSize => Symbols;

    public override Readout Readout => Readout.Softmax;

    public override LossPlacement LossAt => LossPlacement.EveryStep;

    public override bool IsOneHot => true;

    public override bool HasWeights => true;

    public override bool CarriesState => true;

    public override int EvaluationBatch => Streams;

    public override string Denominator => "steps";

    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object>();

    public override long? Count(Fold fold) => Streams * Chunks;

    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        long stream = index % Streams;
        long chunk = index / Streams;
        for (int t = 0; t < Steps; t++)
        {
            int at = (t * batch.Size) + slot;
            long place = (chunk * Steps) + t;
            batch.InputIndices[at] = Symbol(fold, stream, place);
            batch.Classes[at] = place < 2 ? 0 : Symbol(fold, stream, place - 2);
            batch.Weights![at] = place % 5 == 4 ? 0 : 1f / (Steps * batch.Size);
        }
    }

    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums)
    {
        double steps = 0;
        double loss = 0;
        for (int at = 0; at < batch.Steps * batch.Size; at++)
        {
            if (batch.Weights![at] > 0)
            {
                ReadOnlySpan<float> o = outputs.Slice(at * Symbols, Symbols);
                double sum = 0;
                foreach (float v in o)
                {
                    sum += Math.Exp(v);
                }
                steps++;
                loss += Math.Log(sum) - o[batch.Classes[at]];
            }
        }
        sums["steps"] = sums.GetValueOrDefault("steps") + steps;
        sums["cross-entropy"] = sums.GetValueOrDefault("cross-entropy") + loss;
    }

    private int Symbol(Fold fold, long stream, long place) => (int)new Philox(
        seed, PurposeOf(fold), (uint)stream).Below((ulong)place, Symbols);
}
