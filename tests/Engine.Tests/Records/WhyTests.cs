using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tests.Runs;

namespace Repro.Engine.Tests.Records;

public class WhyTests
{
    private static readonly Dictionary<string, string> OldData = new() { ["x.mat"] = "aa" };
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_spec_that_was_never_run_is_not_recorded()
    {
        Record(new FakeRun(1));
        Assert.That(Explain(new FakeRun(2)), Does.Contain("nor is any run with the same spec"));
    }

    [Test]
    public void A_raised_behaviour_version_is_named_with_both_versions()
    {
        Record(new FakeRun(1));
        FakeRun raised = new(1)
        {
            Behaviour = new Dictionary<string, int>
            {
                ["cell.simple"] = 2,
                ["optimiser.sgd"] = 3,
            },
        };
        Assert.That(Explain(raised), Is.EqualTo(
            "run again: component cell.simple is now version 2, recorded with 1"));
    }

    [Test]
    public void Other_data_and_other_components_are_named()
    {
        Record(new FakeRun(1) { DataHashes = OldData });
        FakeRun now = new(1)
        {
            Behaviour = new Dictionary<string, int> { ["cell.simple"] = 1, ["task.new"] = 5 },
            DataHashes = new Dictionary<string, string> { ["x.mat"] = "bb" },
        };
        Assert.That(Explain(now), Is.EqualTo(
            "run again: component optimiser.sgd is no longer used, recorded with 3; "
            + "component task.new (version 5) is new, recorded without it; "
            + "data file x.mat is now bb, recorded with aa"));
    }

    [Test]
    public void The_nearest_of_several_records_is_named()
    {
        Record(new FakeRun(1) { DataHashes = OldData, Behaviour = Versions(7) });
        Record(new FakeRun(1) { Behaviour = Versions(8) });
        Assert.That(Explain(new FakeRun(1) { Behaviour = Versions(9) }), Is.EqualTo(
            "run again: component cell.simple is now version 9, recorded with 8"));
    }

    [Test]
    public void A_damaged_record_is_named_with_what_is_wrong()
    {
        string path = Record(new FakeRun(1));
        File.WriteAllText(path, "{}");
        Assert.That(
            Explain(new FakeRun(1)), Does.Contain(path).And.Contain("is damaged: it is 2 bytes"));
    }

    [Test]
    public void A_recorded_run_is_not_made_again_for_the_paper_and_is_for_quick()
    {
        string path = Record(new FakeRun(1));
        Assert.That(
            Explain(new FakeRun(1), Profile.Paper),
            Does.StartWith("not run again").And.Contain(path));
        Assert.That(
            Explain(new FakeRun(1), Profile.Quick), Does.StartWith("run again").And.Contain(path));
    }

    [Test]
    public void One_store_alone_explains_as_well()
    {
        Record(new FakeRun(1));
        Why why = new(new RecordStore(folder["recording"]));
        Assert.That(why.Explain(new FakeRun(1)), Does.StartWith("not run again"));
        Assert.That(
            why.Explain(new FakeRun(1) { Behaviour = Versions(4) }),
            Does.Contain("is now version 4"));
    }

    [Test]
    public void The_records_are_read_once_however_many_runs_are_asked_for()
    {
        string path = Record(new FakeRun(1));
        Why why = new(new TwoStores(folder["recorded"], folder["local"], Profile.Paper));
        why.Explain(new FakeRun(2));
        File.Delete(path);
        Assert.That(
            why.Explain(new FakeRun(1) { Behaviour = Versions(4) }),
            Does.Contain("is now version 4"));
    }

    private static Dictionary<string, int> Versions(int cell) =>
        new() { ["cell.simple"] = cell, ["optimiser.sgd"] = 3 };

    private string Explain(FakeRun run, Profile profile = Profile.Paper) =>
        new Why(new TwoStores(folder["recorded"], folder["local"], profile)).Explain(run);

    private string Record(FakeRun run)
    {
        TwoStores stores = new(
            folder["recorded"], folder["recording"], Profile.Quick, mayRecord: true);
        string id = new Pool(stores).Execute([new("item", run)])[0].Id;
        stores.Record("item", id);
        return stores.RecordedOf("item").RecordPath(id);
    }
}
