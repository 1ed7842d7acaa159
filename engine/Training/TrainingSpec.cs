namespace Repro.Engine.Training;

/// <summary>How the gradient becomes a step.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent without momentum.</summary>
    Sgd,

    /// <summary>RMSprop.</summary>
    RmsProp,
}

/// <summary>What happens to a large gradient before the step.</summary>
public enum ClippingKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The whole gradient is scaled to the threshold when its norm reaches it.
    /// Source: Pascanu, Mikolov, Bengio 2013, Algorithm 1.</summary>
    Norm,

    /// <summary>Each component is cut to ±threshold.</summary>
    Elementwise,
}

/// <summary>The optimiser and its constants.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Decay">RMSprop's share of the old mean square, in [0, 1).</param>
/// <param name="Epsilon">RMSprop's term beside the root, positive.</param>
public sealed record OptimizerSpec(
    OptimizerKind Kind = OptimizerKind.Sgd, double Decay = 0.9, double Epsilon = 1e-8);

/// <summary>Clipping and its threshold.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Threshold">Positive; in units of the gradient.</param>
public sealed record ClippingSpec(ClippingKind Kind = ClippingKind.None, double Threshold = 0);

/// <summary>From an update on, the learning rate is multiplied by a factor.</summary>
/// <param name="FromUpdate">First update, counted from 0, of the new rate.</param>
/// <param name="Factor">Relative to the first rate.</param>
public sealed record LearningRateStep(long FromUpdate, double Factor);

/// <summary>
/// How a network is trained: budget, steps and evaluation. Every stopping rule counts updates,
/// never seconds.
/// </summary>
public sealed record TrainingSpec
{
    /// <summary>B, sequences an update, 1 or more.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Updates in all, 0 or more.</summary>
    public required long Updates { get; init; }

    /// <summary>The first learning rate, finite and positive.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Later rates, by rising update.</summary>
    public IReadOnlyList<LearningRateStep> Schedule { get; init; } = [];

    /// <summary>The optimiser.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>Clipping.</summary>
    public ClippingSpec Clipping { get; init; } = new();

    /// <summary>The vanishing-gradient regulariser; null for none.</summary>
    public RegularizerSchedule? Regularizer { get; init; }

    /// <summary>What happens to a gradient that is not finite; null ends the run.</summary>
    public GradientGuard? Guard { get; init; }

    /// <summary>When the run may stop because it has learnt the task; null for never.</summary>
    public SuccessRule? Success { get; init; }

    /// <summary>When the run is given up; null for never.</summary>
    public FutilityRule? Futility { get; init; }

    /// <summary>When the learning rate is halved; null for never.</summary>
    public HalvingRule? Halving { get; init; }

    /// <summary>Which state is tested; null for the last one.</summary>
    public SelectionRule? Selection { get; init; }

    /// <summary>Share of the hidden units that the readout does not see in an update, in [0, 1).
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>Whether the biases stay what they were, such as zero for a network without.
    /// </summary>
    public bool FreezesBiases { get; init; }

    /// <summary>Whether the spectral radius and the largest singular value of W_hh are part of
    /// the curves.</summary>
    public bool Spectrum { get; init; }

    /// <summary>Updates whose gradient norms are kept one by one; null for none.</summary>
    public TraceWindow? Trace { get; init; }

    /// <summary>Training sequences scored at the end, from the first on; 0 for none.</summary>
    public int TrainingScoreSequences { get; init; }

    /// <summary>Other lengths T at which the trained network is tested.</summary>
    public IReadOnlyList<int> TestLengths { get; init; } = [];

    /// <summary>What multiplies the loss (½ for ½(z − y)²), positive.</summary>
    public double LossFactor { get; init; } = 1;

    /// <summary>Updates between two points of the curves, 1 or more.</summary>
    public long EvaluateEvery { get; init; } = 1_000;

    /// <summary>Sequences of the validation fold read at each point; 0 for none.</summary>
    public int ValidationSequences { get; init; }

    /// <summary>
    /// Whether the test fold is read at every point of the curves, as a figure that plots test
    /// loss against epochs needs. No choice may be made on it.
    /// </summary>
    public bool TestCurve { get; init; }

    /// <summary>Test sequences read for the curve and at the end; null reads all of them.
    /// </summary>
    public int? TestSequences { get; init; }

    /// <summary>The learning rate of an update counted from 0.</summary>
    public double RateAt(long update)
    {
        double factor = 1;
        // By index: an enumerator of the list would be an allocation an update.
        for (int i = 0; i < Schedule.Count; i++)
        {
            if (update >= Schedule[i].FromUpdate)
            {
                factor = Schedule[i].Factor;
            }
        }
        return LearningRate * factor;
    }

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.
    /// </exception>
    public void Validate()
    {
        Check(BatchSize >= 1, $"batch size is {BatchSize}; 1 or more is needed");
        Check(Updates >= 0, $"the number of updates is {Updates}; 0 or more is needed");
        Check(
            double.IsFinite(LearningRate) && LearningRate > 0,
            $"learning rate is {LearningRate}; a finite number above 0 is needed");
        Check(EvaluateEvery >= 1, $"evaluation every {EvaluateEvery} updates; 1 or more is needed");
        Check(
            double.IsFinite(LossFactor) && LossFactor > 0,
            $"loss factor is {LossFactor}; a finite number above 0 is needed");
        Check(
            Clipping.Kind == ClippingKind.None
                || (double.IsFinite(Clipping.Threshold) && Clipping.Threshold > 0),
            $"clipping threshold is {Clipping.Threshold}; a finite number above 0 is needed");
        Check(
            Optimizer.Decay is >= 0 and < 1,
            $"RMSprop's decay is {Optimizer.Decay}; a number in [0, 1) is needed");
        Check(
            double.IsFinite(Optimizer.Epsilon) && Optimizer.Epsilon > 0,
            $"RMSprop's epsilon is {Optimizer.Epsilon}; a finite number above 0 is needed");
        Check(
            ValidationSequences >= 0,
            $"{ValidationSequences} validation sequences; 0 or more are needed");
        Check(
            TrainingScoreSequences >= 0,
            $"{TrainingScoreSequences} training sequences to score; 0 or more are needed");
        Check(
            TestSequences is null or >= 1,
            $"{TestSequences} test sequences; 1 or more are needed, or none stated for all");
        Regularizer?.Validate();
        Guard?.Validate();
        Success?.Validate();
        Futility?.Validate();
        Trace?.Validate();
        Halving?.Validate();
        Selection?.Validate();
        new Networks.Dropout(Dropout, 0, 0).Validate();
        Check(
            (Halving is null or { IsOfTraining: true } && Selection is null)
                || ValidationSequences > 0,
            "halving and selection go by validation scores; validation sequences are needed");
        foreach (int length in TestLengths)
        {
            Check(length >= 1, $"a test length is {length}; 1 step or more is needed");
        }
        long last = -1;
        foreach (LearningRateStep step in Schedule)
        {
            Check(
                step.FromUpdate > last,
                $"the schedule's step at update {step.FromUpdate} is not after {last}");
            Check(
                double.IsFinite(step.Factor) && step.Factor > 0,
                $"the schedule's factor is {step.Factor}; a finite number above 0 is needed");
            last = step.FromUpdate;
        }
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
