using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Training.Optimizers;

/// <summary>
/// How a gradient becomes a step: an optimiser's constants, what they may be, its words in a
/// run's settings, its version, and the step itself. A new one is a file beside this one and a
/// line in the list below.
/// </summary>
public abstract record Optimizer
{
    private static readonly (Optimizer Example, Func<SettingsNode, Optimizer> Read)[] All =
    [
        (new Sgd(), _ => new Sgd()),
        (new Momentum(), Momentum.FromSettings),
        (new RmsProp(), RmsProp.FromSettings),
        (new Adam(), Adam.FromSettings),
        (new HessianFree(), HessianFree.FromSettings),
    ];

    /// <summary>Its word in a run's settings; part of ids, so it never changes.</summary>
    public abstract string Name { get; }

    /// <summary>Raised by hand when the same settings would make other steps.</summary>
    public abstract int BehaviourVersion { get; }

    /// <summary>Vectors of state it keeps, one number a parameter in each.</summary>
    public abstract int StateVectors { get; }

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A constant is out of range; the message names it.
    /// </exception>
    public virtual void Validate()
    {
    }

    /// <summary>How many gradients of a batch an update costs at most, for an estimate of a run's
    /// cost.</summary>
    internal virtual double GradientsPerUpdate => 1;

    /// <summary>Refuses what it cannot do with the rest of a run's training.</summary>
    /// <exception cref="ArgumentException">The message names it.</exception>
    internal virtual void ValidateWithin(TrainingSpec training)
    {
    }

    /// <summary>Refuses a network or a task that it cannot train.</summary>
    /// <exception cref="ArgumentException">The message names it.</exception>
    internal virtual void ValidateRun(NetworkSetup setup, SequenceTask task)
    {
    }

    /// <summary>What makes the updates of a run.</summary>
    internal virtual Learner NewLearner<T>(Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new GradientStep<T>(
        trainer,
        new TrainingBatches<T>(
            trainer.Network.Spec, trainer.Task, trainer.Spec.BatchSize, trainer.Seed,
            trainer.Spec.Rule<Rules.ReplacementRule>() is not null));

    /// <summary>The optimiser that settings name.</summary>
    /// <param name="training">A run's settings of training.</param>
    /// <exception cref="SettingsException">No optimiser has that name, or a constant is missing.
    /// </exception>
    public static Optimizer Read(SettingsNode training) => Named(training).Read(training);

    /// <summary>The members that the constants of the optimiser that settings name may have.
    /// </summary>
    /// <exception cref="SettingsException">No optimiser has that name.</exception>
    internal static IEnumerable<string> MembersOf(SettingsNode training) =>
        Named(training).Example.Members;

    private static (Optimizer Example, Func<SettingsNode, Optimizer> Read) Named(
        SettingsNode training) => training["optimizer"].Choice(
            [.. All.Select(o => (o.Example.Name, (Func<(Optimizer, Func<SettingsNode, Optimizer>)>)(
                () => o)))]);

    /// <summary>The members that its constants have among a run's settings of training.</summary>
    internal virtual IEnumerable<string> Members => [];

    /// <summary>Writes name and constants among a run's settings of training.</summary>
    internal virtual void Describe(JsonObject training) => training["optimizer"] = Name;

    /// <summary>One step of the parameters along a gradient.</summary>
    internal abstract void Step<T>(in OptimizerStep<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// The step that stands in for one along a gradient of no use: W_hh's gradient is a share of
    /// W_hh itself, every other is 0.
    /// </summary>
    /// <param name="step">The step; its gradient may hold anything.</param>
    /// <param name="recurrent">Where W_hh lies.</param>
    /// <param name="share">Its share.</param>
    internal virtual unsafe void Shrink<T>(
        in OptimizerStep<T> step, ParameterView recurrent, double share)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T factor = T.CreateTruncating(share);
        new Span<T>(step.Gradient, (int)step.Length).Clear();
        for (int i = recurrent.Offset; i < recurrent.Offset + recurrent.Length; i++)
        {
            step.Gradient[i] = factor * step.Parameters[i];
        }
        Step(step with { Scale = 1 });
    }
}

/// <summary>What an optimiser is given for one step.</summary>
internal readonly unsafe struct OptimizerStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Arithmetic.</summary>
    public required Kernels<T> Kernels { get; init; }

    /// <summary>All parameters.</summary>
    public required T* Parameters { get; init; }

    /// <summary>The loss's gradient, before <see cref="Scale"/>.</summary>
    public required T* Gradient { get; init; }

    /// <summary>The optimiser's vectors one after the other, zero before the first step.
    /// </summary>
    public required T* State { get; init; }

    /// <summary>Parameters.</summary>
    public required long Length { get; init; }

    /// <summary>Updates made before this one.</summary>
    public required long Update { get; init; }

    /// <summary>The step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>What multiplies the gradient: clipping and the loss's factor.</summary>
    public required double Scale { get; init; }
}
