namespace Repro.Engine.Training;

/// <summary>Series measured along a run, one value at each evaluation.</summary>
public sealed class TrainingCurves
{
    /// <summary>Updates made at each evaluation; the abscissa of the others.</summary>
    public const string Updates = "updates";

    /// <summary>Mean loss of the updates since the evaluation before.</summary>
    public const string TrainingLoss = "training loss";

    /// <summary>Mean gradient norm, before clipping, of the same updates.</summary>
    public const string GradientNorm = "gradient norm";

    /// <summary>Share of the same updates that were clipped.</summary>
    public const string Clipped = "clipped";

    /// <summary>Largest gradient norm, before clipping, of the same updates.</summary>
    public const string LargestGradientNorm = "largest gradient norm";

    /// <summary>Share of the same updates whose gradient the guard replaced.</summary>
    public const string Guarded = "guarded";

    /// <summary>Mean Ω of the same updates.</summary>
    public const string Regularizer = "regulariser";

    /// <summary>Learning rate from there on, where it is halved by a score.</summary>
    public const string LearningRate = "learning rate";

    /// <summary>Spectral radius of W_hh.</summary>
    public const string SpectralRadius = "spectral radius";

    /// <summary>Largest singular value of W_hh.</summary>
    public const string LargestSingularValue = "largest singular value";

    /// <summary>Gradient norms of the traced updates, one by one; they have an abscissa of their
    /// own.</summary>
    public const string Trace = "gradient norm by update";

    /// <summary>Sequences swept so far for gradients and products of a Gauss–Newton matrix, of a
    /// learner that needs many of them an update.</summary>
    public const string Sequences = "sequences";

    /// <summary>Sequences swept so far, forward only, to compare losses within updates.</summary>
    public const string TrialSequences = "trial sequences";

    /// <summary>Products of a Gauss–Newton matrix so far.</summary>
    public const string Products = "curvature products";

    /// <summary>Floating-point operations of all these sweeps so far; see
    /// <see cref="Networks.SweepCost"/>.</summary>
    public const string Operations = "operations";

    /// <summary>λ of the next Hessian-free update.</summary>
    public const string Damping = "damping";

    /// <summary>ρ of the last Hessian-free update: what the loss fell by, as a share of what the
    /// model foresaw.</summary>
    public const string ReductionRatio = "reduction ratio";

    /// <summary>How long the step of the last Hessian-free update was, 1 for a whole one.
    /// </summary>
    public const string StepLength = "step length";

    private readonly SortedDictionary<string, List<double>> series = new(StringComparer.Ordinal);

    /// <summary>Names in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => series.Keys;

    /// <summary>The values of one series; empty if there is none of that name.</summary>
    public IReadOnlyList<double> this[string name] =>
        series.TryGetValue(name, out List<double>? values) ? values : [];

    internal void Add(string name, double value)
    {
        if (!series.TryGetValue(name, out List<double>? values))
        {
            series[name] = values = [];
        }
        values.Add(value);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(series.Count);
        foreach ((string name, List<double> values) in series)
        {
            writer.Write(name);
            writer.Write(values.Count);
            foreach (double value in values)
            {
                writer.Write(value);
            }
        }
    }

    internal void Read(BinaryReader reader)
    {
        series.Clear();
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            int length = reader.ReadInt32();
            long left = reader.BaseStream.Length - reader.BaseStream.Position;
            if (length < 0 || length > left / sizeof(double))
            {
                throw new InvalidDataException(
                    $"the curve '{name}' announces {length} values, and {left} bytes are left");
            }
            List<double> values = new(length);
            for (int k = 0; k < length; k++)
            {
                values.Add(reader.ReadDouble());
            }
            series[name] = values;
        }
    }
}
