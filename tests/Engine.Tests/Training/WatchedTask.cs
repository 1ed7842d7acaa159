using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Training;

/// <summary>A task that tells of each training sequence before it is made, so that a test can
/// stop a run at a known place.</summary>
internal sealed class WatchedTask(SequenceTask inner, Action<long> beforeTraining) : SequenceTask
{
    private long made;

    public override string Name => inner.Name;

    public override int BehaviourVersion => inner.BehaviourVersion;

    public override int Steps => inner.Steps;

    public override int InputSize => inner.InputSize;

    public override int OutputSize => inner.OutputSize;

    public override Readout Readout => inner.Readout;

    public override LossPlacement LossAt => inner.LossAt;

    public override bool IsOneHot => inner.IsOneHot;

    public override bool HasWeights => inner.HasWeights;

    public override bool CarriesState => inner.CarriesState;

    public override string? Denominator => inner.Denominator;

    public override int EvaluationBatch => inner.EvaluationBatch;

    public override IReadOnlyDictionary<string, object> Settings => inner.Settings;

    public override bool StartsAnew(Fold fold, long index) => inner.StartsAnew(fold, index);

    public override int StepsOf(Fold fold, long group) => inner.StepsOf(fold, group);

    public override SequenceTask AtLength(int steps) => inner.AtLength(steps);

    public override long? Count(Fold fold) => inner.Count(fold);

    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        if (fold == Fold.Training)
        {
            beforeTraining(made++);
        }
        inner.Fill(fold, index, batch, slot);
    }

    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums) =>
        inner.Score(batch, outputs, sums);
}
