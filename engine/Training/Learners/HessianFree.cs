using System.Text.Json.Nodes;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training.Learners;

/// <summary>
/// Hessian-free optimisation, after the authors' released programs: each update minimises a
/// quadratic model, gradient and damped Gauss–Newton matrix, by conjugate gradients, chooses one
/// of the iterates by its loss, and steps along it as far as the loss falls. An update's
/// sequences come in groups, each like a minibatch of the run; they are the same throughout the
/// update and fresh in the next. The first length that the line search tries is the run's
/// learning rate, 1 in the programs. A group has one length: where a task's lengths differ, a
/// matrix or a trial of a single group is of that length alone, and steps that lower its loss can
/// raise the loss of the others, so that several smaller groups do better than one large.
/// Source: Martens 2010; Martens and Sutskever 2011; Sutskever's HF-RNN (2011), whose defaults
/// these are. ρ is the change of the loss, as a share of what the damped model with the gradient of
/// all sequences foresaw, before the line search. The released program measures the change on the
/// sequences of G alone. Where a few sequences make most of the gradient, as where gradients
/// explode, these are mostly others: then ρ says nothing of the model, stays small however short
/// the step, and λ grows without end. <see cref="RatioOfAllGroups"/> measures change and model on
/// the same sequences, as Martens' own program does.
/// </summary>
public sealed record HessianFree : Optimizer
{
    internal const string Word = "hessian-free";
    private const string Member = "hessianFree";
    private const string CasesWord = "cases";
    private const string DroppedWord = "dropped";
    private const string AllWord = "all";
    private const int MostIterations = 100_000;

    /// <summary>Groups of an update, 1 or more; the gradient is of all of them.</summary>
    public int GradientBatches { get; init; } = 10;

    /// <summary>How many of them, from the first on, the Gauss–Newton matrix is of.</summary>
    public int CurvatureBatches { get; init; } = 1;

    /// <summary>On how many of them iterates are compared, and on how many others lengths: those
    /// that follow the matrix's, and the first ones again where there are no more.</summary>
    public int TrialBatches { get; init; } = 1;

    /// <summary>λ at first, finite and positive; in units of the loss's second derivative.
    /// </summary>
    public double Damping { get; init; } = 0.1;

    /// <summary>The least λ, above 0 and at most the first.</summary>
    public double LeastDamping { get; init; } = 1e-6;

    /// <summary>Structural damping; null for none.</summary>
    public StructuralDamping? Structural { get; init; }

    /// <summary>Most iterations of conjugate gradients in an update, 1 … 100,000.</summary>
    public int Iterations { get; init; } = 300;

    /// <summary>ε of the stop by relative progress, in (0, 1).</summary>
    public double Progress { get; init; } = 5e-4;

    /// <summary>ζ, the share of the last iterate from which the next update begins, in [0, 1).
    /// </summary>
    public double WarmStart { get; init; } = 0.95;

    /// <summary>Whether conjugate gradients begin at 0 where the warm start is no better in the
    /// new model.</summary>
    public bool DropsWorseStart { get; init; }

    /// <summary>Whether the change of the loss in ρ is that on the sequences of all groups, which
    /// the model's gradient is of, and not on those of the Gauss–Newton matrix alone. As λ grows
    /// ρ then goes to 2, the slope's fall over the model's.</summary>
    public bool RatioOfAllGroups { get; init; }

