using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Records;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training.Rules;

/// <summary>The record keeps what the tested network puts out on the first test sequence, as a
/// curve over the steps counted from 0; none of a run that diverged. For tasks of one output with
/// a loss at every step.</summary>
public sealed record KeptOutputs : TrainingRule
{
    internal const string Member = "outputs";

    /// <summary>The curve's name.</summary>
    public const string Curve = "outputs";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
    }

    /// <summary>Refuses a task whose outputs are no curve.</summary>
    /// <exception cref="ArgumentException">It has several outputs, or one at the end only.
    /// </exception>
    internal static void Check(SequenceTask task)
    {
        if (task.OutputSize != 1 || task.LossAt != LossPlacement.EveryStep)
        {
            throw new ArgumentException(
                $"task '{task.Name}' has {task.OutputSize} outputs, at "
                + (task.LossAt == LossPlacement.EveryStep ? "every step" : "the last step")
                + "; 'outputs' keeps those of one output at every step, so leave it out");
        }
    }

    /// <summary>Each output, by step.</summary>
    /// <param name="trainer">After <see cref="Trainer{T}.Finish"/>.</param>
    internal static double[] Of(Trainer trainer)
    {
        SequenceTask task = trainer.Task;
        int steps = task.StepsOf(Fold.Test, 0);
        Batch<float> batch = new(trainer.Network.Spec, steps, 1, task.IsOneHot);
        if (task.HasWeights)
        {
            batch.Weights = new float[steps];
        }
        task.Fill(Fold.Test, 0, batch, 0);
        float[] outputs = new float[steps];
        trainer.Network.Evaluate(batch, outputs);
        return [.. outputs];
    }

    internal static KeptOutputs FromSettings(SettingsNode node) =>
        node.Flag ? new KeptOutputs() : throw node.Expected("true, or absent");

    internal override JsonNode Describe() => true;

    internal override RuleAtWork Start(TrainingLoop trainer) => new();
}
