using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training.Learners;

/// <summary>Hessian-free runs: their bits, their counts, their settings.</summary>
public sealed class HessianFreeTests
{
    private static readonly StructuralDamping Structural = new(.1);

    private static readonly HessianFree Small = new()
    {
        GradientBatches = 4,
        CurvatureBatches = 2,
        Iterations = 12,
        Structural = Structural,
    };

    private static TrainingSpec Spec(HessianFree settings, long updates = 6) => new()
    {
        BatchSize = 5,
        Updates = updates,
        LearningRate = 1,
        LossFactor = .5,
        Optimizer = settings,
        EvaluateEvery = 2,
        ValidationSequences = 7,
    };

    private static IEnumerable<TestCaseData> Settings()
    {
        yield return new TestCaseData(Spec(Small)).SetArgDisplayNames("structural damping");
        yield return new TestCaseData(Spec(Small with { DropsWorseStart = true }))
            .SetArgDisplayNames("worse starts dropped");
        yield return new TestCaseData(Spec(Small with { RatioOfAllGroups = true }))
            .SetArgDisplayNames("ratio of all groups");
        yield return new TestCaseData(Spec(Small with { HasPreconditioner = true }))
            .SetArgDisplayNames("preconditioner");
        yield return new TestCaseData(
            Spec(Small with { GradientBatches = 1, CurvatureBatches = 1, Structural = null })
                .With(new FrozenBiases()).With(new ReplacementRule()))
            .SetArgDisplayNames("one group, frozen biases, replacement");
    }

    [TestCaseSource(nameof(Settings))]
    public void A_run_killed_between_any_two_iterations_goes_on_to_the_same_end(
        TrainingSpec spec)
    {
        using RecurrentNetwork<float> whole = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer reference = new(whole, SmallRuns.Task(5), spec, 5);
        while (reference.Advance())
        {
        }
        byte[]? state = null;
        int pauses = 0;
        bool goesOn = true;
        while (goesOn)
        {
            using RecurrentNetwork<float> network = new(whole.Spec);
            network.Parameters.Fill(0.5f);
            if (state is null)
            {
                using RecurrentNetwork<float> first = SmallRuns.Network("np-tanhRNN", 5);
                first.Parameters.CopyTo(network.Parameters);
            }
            using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
            if (state is not null)
            {
                trainer.Restore(state);
            }
            long before = trainer.Updates;
            // Every second life goes on through one pause, with an evaluation in it.
            bool survives = pauses % 2 == 1;
            goesOn = trainer.Advance(() => true);
            if (survives && goesOn && trainer.Updates == before)
            {
                trainer.Score(Fold.Test);
                goesOn = trainer.Advance(() => true);
            }
            pauses += trainer.Updates == before ? 1 : 0;
            Assert.That(trainer.IsSavePoint, Is.True);
            state = trainer.Save();
        }
        Assert.That(pauses, Is.GreaterThan(20));
        Assert.That(state, Is.EqualTo(reference.Save()));
        Assert.That(reference.Updates, Is.EqualTo(spec.Updates));
    }

    [Test]
    public void Runs_have_the_same_bits_at_every_vector_width_in_every_cell()
    {
        SequenceTask task = SmallRuns.Task(5);
        NetworkSpec spec = task.Network(SmallRuns.HiddenSize, Activation.Tanh);
        TrainingSpec training = Spec(
            Small with { Iterations = 4, Structural = new(.1, StructuralForm.Post) }, 2);
        foreach (Networks.CellKind cell in Enum.GetValues<Networks.CellKind>())
        {
            HashSet<string> hashes = [];
            foreach (InstructionSet set in Enum.GetValues<InstructionSet>()
                .Where(InstructionSets.IsSupported))
            {
                using SweptNetwork<float> network =
                    Networks.AnyCell.Network<float>(cell, spec, .4, 1, set);
                using Trainer trainer = new(network, SmallRuns.Task(5), training, 5);
                while (trainer.Advance())
                {
                }
                hashes.Add(trainer.WeightsHash());
            }
            Assert.That(hashes, Has.Count.EqualTo(1), $"{cell}");
        }
    }

