using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>
/// The frozen form of a record. Recorded runs are committed by the thousand: a change of the form
/// needs a new schema number, and the reader must still read this file.
/// </summary>
public sealed class RecordSchemaTests
{
    private static string Fixture => Path.Combine(
        TestContext.CurrentContext.TestDirectory, "Fixtures", "record-schema-1.json");

    [Test]
    public void A_record_of_schema_1_is_read_and_written_back_byte_for_byte()
    {
        byte[] bytes = File.ReadAllBytes(Fixture);
        RunRecord record = RunRecord.Parse(bytes);
        Assert.That(RunRecord.Schema, Is.EqualTo(1));
        Assert.That(record.FileBytes(), Is.EqualTo(bytes));
    }

    [Test]
    public void A_record_of_schema_1_holds_spec_versions_outcome_metrics_curves_and_weights()
    {
        RunRecord record = RunRecord.Parse(File.ReadAllBytes(Fixture));
        Assert.That(record.Id, Does.StartWith("0022a668cdf6d42e"));
        Assert.That(record.Spec["kind"]!.GetValue<string>(), Is.EqualTo("training"));
        Assert.That(record.Behaviour["kernels"], Is.EqualTo(1));
        Assert.That(record.Result.Outcome, Is.EqualTo(Outcomes.Completed));
        Assert.That(record.Result.Updates, Is.EqualTo(100));
        Assert.That(record.Result.Metrics.Keys, Does.Contain("test correct"));
        Assert.That(record.Result.Curves["training loss"].Y[0], Is.EqualTo(1.0478));
        Assert.That(record.Result.WeightsSha256, Has.Length.EqualTo(64));
    }
}