    /// <summary>Whether conjugate gradients have a preconditioner, the squares of the gradients
    /// of single sequences; costs a gradient of each sequence of the matrix by itself.</summary>
    public bool HasPreconditioner { get; init; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 2;

    /// <inheritdoc/>
    public override int StateVectors => 0;

    internal override IEnumerable<string> Members => [Member];

    // A product has 4/3 of a gradient's operations.
    internal override double GradientsPerUpdate =>
        GradientBatches + (4.0 / 3 * CurvatureBatches * Iterations);

    /// <inheritdoc/>
    public override void Validate()
    {
        Check(
            GradientBatches >= 1 && CurvatureBatches >= 1 && TrialBatches >= 1
                && CurvatureBatches <= GradientBatches && TrialBatches <= GradientBatches,
            $"{GradientBatches} groups for the gradient, {CurvatureBatches} for the curvature and "
            + $"{TrialBatches} for trials; 1 or more are needed, and no more than for the "
            + "gradient");
        Check(
            double.IsFinite(Damping) && Damping > 0,
            $"the damping λ is {Damping}; a finite number above 0 is needed");
        Check(
            LeastDamping > 0 && LeastDamping <= Damping,
            $"the least damping is {LeastDamping}; a number above 0 and at most the first, "
            + $"{Damping}, is needed");
        Structural?.Validate();
        Check(
            Iterations is >= 1 and <= MostIterations,
            $"{Iterations} iterations of conjugate gradients; 1 to {MostIterations} are needed");
        Check(
            Progress is > 0 and < 1,
            $"the least progress of conjugate gradients is {Progress}; a number in (0, 1) is "
            + "needed");
        Check(
            WarmStart is >= 0 and < 1,
            $"the warm start's share is {WarmStart}; a number in [0, 1) is needed");
    }

    internal override void ValidateWithin(TrainingSpec training)
    {
        Check(
            training.Clipping.Kind == ClippingKind.None,
            "the gradient is to be clipped, but a Hessian-free step has no use for a gradient "
            + "that is not the loss's; use clipping 'none'");
        Refuse<DropoutRule>(training, "its sequences and states must stay the same in an update");
        Refuse<RegularizerSchedule>(training, "Ω has no Gauss–Newton matrix");
        Refuse<GradientGuard>(training, "its line search refuses what is not finite");
    }

    internal override void ValidateRun(NetworkSetup setup, SequenceTask task)
    {
        if (task.CarriesState)
        {
            throw new ArgumentException(
                $"task '{task.Name}' carries its state from one batch to the next, but a "
                + "Hessian-free update reads several batches at the same weights; use another "
                + "optimizer");
        }
        if (Structural?.Form.IsMatched() == true && setup is not SimpleSetup { Leaks: null })
        {
            throw NotMatched(setup.Cell);
        }
    }

    internal static ArgumentException NotMatched(string cell) => new(
        $"structural damping in the form that matches the activation needs a simple cell without "
        + $"leaks, and the run has a cell of kind '{cell}'; use the form "
        + $"'{StructuralForm.Post.Word()}', or none");

    internal override Learner NewLearner<T>(Trainer<T> trainer) =>
        (object)trainer is Trainer<float> single
            ? new HessianFreeStep(single, this)
            : throw new ArgumentException(
                $"'{Word}' trains networks of single precision, and this one is of "
                + $"{typeof(T).Name}; use a network of float or another optimizer");

    internal static HessianFree FromSettings(SettingsNode training)
    {
        SettingsNode node = training[Member];
        node.Only(
            "gradientBatches", "curvatureBatches", "trialBatches", "damping", "leastDamping",
            "structural", "iterations", "progress", "warmStart", "worseStart", "ratioGroups",
            "preconditioner");
        return new HessianFree
        {
            GradientBatches = node["gradientBatches"].Count,
            CurvatureBatches = node["curvatureBatches"].Count,
            TrialBatches = node["trialBatches"].Count,
            Damping = node["damping"].Number,
            LeastDamping = node["leastDamping"].Number,
            Structural = node.Has("structural")
                ? new StructuralDamping(
                    node["structural"].Only("weight", "form")["weight"].Number,
                    node["structural"]["form"].Member<StructuralForm>(f => f.Word()))
                : null,
            Iterations = node["iterations"].Count,
            Progress = node["progress"].Number,
            WarmStart = node["warmStart"].Number,
            DropsWorseStart =
                node.Has("worseStart") && node["worseStart"].Choice((DroppedWord, () => true)),
            RatioOfAllGroups =
                node.Has("ratioGroups") && node["ratioGroups"].Choice((AllWord, () => true)),
            HasPreconditioner =
                node.Has("preconditioner") && node["preconditioner"].Choice(
                    (CasesWord, () => true)),
        };
    }

    internal override void Describe(JsonObject training)
    {
        base.Describe(training);
        JsonObject described = new()
        {
            ["gradientBatches"] = GradientBatches,
            ["curvatureBatches"] = CurvatureBatches,
            ["trialBatches"] = TrialBatches,
            ["damping"] = Damping,
            ["leastDamping"] = LeastDamping,
            ["structural"] = Structural is null
                ? null
                : new JsonObject
                {
                    ["weight"] = Structural.Weight,
                    ["form"] = Structural.Form.Word(),
                },
            ["iterations"] = Iterations,
            ["progress"] = Progress,
            ["warmStart"] = WarmStart,
            ["preconditioner"] = HasPreconditioner ? CasesWord : null,
        };
        if (DropsWorseStart)
        {
            described["worseStart"] = DroppedWord;
        }
        if (RatioOfAllGroups)
        {
            described["ratioGroups"] = AllWord;
        }
        training[Member] = described;
    }

    internal override void Step<T>(in OptimizerStep<T> step) => throw new NotSupportedException(
        $"'{Word}' makes no step from one gradient; train with a {nameof(Trainer)}");

    private static void Refuse<TRule>(TrainingSpec training, string why)
        where TRule : TrainingRule
    {
        if (training.Rule<TRule>() is { } rule)
        {
            throw new ArgumentException(
                $"a Hessian-free run has the rule '{rule.Name}', but {why}; leave it out");
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
