using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Records;
using Repro.Engine.Tests.Training;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Runs;

/// <summary>
/// Frozen ids and weights. They hold in Debug and Release and with every instruction set. A value
/// that changes voids recorded runs: raise the behaviour version of the component that changed,
/// and only then put the new value here.
/// </summary>
public sealed class TrainingGoldenTests
{
    // In the file's one line of canonical JSON; broken here where a reader may breathe.
    private static readonly string SgdSpec = """
        {"initializer":{"alpha":true,"alphaSize":"hidden","inputVarianceSize":"hidden",
        "readoutScale":"variance","recurrent":"np-RNN"},"kind":"training",
        "network":{"activation":"relu","cell":"simple","hidden":8},"seed":1,
        "task":{"marks":"Halves","name":"addition","steps":10,"test":25,"training":20,
        "validation":15},"training":{"batch":3,"clipping":"norm","evaluateEvery":17,
        "learningRate":0.01,"lossFactor":1,"optimizer":"sgd","schedule":[[50,0.5]],
        "testCurve":false,"threshold":0.5,"updates":100,"validation":7}}
        """.ReplaceLineEndings("");

    [Test]
    public void The_canonical_spec_of_a_run_stays()
    {
        TrainingRun run = SmallRuns.Run("np-RNN", SmallRuns.Sgd(), 1);
        Assert.That(CanonicalJson.Write(run.Spec), Is.EqualTo(SgdSpec));
    }

    [Test]
    public void The_behaviour_versions_a_run_depends_on_are_those_of_its_parts() =>
        Assert.That(
            SmallRuns.Run("np-RNN", SmallRuns.Sgd(), 1).Behaviour.Keys,
            Is.EquivalentTo(new[]
            {
                "cell.simple", "initializer.np-RNN", "kernels", "optimizer.sgd",
                "readout.linear", "task.addition", "training", "weight-scales",
            }));

    [TestCase("np-RNN", false,
        "64746cdaf05d51e13f81fc859cc9bb637fbf51a6fe42377babdebc261197a885")]
    [TestCase("np-tanhRNN", true,
        "1efa4ee060e2793f3eea26cd4d489bc514bd1529cbb2b10fbf7339675f8e0dbd")]
    public void The_id_of_a_run_stays(string variant, bool rmsProp, string id) =>
        Assert.That(RunId.Of(Run(variant, rmsProp)), Is.EqualTo(id));

    [TestCase("np-RNN", false,
        "05f1509f2be08e8246dd4722ed27ce936def3efb226702f875cb157ebe283d70")]
    [TestCase("np-tanhRNN", true,
        "f6212b4d7e19b6e971eb9ee70e3c0f8c009c2b9d32a2d964c08ea52fca1fbb89")]
    [TestCase("oRNN", false,
        "dcc477f938acec0a3465606c3505d92d502bd4044ee9f1f6a8355e05e6d018c2")]
    public void The_final_weights_of_a_run_stay(string variant, bool rmsProp, string hash)
    {
        using TemporaryFolder folder = new();
        TwoStores stores = new(folder["recorded"], folder["out"], Profile.Quick);
        PoolOutcome outcome = new Pool(stores).Execute([new("item", Run(variant, rmsProp))])[0];
        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Record!.Result.WeightsSha256, Is.EqualTo(hash));
    }

    private static TrainingRun Run(string variant, bool rmsProp) =>
        SmallRuns.Run(variant, rmsProp ? SmallRuns.RmsProp() : SmallRuns.Sgd(), 1);

    private static TrainingRun TemporalOrder() => new(
        "temporal order", seed => new TemporalOrderTask(new SequenceLength(10, 14), seed),
        new SimpleSetup(Variant.Named("smart tanh"), new WeightScales { Deviation = 0.01 }),
        new TrainingSpec
        {
            BatchSize = 4,
            Updates = 60,
            LearningRate = 0.05,
            Clipping = new(ClippingKind.Norm, 1),
            Rules =
            [
                new RegularizerSchedule { Alpha = 4 }, new GradientGuard(),
                new SuccessRule(0, 40, 30),
            ],
            TestSequences = 40,
        }, 20, 1);

    private static TrainingRun Lstm() => new(
        "LSTM", SmallRuns.Task, new LstmInitializer(),
        (SmallRuns.RmsProp(40) with { LossFactor = 1 }).With(new DropoutRule(0.3)), 9, 1);

    [Test]
    public void Ids_and_weights_of_the_other_papers_run_stay() => AssertPinned(
        TemporalOrder(),
        "8127aa7556e00cae4526bfaeb2126cab0961203bf9b30a1ef6f620f41588c25a",
        "ba77daad99de335a5e2187673315dff964ecae5f8ea20fcffc91e1b1833b5578");

    [Test]
    public void Ids_and_weights_of_an_LSTM_with_dropout_stay() => AssertPinned(
        Lstm(),
        "82e703d8d7944a38b24a1a7c821c20b7798ed394a0131b40c385f7d81a01e7d2",
        "7097aca281a21b8cd48f1580eab8ccced1ea6d597ecf1a0f128facd1a369a478");

    [TestCase(GruReset.Before,
        "1774d5c3e000daaa68560c2f18856e10095073de53ca606b6b993324524ef15d",
        "3f1cd1b81b088dabcc0520fb4c2f7678fc02483e656b8337a9c202c3601e9ae2")]
    [TestCase(GruReset.After,
        "06ab55c4eabac167be86bbe38df4ec8f938c2bf903e0151b5ff7ffc2596d087c",
        "27ce1c8baa410a78a6c62724ef7a9b483e22e85d44af5cee76f898c6c00313b2")]
    public void Ids_and_weights_of_a_GRU_stay(GruReset reset, string id, string weights) =>
        AssertPinned(
            new TrainingRun(
                "GRU", SmallRuns.Task, new GruInitializer { Reset = reset },
                SmallRuns.RmsProp(40), 9, 1),
            id, weights);

    [TestCase(new[] { 1, 2, 4 },
        "c4b81396872a14367df4a99947c26338c679746837dd4be5948d8a4447d33917",
        "30927fb3568131ac71f4139deee5c26c970aa63579c7bdba3bdf0b99e00236c7")]
    [TestCase(new[] { 1, 3, 7, 7 },
        "52857fcf7c5a20909fbcb765a8a8cfd4eb4e74a41042ce99b9e33786656ad765",
        "5d192c6e6e6850e1c04875fcf84eb5f4377d5d2280fae0dab454d0f7a53d1139")]
    public void Ids_and_weights_of_a_clockwork_network_stay(
        int[] periods, string id, string weights) => AssertPinned(
            new TrainingRun(
                "clockwork", SmallRuns.Task,
                new ClockworkSetup(new Clockwork(periods)) { Deviation = 0.1 },
                SmallRuns.RmsProp(40), 9, 1),
            id, weights);

    private static void AssertPinned(TrainingRun run, string id, string weights)
    {
        using TemporaryFolder folder = new();
        TwoStores stores = new(folder["recorded"], folder["out"], Profile.Quick);
        PoolOutcome outcome = new Pool(stores).Execute([new("item", run)])[0];
        Assert.That(outcome.Error, Is.Null);
        Assert.That(
            (outcome.Id, outcome.Record!.Result.WeightsSha256), Is.EqualTo((id, weights)));
    }
}
