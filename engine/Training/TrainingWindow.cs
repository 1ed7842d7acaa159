using Repro.Engine.Training.Learners;

namespace Repro.Engine.Training;

/// <summary>What is summed over the updates between two points of the curves.</summary>
internal sealed class TrainingWindow
{
    private double loss;
    private double norm;
    private long clipped;
    private long updates;
    private double largest;
    private long guarded;
    private double regularizer;
    private long regularized;

    public void Add(UpdateReport report)
    {
        loss += report.Loss;
        clipped += report.Clipped ? 1 : 0;
        updates++;
        if (report.Guarded)
        {
            // Its norm may be no number.
            guarded++;
        }
        else
        {
            norm += report.GradientNorm;
            largest = Math.Max(largest, report.GradientNorm);
        }
        if (report.Regularizer is { Pairs: > 0 } value && double.IsFinite(value.Mean))
        {
            regularizer += value.Mean;
            regularized++;
        }
    }

    public void AddTo(TrainingCurves curves, bool hasExtremes, bool hasRegularizer)
    {
        if (updates == 0)
        {
            return;
        }
        curves.Add(TrainingCurves.TrainingLoss, loss / updates);
        long measured = updates - guarded;
        curves.Add(TrainingCurves.GradientNorm, measured > 0 ? norm / measured : double.NaN);
        curves.Add(TrainingCurves.Clipped, (double)clipped / updates);
        if (hasExtremes)
        {
            curves.Add(
                TrainingCurves.LargestGradientNorm, measured > 0 ? largest : double.NaN);
            curves.Add(TrainingCurves.Guarded, (double)guarded / updates);
        }
        if (hasRegularizer)
        {
            curves.Add(
                TrainingCurves.Regularizer,
                regularized > 0 ? regularizer / regularized : double.NaN);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(loss);
        writer.Write(norm);
        writer.Write(clipped);
        writer.Write(updates);
        writer.Write(largest);
        writer.Write(guarded);
        writer.Write(regularizer);
        writer.Write(regularized);
    }

    public static TrainingWindow Read(BinaryReader reader)
    {
        return new TrainingWindow
        {
            loss = reader.ReadDouble(),
            norm = reader.ReadDouble(),
            clipped = reader.ReadInt64(),
            updates = reader.ReadInt64(),
            largest = reader.ReadDouble(),
            guarded = reader.ReadInt64(),
            regularizer = reader.ReadDouble(),
            regularized = reader.ReadInt64(),
        };
    }
}