    [Test]
    public void Sequences_products_and_operations_are_counted()
    {
        HessianFree settings = Small with { Iterations = 3, Progress = 1e-12, WarmStart = .5 };
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), Spec(settings, 2), 5);
        while (trainer.Advance())
        {
        }
        SortedDictionary<string, double> scores = trainer.Finish();

        // Two gradients of 4 groups of 5; 3 products of 2 groups, and 4 with a warm start.
        Assert.That(scores["curvature products"], Is.EqualTo(7));
        Assert.That(scores["sequences"], Is.EqualTo((2 * 4 * 5) + (7 * 2 * 5)));
        // H = 8, I = 2, O = 1, T = 10: the products of a sequence by hand.
        double forward = (10 * 8 * (3 + 8)) + 9;
        double backward = (10 * 8 * (3 + 16)) + 17;
        double trials = scores["trial sequences"];
        Assert.That(trials % 5, Is.Zero);
        Assert.That(
            scores["operations"],
            Is.EqualTo(2 * ((40 * (forward + backward)) + (70 * 2 * backward)
                + (trials * forward))));
        Assert.That(
            trainer.Curves["sequences"], Is.EqualTo(new[] { 0, scores["sequences"] }));
        Assert.That(trainer.Curves["damping"][0], Is.EqualTo(settings.Damping));
    }

    [Test]
    public void A_run_with_another_optimizer_counts_nothing_new()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(2), 5);
        while (trainer.Advance())
        {
        }
        Assert.That(trainer.Curves.Names, Has.None.EqualTo("sequences"));
        Assert.That(trainer.Finish().Keys, Has.None.EqualTo("sequences"));
    }

    [Test]
    public void Frozen_biases_stay_throughout_a_run()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        float[] before = network.Parameters.ToArray();
        using Trainer trainer = new(
            network, SmallRuns.Task(5), Spec(Small).With(new FrozenBiases()), 5);
        while (trainer.Advance())
        {
        }
        Assert.That(
            network.Layout.Bias.Of(network.Parameters).ToArray(),
            Is.EqualTo(network.Layout.Bias.Of(before.AsSpan()).ToArray()));
        Assert.That(network.Parameters.ToArray(), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_step_that_no_length_saves_is_not_taken_and_damping_grows()
    {
        // A first length so long that no step of fifty is short enough.
        TrainingSpec spec = Spec(Small, 1) with { LearningRate = 1e30 };
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        float[] before = network.Parameters.ToArray();
        using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
        trainer.Advance();
        Assert.That(network.Parameters.ToArray(), Is.EqualTo(before));
        Assert.That(trainer.Curves["step length"], Is.EqualTo(new[] { 0.0, 0.0 }));
    }

    [Test]
    public void Weights_that_are_no_numbers_end_the_run_as_diverged()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        network.Parameters.Fill(float.NaN);
        using Trainer trainer = new(network, SmallRuns.Task(5), Spec(Small), 5);
        Assert.That(trainer.Advance(), Is.False);
        Assert.That(trainer.Diverged, Is.True);
    }

    private static IEnumerable<TestCaseData> Bad()
    {
        static TestCaseData Case(HessianFree settings, string words) =>
            new TestCaseData(Spec(settings), words).SetArgDisplayNames(words);
        yield return Case(Small with { GradientBatches = 0 }, "0 groups");
        yield return Case(Small with { CurvatureBatches = 5 }, "5 for the curvature");
        yield return Case(Small with { TrialBatches = 5 }, "5 for trials");
        yield return Case(Small with { Damping = 0 }, "λ is 0");
        yield return Case(Small with { Damping = double.NaN }, "λ is NaN");
        yield return Case(Small with { LeastDamping = 2 }, "least damping is 2");
        yield return Case(Small with { LeastDamping = 0 }, "least damping is 0");
        yield return Case(Small with { Structural = new(0) }, "µ = 0");
        yield return Case(Small with { Structural = new(double.NaN) }, "µ = NaN");
        yield return Case(Small with { Iterations = 0 }, "0 iterations");
        yield return Case(Small with { Progress = 0 }, "progress of conjugate gradients is 0");
        yield return Case(Small with { WarmStart = 1 }, "share is 1");
        yield return new TestCaseData(
            Spec(Small) with { Clipping = new(ClippingKind.Norm, 1) }, "clipped");
        yield return new TestCaseData(Spec(Small).With(new DropoutRule(.5)), "'dropout'");
        yield return new TestCaseData(Spec(Small).With(new GradientGuard()), "'guard'");
        yield return new TestCaseData(
            Spec(Small).With(new RegularizerSchedule { Alpha = 1 }), "'regularizer'");
    }

    [TestCaseSource(nameof(Bad))]
    public void Settings_out_of_range_and_rules_that_make_no_sense_are_refused(
        TrainingSpec spec, string words) =>
        Assert.That(spec.Validate, Throws.ArgumentException.With.Message.Contains(words));

    [Test]
    public void Cells_without_one_activation_are_told_the_form_that_they_have()
    {
        TrainingRun Of(NetworkSetup setup, StructuralForm form) => new(
            "", SmallRuns.Task, setup,
            Spec(Small with { Structural = new(.1, form) }), SmallRuns.HiddenSize, 1);
        SimpleSetup leaky = new(
            Variant.Named("np-tanhRNN"), new WeightScales(), new LeakRule(2));
        foreach (NetworkSetup setup in new NetworkSetup[] { new LstmInitializer(), leaky })
        {
            Assert.That(
                () => Of(setup, StructuralForm.Matched),
                Throws.ArgumentException.With.Message.Contains("'post'"));
            Assert.That(() => Of(setup, StructuralForm.Post), Throws.Nothing);
        }
        using LstmNetwork<float> lstm =
            new(SmallRuns.Task(1).Network(SmallRuns.HiddenSize, Activation.Tanh));
        Assert.That(
            () => new Trainer(lstm, SmallRuns.Task(1), Spec(Small), 1),
            Throws.ArgumentException.With.Message.Contains("'post'"));
    }

    [Test]
    public void A_task_that_carries_its_state_is_refused() => Assert.That(
        () => new TrainingRun(
            "", _ => CharacterTaskTests.Task(1, 3, 4),
            new SimpleSetup(Variant.Named("np-tanhRNN"), new WeightScales()), Spec(Small),
            SmallRuns.HiddenSize, 1),
        Throws.ArgumentException.With.Message.Contains("carries its state"));

    [Test]
    public void Settings_are_read_from_the_spec_that_they_write_and_misspelt_ones_refused()
    {
        foreach (HessianFree settings in new[]
        {
            Small, Small with { Structural = null },
            Small with { HasPreconditioner = true, Structural = new(.2, StructuralForm.Quarter) },
            Small with { DropsWorseStart = true, RatioOfAllGroups = true },
        })
        {
            JsonNode node = JsonNode.Parse(
                CanonicalJson.Write(Spec(settings).Describe()))!;
            TrainingSpec read = TrainingSpec.Read(new SettingsNode("training", node));
            Assert.That(read.Optimizer, Is.EqualTo(settings));
            node["hessianFree"]!["warmstart"] = 1;
            Assert.That(
                () => TrainingSpec.Read(new SettingsNode("training", node)),
                Throws.TypeOf<SettingsException>().With.Message.Contains("'warmStart', perhaps"));
        }
    }

    [Test]
    public void A_spec_that_follows_the_released_program_says_nothing_of_the_choice(
        [Values("worseStart", "ratioGroups")] string member)
    {
        // Recorded runs from before there was a choice keep their ids.
        JsonNode node = JsonNode.Parse(CanonicalJson.Write(Spec(Small).Describe()))!;
        Assert.That(node["hessianFree"]!.AsObject().ContainsKey(member), Is.False);
        node["hessianFree"]![member] = "droppet";
        Assert.That(
            () => TrainingSpec.Read(new SettingsNode("training", node)),
            Throws.TypeOf<SettingsException>().With.Message.Contains(
                member == "worseStart" ? "dropped" : "all"));
    }

    [Test]
    public void Where_damping_grows_fast_only_dropped_starts_let_the_model_foresee_a_fall()
    {
        // No step lowers the loss of one group of a single sequence for long: λ grows.
        static double[] Ratios(bool drops)
        {
            HessianFree settings = Small with
            {
                GradientBatches = 3,
                CurvatureBatches = 1,
                Iterations = 2,
                WarmStart = .99,
                DropsWorseStart = drops,
            };
            using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
            using Trainer trainer = new(
                network, SmallRuns.Task(5),
                Spec(settings, 60) with { BatchSize = 1, EvaluateEvery = 1 }, 5);
            while (trainer.Advance())
            {
            }
            return [.. trainer.Curves[TrainingCurves.ReductionRatio]];
        }

        Assert.That(Ratios(false), Has.Some.EqualTo(double.NegativeInfinity));
        Assert.That(Ratios(true), Has.None.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void One_gradient_alone_is_refused()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Repro.Engine.Training.Optimizers.ClippedStep<float> step =
            new(network, Small, new ClippingSpec());
        Assert.That(
            () => step.Step(1), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void The_reduction_ratio_divides_by_the_model_with_the_gradient_of_all_groups(
        [Values] bool ofAll)
    {
        HessianFree settings = new()
        {
            GradientBatches = 3,
            CurvatureBatches = 1,
            Iterations = 1,
            Damping = .5,
            RatioOfAllGroups = ofAll,
        };
        TrainingSpec spec = Spec(settings, 1) with { LossFactor = 1, EvaluateEvery = 1 };
        SequenceTask task = SmallRuns.Task(5);
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        float[] weights = network.Parameters.ToArray();
        int n = weights.Length;
        TrainingBatches<float>[] groups =
        [
            .. Enumerable.Range(0, 3).Select(_ => new TrainingBatches<float>(
                network.Spec, task, spec.BatchSize, 5, false)),
        ];
        double[] gradient = new double[n];
        double[] product = new double[n];
        using GaussNewton<float> curvature = new(network);
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i].Fill(i);
        }
        curvature.Start(groups[0].Batch);
        for (int i = 0; i < groups.Length; i++)
        {
            curvature.AddGradient(groups[i].Batch, i == 0, 1.0 / 3, gradient);
        }
        curvature.Multiply(gradient, 0, product);
        // One iteration from 0 goes along −g to where the damped model is least.
        double square = DoubleVectors.Dot(gradient, gradient);
        double length = square / (DoubleVectors.Dot(gradient, product) + (.5 * square));
        double foreseen = -.5 * length * square;
        double Loss() => groups.Take(ofAll ? 3 : 1).Average(g => network.Evaluate(g.Batch));
        double before = Loss();
        for (int i = 0; i < n; i++)
        {
            network.Parameters[i] = (float)(weights[i] - (length * gradient[i]));
        }
        double change = Loss() - before;
        weights.CopyTo(network.Parameters);

        using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
        trainer.Advance();

        Assert.That(
            trainer.Curves["reduction ratio"][^1],
            Is.EqualTo(change / foreseen).Within(1e-4 * Math.Abs(change / foreseen)));
    }

    [Test]
    public void As_damping_grows_the_ratio_of_all_groups_goes_to_two()
    {
        // p = −g/λ: the loss falls by g·g/λ where the model has half of it. On other sequences
        // than the gradient's it falls by their own g'·g/λ, whatever λ is.
        static double Ratio(bool ofAll)
        {
            HessianFree settings = Small with
            {
                GradientBatches = 6,
                CurvatureBatches = 1,
                Structural = null,
                Damping = 1e3,
                RatioOfAllGroups = ofAll,
            };
            using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
            using Trainer trainer = new(
                network, SmallRuns.Task(5), Spec(settings, 1) with { EvaluateEvery = 1 }, 5);
            trainer.Advance();
            return trainer.Curves[TrainingCurves.ReductionRatio][^1];
        }

        Assert.That(Ratio(true), Is.EqualTo(2).Within(.01));
        Assert.That(Ratio(false), Is.Not.EqualTo(2).Within(.1));
    }

    [Test]
    public void Addition_over_few_steps_is_learnt()
    {
        HessianFree settings = new()
        {
            GradientBatches = 4,
            Damping = .1,
            Iterations = 40,
            Structural = new(.03),
        };
        SequenceTask task = new PascanuPairTask(PairOperation.Addition, 10, 1);
        TrainingSpec spec = Spec(settings, 20) with { BatchSize = 60, LossFactor = 1 };
        using RecurrentNetwork<float> network = new(task.Network(10, Activation.Tanh));
        network.Initialize(
            new SparseSpectral(15, 1.1, SparseSide.Incoming), new WeightScales { Deviation = .1 },
            1);
        using Trainer trainer = new(network, task, spec, 1);
        while (trainer.Advance())
        {
        }
        // The constant ½ has 1/24 = .0417.
        Assert.That(trainer.Curves["training loss"][^1], Is.LessThan(1.0 / 48));
    }
}
