using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

public sealed class TrainingSpecTests
{
    private static readonly TrainingSpec Good = SmallRuns.Sgd();

    private static IEnumerable<TestCaseData> Bad()
    {
        yield return Case(Good with { BatchSize = 0 }, "batch size is 0");
        yield return Case(Good with { BatchSize = -4 }, "batch size is -4");
        yield return Case(Good with { Updates = -1 }, "number of updates is -1");
        foreach (double rate in new[] { double.NaN, double.PositiveInfinity, 0, -0.1 })
        {
            yield return Case(Good with { LearningRate = rate }, $"learning rate is {rate}");
        }
        yield return Case(Good with { EvaluateEvery = 0 }, "evaluation every 0 updates");
        yield return Case(Good with { LossFactor = 0 }, "loss factor is 0");
        yield return Case(Good with { LossFactor = double.NaN }, "loss factor is NaN");
        yield return Case(Clip(ClippingKind.Norm, double.NaN), "clipping threshold is NaN");
        yield return Case(Clip(ClippingKind.Norm, 0), "clipping threshold is 0");
        yield return Case(Clip(ClippingKind.Elementwise, -1), "clipping threshold is -1");
        yield return Case(Clip(ClippingKind.Message, 0), "clipping threshold is 0");
        yield return Case(
            Clip(ClippingKind.Message, 1).With(new RegularizerSchedule { Alpha = 1 }),
            "messages are clipped and Ω is asked for");
        yield return Case(Step(new RmsProp(1)), "RMSprop's decay is 1");
        yield return Case(Step(new RmsProp(double.NaN)), "RMSprop's decay is NaN");
        yield return Case(Step(new RmsProp(0.9, 0)), "RMSprop's epsilon is 0");
        foreach (double share in new[] { -.1, 1, double.NaN })
        {
            yield return Case(Step(new Momentum(share)), $"momentum is {share}");
            yield return Case(Step(new Adam(share)), $"Adam's β₁ is {share}");
            yield return Case(Step(new Adam(.9, share)), $"its β₂ {share}");
        }
        yield return Case(Step(new Adam(.9, .999, 0)), "Adam's epsilon is 0");
        yield return Case(Good with { ValidationSequences = -2 }, "-2 validation sequences");
        yield return Case(Steps(new ScheduleStep(-1, 0.5)), "step at update -1");
        yield return Case(
            Steps(new(10, 0.5), new(10, 0.1)), "step at update 10 is not after 10");
        yield return Case(
            Good with { Schedule = Schedule.Linear with { Steps = [new(1, .5)] } },
            "the schedule is linear and has 1 steps");
        yield return Case(
            Good.With(new RegularizerSchedule { Alpha = 1, Steps = Schedule.Linear }),
            "α's schedule is linear");
        yield return Case(Steps(new ScheduleStep(10, 0)), "schedule's factor is 0");
        yield return Case(Steps(new ScheduleStep(10, double.NaN)), "schedule's factor is NaN");
    }

    [TestCaseSource(nameof(Bad))]
    public void A_setting_out_of_range_is_named_with_its_value_and_what_is_needed(
        TrainingSpec spec, string message) =>
        Assert.That(spec.Validate, Throws.ArgumentException.With.Message.Contains(message));

    [Test]
    public void A_run_and_a_trainer_refuse_a_bad_setting_before_any_work()
    {
        TrainingSpec bad = Good with { LearningRate = double.NaN };
        Assert.That(
            () => SmallRuns.Run("IRNN", bad, 1),
            Throws.ArgumentException.With.Message.Contains("learning rate is NaN"));
        using var network = SmallRuns.Network("IRNN", 1);
        Assert.That(
            () => new Trainer(network, SmallRuns.Task(1), bad, 1),
            Throws.ArgumentException.With.Message.Contains("learning rate is NaN"));
    }

    [Test]
    public void The_edges_of_the_ranges_are_allowed() =>
        Assert.That(
            (Good with
            {
                BatchSize = 1,
                Updates = 0,
                EvaluateEvery = 1,
                Optimizer = new RmsProp(0),
                Schedule = [new(0, 1)],
            }).Validate,
            Throws.Nothing);

    private static IEnumerable<TrainingSpec> Readable() =>
    [
        Good,
        Step(new RmsProp(.95, 1e-6)),
        Step(new Momentum(.8)),
        Step(new Momentum(.95, true)),
        Step(new Adam(.8, .99, 1e-6)),
        Clip(ClippingKind.Message, 10),
        Good with { Schedule = Schedule.Linear },
        Good with { Schedule = Schedule.Constant },
        Good.With(new ReplacementRule()),
    ];

    [TestCaseSource(nameof(Readable))]
    public void What_a_spec_writes_is_read_as_the_same_spec(TrainingSpec spec)
    {
        string written = CanonicalJson.Write(spec.Describe());
        TrainingSpec read = Read(written);
        Assert.That(CanonicalJson.Write(read.Describe()), Is.EqualTo(written));
        Assert.That(
            (read.Optimizer, read.Clipping, read.Schedule),
            Is.EqualTo((spec.Optimizer, spec.Clipping, spec.Schedule)));
    }

    [Test]
    public void A_constant_of_another_optimiser_is_refused_by_name() =>
        Assert.That(
            () => Read("""{ "optimizer": "sgd", "batch": 3, "beta1": 0.9 }"""),
            Throws.TypeOf<SettingsException>().With.Message.Contains("'beta1'"));

    [Test]
    public void A_task_without_a_fixed_set_is_refused_where_sequences_are_drawn_from_it() =>
        Assert.That(
            () => SmallRuns.Run(
                "IRNN", Good.With(new ReplacementRule()), 1,
                seed => new MarkedPairTask(PairTarget.Sum, 10, seed, trainingCount: null)),
            Throws.ArgumentException.With.Message.Contains("'addition'")
                .And.Message.Contains("never end"));

    [Test]
    public void A_schedule_in_an_unknown_word_is_refused_and_the_known_one_is_named() =>
        Assert.That(
            () => Schedule.Read(new SettingsNode("schedule", "linaer")),
            Throws.TypeOf<SettingsException>().With.Message.Contains("'linear', perhaps"));

    private static TrainingSpec Read(string json) =>
        TrainingSpec.Read(new SettingsNode("training", JsonNode.Parse(json)));

    private static TrainingSpec Clip(ClippingKind kind, double threshold) =>
        Good with { Clipping = new(kind, threshold) };

    private static TrainingSpec Step(Optimizer optimizer) =>
        Good with { Optimizer = optimizer };

    private static TrainingSpec Steps(params ScheduleStep[] steps) =>
        Good with { Schedule = Schedule.Of(steps) };

    private static TestCaseData Case(TrainingSpec spec, string message) =>
        new TestCaseData(spec, message).SetArgDisplayNames(message);
}
