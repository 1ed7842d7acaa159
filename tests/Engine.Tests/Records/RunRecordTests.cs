using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Tests.Runs;

namespace Repro.Engine.Tests.Records;

public class RunRecordTests
{
    private static readonly RunResult Result = new(
        Outcomes.Diverged,
        new Dictionary<string, double> { ["loss"] = double.NaN, ["accuracy"] = 0.1 },
        new Dictionary<string, Curve> { ["loss"] = new([0, 10], [0.25, double.PositiveInfinity]) },
        new string('a', 64),
        10);

    [Test]
    public void A_record_has_this_file()
    {
        FakeRun run = new(seed: 3)
        {
            DataHashes = new Dictionary<string, string> { ["x.mat"] = "00ff" },
        };
        string id = CanonicalJson.Sha256Hex(Encoding.UTF8.GetBytes(
            """{"behaviour":{"cell.simple":1,"optimiser.sgd":3},"data":{"x.mat":"00ff"},"""
            + """ "spec":{"seed":3,"steps":40}}""".TrimStart()));
        string canonical =
            """{"behaviour":{"cell.simple":1,"optimiser.sgd":3},"""
            + """ "curves":{"loss":{"x":[0,10],"y":[0.25,"Infinity"]}},"data":{"x.mat":"00ff"},"""
                .TrimStart()
            + $"\"id\":\"{id}\","
            + """ "metrics":{"accuracy":0.1,"loss":"NaN"},"outcome":"diverged","schema":1,"""
                .TrimStart()
            + """ "spec":{"seed":3,"steps":40},"updates":10,""".TrimStart()
            + $"\"weights\":\"{new string('a', 64)}\"}}";
        string hash = CanonicalJson.Sha256Hex(Encoding.UTF8.GetBytes(canonical));
        Assert.That(
            Encoding.UTF8.GetString(RunRecord.Of(run, Result).FileBytes()),
            Is.EqualTo($"{{\"record\":{canonical},\"sha256\":\"{hash}\"}}\n"));
    }

    [Test]
    public void A_file_reads_back_to_the_same_bytes_whatever_its_last_line_end()
    {
        RunRecord record = RunRecord.Of(new FakeRun(1), Result);
        byte[] file = record.FileBytes();
        RunRecord back = RunRecord.Parse(file);
        Assert.That(back.FileBytes(), Is.EqualTo(file));
        Assert.That(back.Result.Metrics["loss"], Is.NaN);
        Assert.That(back.Result.Curves["loss"].Y, Is.EqualTo(new[] { 0.25, 1 / 0.0 }));
        Assert.That(RunRecord.Parse([.. file[..^1], 13, 10]).Id, Is.EqualTo(record.Id));
    }

    [Test]
    public void A_file_cut_off_anywhere_is_refused()
    {
        byte[] file = RunRecord.Of(new FakeRun(1), Result).FileBytes();
        for (int length = 0; length < file.Length - 1; length++)
        {
            byte[] torn = file[..length];
            Assert.That(() => RunRecord.Parse(torn), Throws.TypeOf<FormatException>(), $"{length}");
        }
    }

    [Test]
    public void A_file_with_any_bit_altered_is_refused()
    {
        byte[] file = RunRecord.Of(new FakeRun(1), Result).FileBytes();
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] altered = [.. file];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(
                () => RunRecord.Parse(altered), Throws.TypeOf<FormatException>(), $"bit {bit}");
        }
    }

    [Test]
    public void A_record_whose_content_was_edited_and_signed_anew_keeps_no_id()
    {
        JsonObject json = RunRecord.Of(new FakeRun(1), Result).ToJson();
        json["spec"]!["seed"] = 2;
        byte[] canonical = CanonicalJson.Bytes(json);
        string text = $"{{\"record\":{Encoding.UTF8.GetString(canonical)},\"sha256\":"
            + $"\"{CanonicalJson.Sha256Hex(canonical)}\"}}\n";
        Assert.That(
            () => RunRecord.Parse(Encoding.UTF8.GetBytes(text)),
            Throws.TypeOf<FormatException>().With.Message.Contains("its content has id"));
    }

    [Test]
    public void The_id_depends_on_spec_behaviour_and_data_and_not_on_label_or_cost()
    {
        FakeRun run = new(1);
        string id = RunId.Of(run);
        Assert.That(RunId.Of(new FakeRun(1) { EstimatedCost = 9 }), Is.EqualTo(id));
        Assert.That(RunId.Of(new FakeRun(2)), Is.Not.EqualTo(id));
        Assert.That(
            RunId.Of(new FakeRun(1)
            {
                Behaviour = new Dictionary<string, int>
                {
                    ["optimiser.sgd"] = 3,
                    ["cell.simple"] = 2,
                },
            }),
            Is.Not.EqualTo(id));
        Assert.That(
            RunId.Of(new FakeRun(1)
            {
                DataHashes = new Dictionary<string, string> { ["a"] = "b" },
            }),
            Is.Not.EqualTo(id));
    }

    [Test]
    public void An_unknown_outcome_is_refused_by_name()
    {
        Assert.That(
            () => RunRecord.Of(new FakeRun(1), Result with { Outcome = "fine" }),
            Throws.ArgumentException.With.Message.Contains("'fine'"));
    }

    [Test]
    public void An_absent_metric_is_answered_with_those_there_are()
    {
        RunRecord record = RunRecord.Of(new FakeRun(1), Result);
        Assert.That(record.Metric("accuracy"), Is.EqualTo(0.1));
        Assert.That(
            () => record.Metric("acuracy"),
            Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("accuracy, loss"));
    }

    [TestCase(2)]
    [TestCase(7)]
    [TestCase(99)]
    public void A_thinned_curve_keeps_its_ends_and_its_order(int most)
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        Curve thin = new Curve(x, [.. x.Select(v => -v)]).Thin(most);
        Assert.That(thin.X, Has.Length.EqualTo(most));
        Assert.That(thin.X, Is.Ordered.And.Unique);
        Assert.That((thin.X[0], thin.X[^1]), Is.EqualTo((0.0, 99.0)));
        Assert.That(thin.Y, Is.EqualTo(thin.X.Select(v => -v)));
    }
}
