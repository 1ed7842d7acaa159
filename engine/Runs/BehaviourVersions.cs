using Repro.Engine.Networks.Initializers;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Runs;

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

    /// <summary>The LSTM cell.</summary>
    public const int LstmCell = 1;

    /// <summary>Leaky units.</summary>
    public const int Leaks = 1;

    /// <summary>Dropout before the readout.</summary>
    public const int Dropout = 1;

    /// <summary>Halving of the learning rate and selection by validation scores.</summary>
    public const int Selection = 1;

    /// <summary>Ridge regression.</summary>
    public const int Ridge = 1;

    internal static SortedDictionary<string, int> Of(
        SequenceTask task, Variant variant, TrainingSpec training, bool isLstm = false,
        bool isLeaky = false)
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
        if (isLstm)
        {
            versions.Remove("cell.simple");
            versions.Remove("initializer." + variant.Recurrent.Name);
            versions.Remove("weight-scales");
            versions["cell.lstm"] = LstmCell;
            versions["initializer.lstm"] = LstmInitializer.BehaviourVersion;
        }
        if (isLeaky)
        {
            versions["leaks"] = Leaks;
        }
        if (training.Dropout > 0)
        {
            versions["dropout"] = Dropout;
        }
        if (training.Halving is not null || training.Selection is not null)
        {
            versions["selection"] = Selection;
        }
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
