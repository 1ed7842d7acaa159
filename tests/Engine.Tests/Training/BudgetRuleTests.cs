using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>Budgets of sequences and operations, whatever an update costs.</summary>
public sealed class BudgetRuleTests
{
    // H = 8, I = 2, O = 1, T = 10: the products of a sequence's gradient by hand.
    private const double Forward = 2 * ((10 * 8 * (3 + 8)) + 9);
    private const double Backward = 2 * ((10 * 8 * (3 + 16)) + 17);

    private static readonly HessianFree HessianFree = new()
    {
        GradientBatches = 4,
        CurvatureBatches = 2,
        Iterations = 3,
        Progress = 1e-12,
        WarmStart = 0,
    };

    private static TrainingSpec Spec(BudgetRule budget, Optimizer optimizer) =>
        (SmallRuns.Sgd(1_000) with
        {
            BatchSize = 5,
            Optimizer = optimizer,
            Clipping = new(),
            LearningRate = 1e-3,
        }).With(budget);

    private static (long Updates, SortedDictionary<string, double> Scores) Trained(
        TrainingSpec spec)
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
        while (trainer.Advance())
        {
        }
        Assert.That(trainer.Ended, Is.Null, "the end of a budget is no outcome of its own");
        return (trainer.Updates, trainer.Finish());
    }

    [TestCase(100, 20)]
    [TestCase(101, 21)]
    [TestCase(1, 1)]
    public void A_gradient_run_ends_with_the_update_that_reaches_its_sequences(
        long sequences, long updates)
    {
        (long made, SortedDictionary<string, double> scores) =
            Trained(Spec(new(sequences, null), new Sgd()));
        Assert.That(made, Is.EqualTo(updates));
        Assert.That(scores["sequences"], Is.EqualTo(5 * updates));
        Assert.That(scores["operations"], Is.EqualTo(5 * updates * (Forward + Backward)));
    }

    [Test]
    public void The_share_done_is_that_of_the_budget_where_it_will_end_the_run()
    {
        foreach (Optimizer optimizer in new Optimizer[] { new Sgd(), HessianFree })
        {
            foreach (BudgetRule budget in new BudgetRule[]
            {
                new(400, null), new(null, 400 * (Forward + Backward)),
            })
            {
                using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
                using Trainer trainer =
                    new(network, SmallRuns.Task(5), Spec(budget, optimizer), 5);
                double last = trainer.Share;
                Assert.That(last, Is.Zero);
                while (trainer.Advance())
                {
                    Assert.That(trainer.Share, Is.GreaterThanOrEqualTo(last).And.AtMost(1));
                    last = trainer.Share;
                }
                Assert.That(trainer.Share, Is.EqualTo(1), $"{optimizer.Name} {budget}");
            }
        }
    }

    [TestCase(100, 20)]
    [TestCase(100.1, 21)]
    public void A_gradient_run_ends_with_the_update_that_reaches_its_operations(
        double sequences, long updates)
    {
        double operations = sequences * (Forward + Backward);
        Assert.That(
            Trained(Spec(new(null, operations), new Sgd())).Updates, Is.EqualTo(updates));
    }

    [Test]
    public void The_first_limit_reached_ends_a_run()
    {
        double each = Forward + Backward;
        Assert.That(Trained(Spec(new(50, 100 * each), new Sgd())).Updates, Is.EqualTo(10));
        Assert.That(Trained(Spec(new(100, 50 * each), new Sgd())).Updates, Is.EqualTo(10));
    }

    [Test]
    public void Products_of_a_Hessian_free_update_count_like_gradients()
    {
        // 4 groups of 5 for the gradient, and 3 products of 2 groups: 50 sequences an update.
        (long made, SortedDictionary<string, double> scores) =
            Trained(Spec(new(120, null), HessianFree));
        Assert.That(made, Is.EqualTo(3));
        Assert.That(scores["sequences"], Is.EqualTo(150));
        Assert.That(
            scores["operations"],
            Is.EqualTo((60 * (Forward + Backward)) + (90 * 2 * Backward)
                + (scores["trial sequences"] * Forward)));
        // Sweeps that only compare losses are operations too, so that fewer would do.
        double two = (40 * (Forward + Backward)) + (60 * 2 * Backward);
        Assert.That(Trained(Spec(new(null, two), HessianFree)).Updates, Is.EqualTo(2));
    }

    [Test]
    public void A_run_killed_between_two_updates_spends_what_an_uninterrupted_one_does()
    {
        TrainingSpec spec = Spec(new(117, null), new Sgd());
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer first = new(network, SmallRuns.Task(5), spec, 5);
        for (int i = 0; i < 7; i++)
        {
            first.Advance();
        }
        using RecurrentNetwork<float> other = SmallRuns.Network("np-tanhRNN", 6);
        using Trainer second = new(other, SmallRuns.Task(5), spec, 5);
        second.Restore(first.Save());
        while (second.Advance())
        {
        }
        Assert.That(second.Updates, Is.EqualTo(24));
        Assert.That(second.Finish()["sequences"], Is.EqualTo(120));
    }

    [Test]
    public void A_run_without_a_budget_counts_nothing_new()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(2), 5);
        while (trainer.Advance())
        {
        }
        Assert.That(trainer.Finish().Keys, Has.None.EqualTo("operations"));
    }

    [Test]
    public void The_cost_of_a_clockwork_leaves_out_what_rests()
    {
        // Two modules of 2 units, periods 1 and 2, over 3 steps: 3·2·4 + 2·2·2 recurrent
        // products and (3·2 + 2·2)·(2 + 1) of inputs and biases; one output reads 4 units.
        NetworkSpec spec = new(2, 4, 1, Activation.Tanh);
        using ClockworkNetwork<float> network = new(spec, new Clockwork([1, 2]));
        SweepCost cost = network.CostOf(3, isOneHot: false);
        Assert.That(cost.Forward, Is.EqualTo(2 * (32 + 30 + 5)));
        Assert.That(cost.Backward, Is.EqualTo(2 * (64 + 30 + 9)));
        Assert.That(cost.Tangent, Is.EqualTo(cost.Backward));

        // One module that always works is a simple network.
        using ClockworkNetwork<float> always = new(spec, new Clockwork([1]));
        Assert.That(always.CostOf(3, false), Is.EqualTo(SweepCost.Of(spec, 4, 3, false)));
    }

    [TestCase(null, null, "limits nothing")]
    [TestCase(0L, null, "0 sequences")]
    [TestCase(null, 0.0, "0 operations")]
    [TestCase(null, double.NaN, "NaN operations")]
    [TestCase(5L, double.PositiveInfinity, "operations; a finite number")]
    public void Budgets_out_of_range_are_refused(
        long? sequences, double? operations, string words) => Assert.That(
        () => Spec(new(sequences, operations), new Sgd()).Validate(),
        Throws.ArgumentException.With.Message.Contains(words));

    [Test]
    public void A_budget_is_read_from_the_settings_that_it_writes()
    {
        foreach (BudgetRule budget in new BudgetRule[] { new(5, null), new(null, 2e9), new(7, 3) })
        {
            System.Text.Json.Nodes.JsonNode node = System.Text.Json.Nodes.JsonNode.Parse(
                CanonicalJson.Write(Spec(budget, new Sgd()).Describe()))!;
            Assert.That(
                TrainingSpec.Read(new SettingsNode("training", node)).Rule<BudgetRule>(),
                Is.EqualTo(budget));
        }
    }

    [Test]
    public void A_product_of_a_Hessian_free_update_is_estimated_as_four_thirds_of_a_gradient()
    {
        // A gradient sweeps forward once and backward, twice the work; a product sweeps twice with
        // backward's work. 4 groups and 3 products of 2 groups: 4 + 4/3·6 = 12 gradients of 5.
        double Cost(TrainingSpec spec) =>
            SmallRuns.Run("np-tanhRNN", spec, 1).EstimatedCost;
        BudgetRule unlimited = new(long.MaxValue, null);
        double gradients = Cost(Spec(unlimited, new Sgd()) with { BatchSize = 12 * 5 });
        Assert.That(
            Cost(Spec(unlimited, HessianFree)), Is.EqualTo(gradients).Within(1e-12).Percent);
    }

    [Test]
    public void A_budget_bounds_the_estimated_cost()
    {
        double Cost(TrainingSpec spec) =>
            SmallRuns.Run("np-tanhRNN", spec, 1).EstimatedCost;
        TrainingSpec free = SmallRuns.Sgd(1_000);
        Assert.That(
            Cost(free.With(new BudgetRule(10L * free.BatchSize, null))),
            Is.LessThan(Cost(free) / 10));
        Assert.That(
            Cost(free.With(new BudgetRule(long.MaxValue, null))), Is.EqualTo(Cost(free)));
    }
}
