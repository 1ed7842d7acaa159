using System.Numerics;
using System.Runtime.InteropServices;
using Repro.Engine.Networks;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training.Learners;

/// <summary>An update is one batch, one gradient, with Ω where the spec has it, and one step of
/// an optimiser along it.
/// Source: Pascanu, Mikolov, Bengio 2013, §3.2 and §3.3.</summary>
internal sealed class GradientStep<T> : Learner
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A run is looked at for a checkpoint every so many updates.
    private const int SaveEvery = 16;

    private readonly Trainer<T> trainer;
    private readonly TrainingBatches<T> batches;
    private readonly ClippedStep<T> step;
    private readonly RegularizerSchedule? regularizer;

    /// <param name="trainer">The trainer of the run.</param>
    /// <param name="batches">Its training sequences.</param>
    public GradientStep(Trainer<T> trainer, TrainingBatches<T> batches)
    {
        TrainingSpec spec = trainer.Spec;
        this.trainer = trainer;
        this.batches = batches;
        regularizer = spec.Rule<RegularizerSchedule>();
        step = new ClippedStep<T>(
            trainer.Network, spec.Optimizer, spec.Clipping, spec.LossFactor,
            spec.Rule<GradientGuard>());
        batches.Batch.MessageLimit = spec.Clipping.Kind == ClippingKind.Message
            ? spec.Clipping.Threshold / spec.LossFactor
            : null;
    }

    public override bool IsSavePoint => trainer.Updates % SaveEvery == 0;

    public override UpdateReport? Update(double rateFactor, Func<bool>? pause)
    {
        TrainingSpec spec = trainer.Spec;
        SequenceNetwork<T> network = trainer.Network;
        long update = trainer.Updates;
        batches.Fill(update);
        trainer.BeforeGradient(batches.Batch);
        double alpha = regularizer?.AlphaAt(update) ?? 0;
        double loss = network.Gradient(
            batches.Batch, alpha / spec.LossFactor, regularizer?.Form);
        trainer.AfterGradient();
        RegularizerValue? omega = alpha > 0 ? network.Regularizer : null;
        if (!double.IsFinite(loss))
        {
            return new UpdateReport(loss, double.NaN, false, false, false, omega);
        }
        StepReport made = step.Step(spec.RateAt(update) * rateFactor, update);
        return new UpdateReport(
            loss, made.GradientNorm, made.Clipped || network.HasCutMessages, made.Finite,
            made.Guarded, omega);
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(MemoryMarshal.AsBytes(step.State));
        batches.Write(writer);
    }

    public override void Read(BinaryReader reader)
    {
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(step.State));
        batches.Read(reader);
    }

    public override void Dispose() => step.Dispose();
}
