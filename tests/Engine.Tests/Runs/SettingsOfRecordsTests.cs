using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Runs;

/// <summary>A recorded run's spec, read as settings, is that run again: one vocabulary, written
/// and read by the same parts.</summary>
public sealed class SettingsOfRecordsTests
{
    private static readonly TaskSources Sources =
        new(new DataStore(DataFolder.Resolve(null)));

    private static IEnumerable<RunRecord> Records() =>
        Directory.EnumerateDirectories(
                Path.Combine(Repository.Root, "paper-figures"), "runs",
                SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(folder => new RecordStore(folder).ReadAll())
            .Where(record => (string?)record.Spec["kind"] == "training");

    [Test]
    public void The_settings_of_every_recorded_run_without_data_make_the_same_id()
    {
        int count = 0;
        foreach (RunRecord record in Records().Where(record => record.Data.Count == 0))
        {
            Assert.That(IdOf(record), Is.EqualTo(record.Id));
            count++;
        }
        Assert.That(count, Is.GreaterThan(100));
    }

    [Test]
    public void The_settings_of_a_recorded_run_on_each_data_set_make_the_same_id()
    {
        if (Environment.GetEnvironmentVariable("REPRO_DATA") is null)
        {
            Assert.Ignore("REPRO_DATA names no data");
        }
        RunRecord[] one =
        [
            .. Records().Where(record => record.Data.Count > 0)
                .DistinctBy(record => record.Spec["task"]!["name"]!.ToString()
                    + record.Spec["task"]!["set"] + record.Spec["network"]!["cell"]),
        ];
        Assert.That(one, Has.Length.GreaterThan(3));
        foreach (RunRecord record in one)
        {
            Assert.That(IdOf(record), Is.EqualTo(record.Id));
        }
    }

    private static string IdOf(RunRecord record) => RunId.Of(TrainingRun.Read(
        "again", new SettingsNode("spec", record.Spec), Sources,
        record.Spec["seed"]!.GetValue<ulong>()));
}
