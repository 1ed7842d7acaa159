using Repro.Engine.Networks;
using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>
/// Sequence generation: one waveform of T samples is to be produced from the network's first
/// state, without an input that says anything: the input is 1 at every step. All folds are that
/// one sequence, since what is measured is how well it is stored. Score: the squared error divided
/// by that of the waveform's mean, so that the best constant scores 1.
/// Source: Koutník, Greff, Gomez, Schmidhuber 2014, section 4.1, whose sequences are pieces of
/// music.
/// </summary>
public sealed class WaveformTask : SequenceTask
{
    internal const string Word = "waveform";

    private readonly float[] samples;
    private readonly double variation;

    /// <summary>A task of one waveform.</summary>
    /// <param name="wave">Which.</param>
    /// <param name="steps">T, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">T is below 2.</exception>
    public WaveformTask(Waveform wave, int steps)
    {
        Wave = wave;
        Steps = steps;
        samples = [.. wave.Samples(steps).Select(v => (float)v)];
        variation = Variation(samples);
    }

    /// <summary>The waveform.</summary>
    public Waveform Wave { get; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize => 1;

    /// <inheritdoc/>
    public override int OutputSize => 1;

    /// <inheritdoc/>
    public override Readout Readout => Readout.Linear;

    /// <inheritdoc/>
    public override LossPlacement LossAt => LossPlacement.EveryStep;

    /// <inheritdoc/>
    public override int EvaluationBatch => 1;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings =>
        new SortedDictionary<string, object>(StringComparer.Ordinal) { ["wave"] = Wave.Word() };

    internal static SequenceTask FromSettings(
        SettingsNode node, TaskSources sources, ulong seed)
    {
        node.Only("name", "steps", "wave");
        return new WaveformTask(
            node["wave"].Member<Waveform>(w => w.Word()), node["steps"].Count);
    }

    /// <inheritdoc/>
    public override long? Count(Fold fold) => 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such sequence, or the batch has another
    /// length.</exception>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        if (index != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"task '{Name}' has one sequence, of index 0");
        }
        if (batch.Steps != Steps)
        {
            throw new ArgumentException(
                $"the waveform has {Steps} samples, but the batch {batch.Steps} steps",
                nameof(batch));
        }
        for (int t = 0; t < Steps; t++)
        {
            batch.Inputs[(t * batch.Size) + slot] = 1;
            batch.Targets[(t * batch.Size) + slot] = samples[t];
        }
    }

    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums)
    {
        double error = 0;
        for (int i = 0; i < batch.Steps * batch.Size; i++)
        {
            double difference = (double)outputs[i] - batch.Targets[i];
            error += difference * difference;
        }
        sums[MetricNames.NormalisedError] =
            sums.GetValueOrDefault(MetricNames.NormalisedError) + (error / variation);
    }

    /// <summary>Σ (y − ȳ)².</summary>
    private static double Variation(float[] samples)
    {
        double mean = 0;
        foreach (float y in samples)
        {
            mean += y;
        }
        mean /= samples.Length;
        double sum = 0;
        foreach (float y in samples)
        {
            sum += (y - mean) * (y - mean);
        }
        return sum;
    }
}
