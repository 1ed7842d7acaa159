using System.Text.Json.Nodes;
using Repro.Engine.Dynamics;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Runs.Theory;

/// <summary>
/// How the gradient fades over the lag while a network learns temporal order: measured and
/// bounded at stated updates, on validation sequences, with the regulariser or without.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (5)–(7) and (9).
/// </summary>
/// <param name="initialisation">"sigmoid", "basic tanh" or "smart tanh".</param>
/// <param name="deviation">Standard deviation of input and readout weights.</param>
/// <param name="alpha">α; 0 is clipping alone.</param>
/// <param name="steps">T.</param>
/// <param name="updates">When to measure, rising from 0 on; training ends at the last.</param>
/// <param name="seed">The run's seed.</param>
public sealed class TrainedDecayRun(
    string initialisation, double deviation, double alpha, int steps,
    IReadOnlyList<long> updates, ulong seed) : ComputedRun
{
    private const int HiddenSize = 50;
    private const int Sequences = 20;
    private const int TestSequences = 2_000;

    /// <summary>The curve of the median share, or bound, by lag at an update.</summary>
    public static string Median(long update) => $"median at {update}";

    /// <inheritdoc cref="Median"/>
    public static string Bound(long update) => $"bound at {update}";

    /// <inheritdoc/>
    public override string Label => Say(
        $"gradient by lag in training, {initialisation} α={alpha} T={steps} seed {seed}");

    /// <inheritdoc/>
    public override double EstimatedCost => 6.0 * HiddenSize * HiddenSize * steps * 20
        * updates[^1];

    /// <inheritdoc/>
    protected override string Kind => "trained-decay";

    private protected override IEnumerable<PartVersion> Uses => NewTraining().Parts;

    /// <inheritdoc/>
    protected override void Describe(JsonObject spec)
    {
        spec["run"] = NewTraining().Spec;
        spec["updates"] = Row([.. updates.Select(u => (double)u)]);
        spec["sequences"] = Sequences;
    }

    /// <inheritdoc/>
    protected override void Compute(Findings findings)
    {
        TemporalOrderTask task = NewTask();
        SimpleSetup setup = NewSetup();
        using RecurrentNetwork<float> network = setup.Make(
            task.Network(HiddenSize, setup.Activation), seed);
        using Trainer trainer = new(network, task, NewSpec(), seed);
        Batch<float> batch = new(network.Spec, steps, Sequences, oneHot: true);
        for (int b = 0; b < Sequences; b++)
        {
            task.Fill(Fold.Validation, b, batch, b);
        }
        foreach (long update in updates)
        {
            while (trainer.Updates < update && trainer.Advance())
            {
            }
            GradientDecay decay = GradientDecay.Measure(network, batch, withProducts: false);
            findings.Series(Median(update), decay.MedianShares());
            findings.Series(Bound(update), decay.MedianBounds());
            findings.Rounded($"norm at {update}", decay.WeightNorm);
            findings.Rounded($"spectral radius at {update}", decay.SpectralRadius);
            findings.Rounded($"share at {update}", decay.MedianShares()[^1]);
            findings.Metric($"places above the bound at {update}", decay.Violations());
        }
        findings.Metric(
            "test correct", trainer.Score(Fold.Test, TestSequences)[MetricNames.Correct]);
    }

    private TemporalOrderTask NewTask() => new(steps, seed);

    private SimpleSetup NewSetup() => new(
        Variant.Named(initialisation), new WeightScales { Deviation = deviation });

    private TrainingSpec NewSpec() => new()
    {
        BatchSize = 20,
        Updates = updates[^1],
        LearningRate = 0.01,
        Clipping = new ClippingSpec(ClippingKind.Norm, 1),
        Rules = alpha > 0
            ? [new RegularizerSchedule { Alpha = alpha }, new GradientGuard()]
            : [new GradientGuard()],
        EvaluateEvery = Math.Max(1, updates[^1]),
        TestSequences = TestSequences,
    };

    // The same training as a run of its own: its parts and settings are those of this run.
    private TrainingRun NewTraining() => new(
        Label, _ => NewTask(), NewSetup(), NewSpec(), HiddenSize, seed);
}
