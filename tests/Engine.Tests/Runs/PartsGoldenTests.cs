using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Records;
using Repro.Engine.Tests.Tasks;
using Repro.Engine.Tests.Training;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Runs;

/// <summary>Frozen ids and weights of short runs with one part each that the first recorded runs
/// did not have; see <see cref="TrainingGoldenTests"/>.</summary>
public sealed class PartsGoldenTests
{
    private static readonly TaskSources Sources =
        new(new DataStore(DataFolder.Resolve(null)));

    private static IEnumerable<TestCaseData> Runs()
    {
        static TestCaseData Case(
            TrainingRun run, string part, string id, string weights, int version = 1) =>
            new TestCaseData(run, part, version, id, weights).SetArgDisplayNames(part);
        static TrainingRun Trained(TrainingSpec spec) => SmallRuns.Run("np-tanhRNN", spec, 1);
        TrainingSpec sgd = SmallRuns.Sgd(40);
        TrainingRun Of(Func<ulong, SequenceTask> task) =>
            SmallRuns.Run("np-tanhRNN", sgd, 1, task);
        yield return Case(
            Trained(sgd with { Optimizer = new Momentum() }), "optimizer.momentum",
            "855c93fb54e05893eccfaf52e6f466ff354dd815f0c9bbcd23be72f4a0377ecf",
            "5f35567e0af685a4466a09c15dd9ddd0a0adfc9561d514efad43e840ffbaad2d");
        yield return Case(
            Trained(sgd with { Optimizer = new Momentum(.95, true) }), "optimizer.momentum",
            "bb9f0aee5c3a04324ceacbe0d8879a0b37f715856e30e023b147e2c2708e9bba",
            "e038c3d196288d472235efc42bf83d246ca27f48757b6eebf8ce4b506ff4e7c4");
        yield return Case(
            Trained(sgd with { Clipping = new(ClippingKind.Message, .02) }), "clipping.message",
            "49c17a7b7563d0cf9c08bd28275b742ea37eea156e87517b56e8548c148b13f4",
            "a00d0d86af368c6fccb44a62d50ac84aca4fb130dd893a11b4adce131ff48c45");
        yield return Case(
            Trained(sgd with { Optimizer = new Adam() }), "optimizer.adam",
            "2e01ac069e83e3d81b04ea8a4578b7697761041a55bcfb622af268b8306c4381",
            "1e36d5c8512bd64455d5d0609df5c4b3221a23b966b9516c60bad93af3c3b036");
        TrainingSpec free = sgd with
        {
            BatchSize = 5,
            Updates = 5,
            LearningRate = 1,
            Schedule = Schedule.Constant,
            Clipping = new(),
            EvaluateEvery = 2,
        };
        HessianFree damped = new()
        {
            GradientBatches = 4,
            Iterations = 12,
            Structural = new(.1),
        };
        yield return Case(
            Trained(free with { Optimizer = damped }), "optimizer.hessian-free",
            "2497fbbd05d9c66a5dc64c1cef9df55401e175a8ab725159eefd31185fc882ef",
            "1e430bf1d7c04fce691f7c355040d4f87feaefd378b6f1c355f4fad7da7b5b92", 2);
        yield return Case(
            Trained(free with
            {
                Optimizer = damped with
                {
                    Structural = new(.1, StructuralForm.Quarter),
                    HasPreconditioner = true,
                },
            }), "optimizer.hessian-free",
            "9eb871fb2029237c217da33e6379f100881fbb18c44ce7c47459d2a991d8c274",
            "aa29aa52b4f83f0a65f66aa5583086013df9c0737c9459fb928b99ed1ecc4fe6", 2);
        yield return Case(
            new TrainingRun(
                "lstm", SmallRuns.Task, new LstmInitializer(),
                free with
                {
                    Optimizer = damped with { Structural = new(.1, StructuralForm.Post) },
                }, SmallRuns.HiddenSize, 1), "optimizer.hessian-free",
            "be93df67f45443cf3b839ad787b03cfb0cd7edd6046b9a456b8f9fd9df47fb77",
            "a1d5b4840b563ebae51c1b1a4eaced0941f490823192727ceb8cbc25b61adb24", 2);
        yield return Case(
            Of(seed => new MarkedPairTask(
                PairTarget.Sum, 10, seed, MarkPlacement.Halves, 20, 15, 25,
                PairSchedule.Repeated)), "pair-targets",
            "ad63c16e1cb15dd19b9483fbe1742be107a4e5d99f10e350a8d271e7b9e5a9ff",
            "06c3af60bde8c540cc19ac07095dc731bf091c681299b8517aa3a9a51faa9ee7");
        yield return Case(
            Of(seed => new MarkedPairTask(
                PairTarget.Product, 10, seed, MarkPlacement.Halves, 20, 15, 25,
                PairSchedule.Running)), "pair-targets",
            "7edd2060245897c2e9c6f5292419b2475a4b7551c66fc39e9b2fed4ad8fbab82",
            "4bc5be29422e5fd23191edfebf3fc9abdd09f5ad296191b9d3f0b09b766cb89b");
        yield return Case(
            Trained(sgd.With(new ReplacementRule())), "replacement",
            "c6e4e4dff354b59b0681f4cc70e21aa782b1e1b5b85b799d0a548d1eeab99394",
            "7baaa8b52f925b5c2c52d91d3f2c6ca314e0298b6e084de18fbca2b23a6ab3e2");
        yield return Case(
            Trained(sgd.With(new BudgetRule(100, null))), "budget",
            "5956eda10e52aaa4406c54ab3fd650bfcb59715fa733e4a9af67574eb87a09c6",
            "fccec53d87febbae169266b00f8d9504c0afac6babe11c54af98f39c45c46509");
        yield return Case(
            Trained(sgd with { Schedule = Schedule.Linear }), "schedule.linear",
            "e69a8d9a13fec142004a635d7661efd47ba9956e801660b32a85076a6d061904",
            "02bf382d6db613840761cb6010406be4b1217d7b291eb1adc76ef77f6793d1bb");
        yield return Case(
            new TrainingRun(
                "orthogonal", SmallRuns.Task,
                new SimpleSetup(
                    new ScaledOrthogonal(1.1), Activation.Relu, new WeightScales()),
                sgd, SmallRuns.HiddenSize, 1), "initializer.orthogonal-1.1",
            "d69ff4fe51f01d3df0d403443611da3378094d2cd7b8a55c1a57e70e8eef9940",
            "b9580ee525c4593a173362ba6a73d2bf48085553195642f151580d2d0c07332a");
        yield return Case(
            new TrainingRun(
                "input deviation", SmallRuns.Task,
                new SimpleSetup(
                    Variant.Named("np-RNN"), new WeightScales { OwnInputDeviation = .001 }),
                sgd, SmallRuns.HiddenSize, 1), "input-deviation",
            "5361550231f92899a2557547ad1fcfa395e858e5e737e54a061a868a4dbfe57e",
            "a7247fdea29da605b96ccb227e26899781eab025af2f2de7483192aa5fbb253c");
    }

