using System.Security.Cryptography;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>The commands at the profile smoke: what they write, find again and mend.</summary>
public sealed class RunTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_second_run_trains_nothing_and_an_altered_record_is_named_and_made_again()
    {
        Ended first = Smoke("out");
        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        Assert.That(first.Output, Does.Contain("finished ").And.Not.Contain("already here"));
        string values = Path.Combine(folder, "out", "talathi-fig3", "values.csv");
        byte[] written = File.ReadAllBytes(values);
        string[] records = Records("out");
        Dictionary<string, string> before = HashesOf(records);

        Ended second = Smoke("out");
        Assert.That(second.ExitCode, Is.Zero, second.ToString());
        Assert.That(second.Output, Does.Contain("already here").And.Not.Contain("finished "));
        Assert.That(File.ReadAllBytes(values), Is.EqualTo(written));

        string altered = records[records.Length / 2];
        byte[] bytes = File.ReadAllBytes(altered);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(altered, bytes);
        Ended third = Smoke("out");
        Assert.That(third.ExitCode, Is.Zero, third.ToString());
        Assert.That(third.Errors, Does.Contain(altered).And.Contain("is damaged"));
        Assert.That(HashesOf(Records("out")), Is.EqualTo(before));
        Assert.That(File.ReadAllBytes(values), Is.EqualTo(written));
    }

    [Test]
    public void One_worker_and_two_write_the_same_records_and_values()
    {
        Ended one = Smoke("one", "--workers", "1");
        Ended two = Smoke("two", "--workers", "2");
        Assert.That((one.ExitCode, two.ExitCode), Is.EqualTo((0, 0)), $"{one}\n{two}");
        Assert.That(
            HashesOf(Records("two")).Values, Is.EqualTo(HashesOf(Records("one")).Values));
        Assert.That(
            File.ReadAllBytes(Path.Combine(folder, "two", "talathi-fig3", "values.csv")),
            Is.EqualTo(
                File.ReadAllBytes(Path.Combine(folder, "one", "talathi-fig3", "values.csv"))));
    }

    [Test]
    public void What_is_recorded_is_published_without_a_run()
    {
        string output = Path.Combine(folder, "out");
        Ended ended = Command.Run(
            Command.Item, "--profile", "paper", "--at-hand", "--out", output);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        Assert.That(ended.Output, Does.Contain("0 runs for talathi-fig3"));
        Assert.That(Directory.Exists(Path.Combine(output, "store", "locks")), Is.False);
        string[] values = File.ReadAllLines(Path.Combine(output, "talathi-fig3", "values.csv"));
        string[] judged =
        [
            .. values.Where(row => row.Contains(",150,", StringComparison.Ordinal)
                && row.Contains(",3,paper,", StringComparison.Ordinal)),
        ];
        Assert.That(judged, Has.Length.GreaterThanOrEqualTo(7), "each variant at T = 150");
    }

    [Test]
    public void An_output_folder_that_cannot_be_made_ends_with_1_and_is_named()
    {
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "in the way");
        Ended ended = Command.Run(
            Command.Item, "--profile", "smoke", "--out", Path.Combine(file, "out"));
        Assert.That(ended.ExitCode, Is.EqualTo(1), ended.ToString());
        Assert.That(ended.Errors, Does.Contain("error: ").And.Contain(file));
        Assert.That(ended.Errors, Does.Not.Contain("   at "), "no stack trace");
        Assert.That(File.ReadAllText(file), Is.EqualTo("in the way"));
    }

    [Test]
    public void An_item_without_its_data_is_an_error_when_asked_for_by_name()
    {
        Ended ended = Command.Run(
            "scripts/talathi-fig5.fsx", "--profile", "smoke",
            "--out", Path.Combine(folder, "out"), "--data", Path.Combine(folder, "data"));
        Assert.That(ended.ExitCode, Is.EqualTo(1), ended.ToString());
        Assert.That(ended.Errors, Does.Contain("train-images-idx3-ubyte.gz")
            .And.Contain("could not be downloaded").And.Contain("REPRO_DATA"));
        Assert.That(ended.Errors, Does.Not.Contain("   at "), "no stack trace");
    }

    [TestCase("scripts/talathi-fig6.fsx")]
    [TestCase("scripts/talathi-table3.fsx")]
    public void An_item_on_clips_without_the_pack_says_how_to_make_it(string script)
    {
        Ended ended = Command.Run(
            script, "--profile", "smoke", "--out", Path.Combine(folder, "out"),
            "--data", Path.Combine(folder, "data"));
        Assert.That(ended.ExitCode, Is.EqualTo(1), ended.ToString());
        Assert.That(ended.Errors, Does.Contain("vgg16-25x4096-u8.npy.gz")
            .And.Contain("convert-ucf101.fsx"));
        Assert.That(ended.Errors, Does.Not.Contain("   at "), "no stack trace");
    }

    [Test]
    public void The_best_settings_get_their_runs_in_the_same_command_that_makes_the_grid()
    {
        if (Environment.GetEnvironmentVariable("REPRO_DATA") is not { Length: > 0 } data)
        {
            Assert.Ignore("REPRO_DATA is not set");
            return;
        }
        string[] arguments =
            ["--profile", "smoke", "--out", Path.Combine(folder, "out"), "--data", data];
        Ended ended = Command.Run("scripts/talathi-table3.fsx", arguments);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        string values = Path.Combine(folder, "out", "talathi-table3", "values.csv");
        string[] made = File.ReadAllLines(values);
        Assert.That(
            made.Count(l => l.Contains(",best setting,test accuracy,percent,,")), Is.EqualTo(4));
        Ended again = Command.Run("scripts/talathi-table3.fsx", arguments);
        Assert.That(again.Output, Does.Not.Contain("finished "), again.ToString());
        Assert.That(File.ReadAllLines(values), Is.EqualTo(made));
    }

    [Test]
    public void The_site_is_made_without_the_items_whose_data_cannot_be_had()
    {
        string output = Path.Combine(folder, "out");
        Ended ended = Command.Run(
            Command.Site, "--profile", "smoke", "--out", output,
            "--data", Path.Combine(folder, "data"));
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        Assert.That(ended.Output, Does.Match("talathi-fig5 +no data"));
        Assert.That(ended.Output, Does.Contain("REPRO_DATA"), "how to get it");
        string index = File.ReadAllText(Path.Combine(output, "index.html"));
        Assert.That(index, Does.Contain("talathi-fig3").And.Contain("talathi-fig5"));
        string[] ledger = File.ReadAllLines(Path.Combine(output, "ledger.csv"));
        Assert.That(
            ledger[0],
            Is.EqualTo("item,series,x,metric,unit,paper,computed,ours,low,high,interval,"
                + "judged_low,judged_high,n,profile,verdict"));
        string[] values = File.ReadAllLines(Path.Combine(output, "talathi-fig3", "values.csv"));
        Assert.That(
            ledger.Where(l => l.StartsWith("talathi-fig3,", StringComparison.Ordinal)),
            Is.EqualTo(values.Skip(1)));
        string[][] rows = [.. values.Skip(1).Select(l => l.Split(','))];
        string[][] smoke = [.. rows.Where(r => r[^2] == "smoke" && r[7].Length > 0)];
        Assert.That(smoke, Has.Length.EqualTo(7), "one for each variant");
        Assert.That(smoke.Select(r => r[5]), Is.All.Empty, "no published value");
        Assert.That(smoke.Select(r => r[^1]), Is.All.Empty, "no verdict from a shortened run");
        string[][] published = [.. rows.Where(r => r[5].Length > 0)];
        Assert.That(published, Has.Length.EqualTo(35), "each bar of the paper's figure");
        Assert.That(
            published.Where(r => r[^2] != "paper").Select(r => r[^1]), Is.All.EqualTo("not run"));
        (string Item, int Published, int Shortened)[] temporalOrder =
            [("pascanu-fig7", 81, 3), ("pascanu-updates", 6, 3), ("pascanu-random-length", 11, 4)];
        foreach ((string item, int count, int shortened) in temporalOrder)
        {
            string[][] own =
            [
                .. File.ReadAllLines(Path.Combine(output, item, "values.csv")).Skip(1)
                    .Select(l => l.Split(',')),
            ];
            Assert.That(own.Count(r => r[5].Length > 0), Is.EqualTo(count), item);
            Assert.That(own.Count(r => r[^2] == "smoke" && r[5].Length == 0),
                Is.EqualTo(shortened), item);
            Assert.That(index, Does.Contain(item));
        }
    }

    private Ended Smoke(string name, params string[] more) => Command.Run(
        Command.Item,
        ["--profile", "smoke", "--out", Path.Combine(folder, name), .. more]);

    private string[] Records(string name) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(folder, name, "store"), "*.json")
            .Where(f => !f.EndsWith(".note.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static Dictionary<string, string> HashesOf(string[] files) => files.ToDictionary(
        f => Path.GetFileName(f),
        f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f))));
}
