using Repro.Engine.Networks.Initializers;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Experiments;

/// <summary>
/// The behaviour version of each component a run uses. Raise one by hand when its results may
/// change: runs that use it then get new ids, and no others do.
/// </summary>
public static class BehaviourVersions
{
    /// <summary>Arithmetic of the kernels and elementary functions.</summary>
    public const int Kernels = 1;

    /// <summary>The simple recurrent cell.</summary>
    public const int SimpleCell = 1;

    /// <summary>Linear, softmax and Bernoulli readouts.</summary>
    public const int Readouts = 1;

    /// <summary>Scales of input and readout weights.</summary>
    public const int WeightScales = 1;

    /// <summary>Stochastic gradient descent and clipping.</summary>
    public const int Sgd = 1;

    /// <summary>RMSprop and clipping.</summary>
    public const int RmsProp = 1;

    /// <summary>The training loop, order of sequences and evaluation.</summary>
    public const int Training = 1;

    /// <summary>Eigenvalues and singular values.</summary>
    public const int Spectrum = 1;

    /// <summary>The vanishing-gradient regulariser.</summary>
    public const int Regularizer = 1;

    /// <summary>Gradient guard, success and futility rules.</summary>
    public const int Rules = 1;

    internal static SortedDictionary<string, int> Of(
        SequenceTask task, Variant variant, TrainingSpec training)
    {
        bool sgd = training.Optimizer.Kind == OptimizerKind.Sgd;
        SortedDictionary<string, int> versions = new(StringComparer.Ordinal)
        {
            ["kernels"] = Kernels,
            ["cell.simple"] = SimpleCell,
            ["readout." + task.Readout.ToString().ToLowerInvariant()] = Readouts,
            ["initializer." + variant.Recurrent.Name] = variant.Recurrent.BehaviourVersion,
            ["weight-scales"] = WeightScales,
            [sgd ? "optimizer.sgd" : "optimizer.rmsprop"] = sgd ? Sgd : RmsProp,
            ["training"] = Training,
            ["task." + task.Name] = task.BehaviourVersion,
        };
        if (training.Regularizer is not null)
        {
            versions["regularizer"] = Regularizer;
        }
        if (training.Guard is not null || training.Success is not null
            || training.Futility is not null)
        {
            versions["rules"] = Rules;
        }
        if (training.Spectrum)
        {
            versions["spectrum"] = Spectrum;
        }
        return versions;
    }
}
