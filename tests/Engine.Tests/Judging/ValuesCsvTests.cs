using System.Globalization;
using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Statistics;
using Repro.Engine.Tests.Records;

namespace Repro.Engine.Tests.Judging;

public class ValuesCsvTests
{
    private const string Excerpt = """
        item,series,x,metric,value,unit,provenance,tolerance
        pascanu-fig7,sigmoid/MSGD,16,success rate over 5 seeds,1.0,fraction,vector,
        pascanu-table5,original,50,"misclassified, mean of 5 seeds",0,percent,printed,
        talathi-fig6,IRNN,lr=1e-5 dropout=0.9,validation accuracy,0.219,fraction,digitised,0.01
        pascanu-fig6,w=5,-2.614,E_50 at b,0.34182245,squared error,computed,1e-8

        """;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Targets_keep_their_spelling_and_have_their_values()
    {
        IReadOnlyList<Target> targets = Targets.Parse(Excerpt, "targets.csv");
        Assert.That(targets, Is.EqualTo(new[]
        {
            new Target("pascanu-fig7", "sigmoid/MSGD", "16", "success rate over 5 seeds",
                1, "1.0", "fraction", "vector", null),
            new Target("pascanu-table5", "original", "50", "misclassified, mean of 5 seeds",
                0, "0", "percent", "printed", null),
            new Target("talathi-fig6", "IRNN", "lr=1e-5 dropout=0.9", "validation accuracy",
                0.219, "0.219", "fraction", "digitised", 0.01),
            new Target("pascanu-fig6", "w=5", "-2.614", "E_50 at b",
                0.34182245, "0.34182245", "squared error", "computed", 1e-8),
        }));
        Assert.That(Targets.Parse(Excerpt.ReplaceLineEndings("\r\n"), ""), Is.EqualTo(targets));
    }

    [TestCase("a,b,c,d,much,u,printed,", "line 2 has 'much' where a number is expected")]
    [TestCase("a,b,c,d,1,u,guessed,", "line 2 has the provenance 'guessed'")]
    [TestCase("a,b,c,d,1,u,printed,-1", "tolerance -1 below 0")]
    [TestCase("a,b,c, d, e,1,u,printed,", "line 2 has 9 fields instead of 8")]
    [TestCase("a,b,c,\"d,1,u,printed,", "line 2 that is never closed")]
    [TestCase("a,b,c,\"d\"e,1,u,printed,", "line 2 has text after a closing quote")]
    [TestCase("a,b,c,d\"e,1,u,printed,", "line 2 has a quote inside")]
    [TestCase("a,b,\"x\ny\",d,1,u,printed,\na,b,\"x\ny\",d,1,u,printed,", "line 4 repeats a,b,")]
    public void A_bad_target_is_named_by_line_and_value(string row, string expected)
    {
        string text = Excerpt.Split('\n')[0] + "\n" + row + "\n";
        Assert.That(
            () => Targets.Parse(text, "t.csv"),
            Throws.TypeOf<FormatException>()
                .With.Message.Contains(expected).And.Message.Contains("'t.csv'"));
    }

    [Test]
    public void Another_header_is_refused()
    {
        Assert.That(
            () => Targets.Parse("item,series\n", "t.csv"),
            Throws.TypeOf<FormatException>().With.Message.Contains("begins with item,series"));
    }

    [Test]
    public void Values_have_this_file_in_any_culture()
    {
        string shorterMetric = Excerpt.Replace("misclassified, mean of 5 seeds", "wrong, mean");
        IReadOnlyList<Target> targets = Targets.Parse(shorterMetric, "targets.csv");
        Judgement judged = new(
            Verdict.Reproduced, 2.0 / 3, new Interval(2.0 / 3, 0.1234567, 1), 5, "");
        ValueRow shorter = Row() with { Low = double.NegativeInfinity, High = null };
        IReadOnlyList<ValueRow> rows = ValuesCsv.Complete(
            targets.Take(2), [shorter, ValueRow.Of(targets[1], judged, Profile.Paper)],
            Profile.Paper);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            ValuesCsv.Write(folder["a/values.csv"], rows);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.That(File.ReadAllText(folder["a/values.csv"]), Is.EqualTo(""""
            item,series,x,metric,paper,ours,low,high,n,profile,verdict
            pascanu-fig7,sigmoid/MSGD,16,success rate over 5 seeds,1.0,,,,0,paper,not run
            pascanu-table5,original,50,"wrong, mean",0,0.6666666667,0.123457,1,5,paper,reproduced
            fig,"a ""b""",50,m,,0.5,,,3,quick,

            """"));
    }

    [Test]
    public void Values_read_back()
    {
        ValueRow[] rows =
        [
            Row(),
            Row() with { Paper = "0.50", Verdict = Verdict.NotReproduced, Metric = "a,\nb" },
            Row() with { Profile = Profile.Smoke, Ours = null, Low = null, High = null, N = 0 },
        ];
        ValuesCsv.Write(folder["values.csv"], rows);
        Assert.That(ValuesCsv.Read(folder["values.csv"]), Is.EqualTo(rows));
    }

    [Test]
    public void A_published_value_that_is_no_target_is_refused()
    {
        ValueRow stray = Row() with { Paper = "1" };
        Assert.That(
            () => ValuesCsv.Complete([], [stray], Profile.Quick),
            Throws.ArgumentException.With.Message.Contains("no target"));
    }

    [Test]
    public void Two_rows_of_one_key_are_refused_and_the_old_file_stays()
    {
        ValuesCsv.Write(folder["values.csv"], [Row()]);
        Assert.That(
            () => ValuesCsv.Write(folder["values.csv"], [Row(), Row() with { Ours = 1 }]),
            Throws.ArgumentException.With.Message.Contains("two rows for fig"));
        Assert.That(ValuesCsv.Read(folder["values.csv"]), Is.EqualTo(new[] { Row() }));
    }

    [TestCase("fig,a,1,m,,x,,,3,quick,", "'x' where a number")]
    [TestCase("fig,a,1,m,,1,,,-3,quick,", "'-3' where a number of runs")]
    [TestCase("fig,a,1,m,,1,,,3,fast,", "no profile 'fast'")]
    [TestCase("fig,a,1,m,,1,,,3,quick,good", "'good' is not a verdict")]
    public void A_bad_value_is_named_by_line(string row, string expected)
    {
        ValuesCsv.Write(folder["values.csv"], []);
        File.AppendAllText(folder["values.csv"], row + "\n");
        Assert.That(
            () => ValuesCsv.Read(folder["values.csv"]),
            Throws.TypeOf<FormatException>()
                .With.Message.Contains(expected).And.Message.Contains("line 2"));
    }

    [Test]
    public void The_ledger_holds_all_rows_in_the_order_of_the_files()
    {
        ValueRow other = Row() with { Item = "another" };
        ValuesCsv.Write(folder["fig/values.csv"], [Row()]);
        ValuesCsv.Write(folder["another/values.csv"], [other]);
        Ledger.Write(
            [folder["fig/values.csv"], folder["another/values.csv"]], folder["ledger.csv"]);
        Assert.That(
            ValuesCsv.Read(folder["ledger.csv"]), Is.EqualTo(new[] { Row(), other }));
    }

    private static ValueRow Row() =>
        new("fig", "a \"b\"", "50", "m", "", 0.5, 0.25, 0.75, 3, Profile.Quick, null);
}