    [Test]
    public void Ids_and_weights_of_a_run_on_pixels_as_bytes_stay()
    {
        TrainingRun run = SmallRuns.Run(
            "np-tanhRNN", SmallRuns.Sgd(20) with { TestSequences = 3, ValidationSequences = 0 },
            1, _ => new SequentialMnist(
                SequentialMnistTests.Training, SequentialMnistTests.Test, 1, null, 4,
                PixelScale.Bytes));
        Assert.That(run.Behaviour.GetValueOrDefault("pixel-scale"), Is.EqualTo(1));
        Assert.That(Made(run), Is.EqualTo((
            "75485edabf83a01ffbe172571d246323dc44442c53042118618313540ebb21b6",
            "32642285d5216e29c4e47b1e70f0261c54743edcf518912a34adc079776317f6")));
    }

    [TestCaseSource(nameof(Runs))]
    public void Ids_and_weights_stay_and_the_part_states_its_version(
        TrainingRun run, string part, int version, string id, string weights)
    {
        Assert.That(run.Behaviour.GetValueOrDefault(part), Is.EqualTo(version));
        TrainingRun read = TrainingRun.Read(
            "again", new SettingsNode("spec", JsonNode.Parse(CanonicalJson.Write(run.Spec))),
            Sources, 1);
        Assert.That(RunId.Of(read), Is.EqualTo(RunId.Of(run)), "read from its own spec");
        Assert.That(Made(run), Is.EqualTo((id, weights)));
    }

    private static (string Id, string Weights) Made(TrainingRun run)
    {
        using TemporaryFolder folder = new();
        TwoStores stores = new(folder["recorded"], folder["out"], Profile.Quick);
        PoolOutcome outcome = new Pool(stores).Execute([new("item", run)])[0];
        Assert.That(outcome.Error, Is.Null);
        return (outcome.Id, outcome.Record!.Result.WeightsSha256);
    }
}
