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
    public void A_file_may_end_with_a_quoted_field_and_no_line_end()
    {
        string text = Excerpt.Split('\n')[0] + "\na,b,c,d,1,u,printed,\"0.5\"";
        Assert.That(Targets.Parse(text, "t.csv").Single().Tolerance, Is.EqualTo(0.5));
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
            Verdict.Reproduced, 2.0 / 3, new Interval(2.0 / 3, 0.1234567, 1), 5, "")
        {
            IntervalKind = "mean (95 %)",
            Judged = new Interval(2.0 / 3, -0.1, 1.1),
        };
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
        Assert.That(File.ReadAllText(folder["a/values.csv"]), Does.Not.Contain("\r"));
        Assert.That(File.ReadAllLines(folder["a/values.csv"]), Is.EqualTo(new[]
        {
            "item,series,x,metric,unit,paper,computed,ours,low,high,interval,"
                + "judged_low,judged_high,n,profile,verdict",
            "pascanu-fig7,sigmoid/MSGD,16,success rate over 5 seeds,fraction,1.0,,,,,,,,0,"
                + "paper,not run",
            "pascanu-table5,original,50,\"wrong, mean\",percent,0,,0.6666666667,0.123457,1,"
                + "mean (95 %),0,1.1,5,paper,reproduced",
            "fig,\"a \"\"b\"\"\",50,m,u,,,0.5,,,mean (95 %),,,3,quick,",
        }));
    }

    [Test]
    public void Values_read_back()
    {
        ValueRow[] rows =
        [
            Row(),
            Row() with { Paper = "0.50", Verdict = Verdict.NotReproduced, Metric = "a,\nb" },
            Row() with { Computed = "0.25", JudgedLow = 0.1, JudgedHigh = 0.3 },
            Row() with { Profile = Profile.Smoke, Ours = null, Low = null, High = null, N = 0 },
        ];
        ValuesCsv.Write(folder["values.csv"], rows);
        Assert.That(ValuesCsv.Read(folder["values.csv"]), Is.EqualTo(rows));
    }

    [Test]
    public void A_number_that_the_paper_does_not_print_never_stands_in_its_column()
    {
        IReadOnlyList<Target> targets = Targets.Parse(Excerpt, "targets.csv");
        ValueRow printed = ValueRow.NotRun(targets[2], Profile.Paper);
        ValueRow computed = ValueRow.NotRun(targets[3], Profile.Paper);
        Assert.That((printed.Paper, printed.Computed), Is.EqualTo(("0.219", "")));
        Assert.That((computed.Paper, computed.Computed), Is.EqualTo(("", "0.34182245")));
        Assert.That(computed.Reference, Is.EqualTo("0.34182245"));
        Assert.That(
            ValuesCsv.Complete(targets, [computed], Profile.Paper), Has.Count.EqualTo(4),
            "a computed value is a target as well");
    }

    [Test]
    public void An_accuracys_interval_ends_at_one_hundred_percent_and_so_do_its_bounds()
    {
        Target accuracy = new(
            "talathi-table2", "np-RNN (SGD)", "100", "accuracy", 92, "92", "percent", "printed",
            null);
        VerdictRule rule = new(RuleKind.Prediction, 0.95, 1, 10, 3, "");
        ValueRow row = ValueRow.Of(
            accuracy, rule.Judge(92, null, [99.1, 96.9, 98.4]), Profile.Paper);
        Assert.That((row.High, row.JudgedHigh), Is.EqualTo((100.0, 100.0)));
        Assert.That(row.Low, Is.EqualTo(row.JudgedLow + 1).Within(1e-9), "widened by the margin");
        Assert.That(row.IntervalKind, Is.EqualTo("one more run (95 %)"));
    }

    [Test]
    public void The_bounds_shown_are_those_that_judge()
    {
        VerdictRule rule = new(RuleKind.Prediction, 0.95, 0.2, null, 3, "");
        double[] ours = [1, 1.5, 1.2];
        Judgement first = rule.Judge(1, null, ours);
        (double low, double high) = (first.Judged!.Value.Low, first.Judged.Value.High);
        Assert.That(rule.Judge(low, null, ours).Verdict, Is.EqualTo(Verdict.Reproduced));
        Assert.That(rule.Judge(high, null, ours).Verdict, Is.EqualTo(Verdict.Reproduced));
        Assert.That(rule.Judge(low - 1e-9, null, ours).Verdict, Is.EqualTo(Verdict.NotReproduced));
        Assert.That(rule.Judge(high + 1e-9, null, ours).Verdict, Is.EqualTo(Verdict.NotReproduced));
        VerdictRule exact = new(RuleKind.Exact, 0.95, 0.2, null, 1, "");
        Interval judged = exact.Judge(4, null, [4.1]).Judged!.Value;
        Assert.That((judged.Low, judged.High), Is.EqualTo((3.9, 4.3)).Within(1e-12));
        Assert.That(rule.Judge(1, null, [1, 2]).Judged, Is.Null, "no value would be reproduced");
    }

    [TestCase("percent", "accuracy", 0, 100)]
    [TestCase("fraction", "success rate over 5 seeds", 0, 1)]
    [TestCase("count", "seeds that succeed of 5", 0, 5)]
    [TestCase("count", "sequences wrong of 10000", 0, 10000)]
    [TestCase("count", "places", 0, double.PositiveInfinity)]
    [TestCase("nats", "cross-entropy", 0, double.PositiveInfinity)]
    [TestCase("bias", "b1", double.NegativeInfinity, double.PositiveInfinity)]
    public void A_unit_says_what_is_possible(string unit, string metric, double low, double high)
    {
        Assert.That(Units.Possible(unit, metric), Is.EqualTo((low, high)));
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

    [Test]
    public void An_interval_that_does_not_say_what_it_is_is_refused()
    {
        Assert.That(
            () => ValuesCsv.Write(folder["values.csv"], [Row() with { IntervalKind = "" }]),
            Throws.ArgumentException.With.Message.Contains("does not say what it is"));
        Assert.That(File.Exists(folder["values.csv"]), Is.False);
    }

    [TestCase("fig,a,1,m,u,,,x,,,,,,3,quick,", "'x' where a number")]
    [TestCase("fig,a,1,m,u,,y,1,,,,,,3,quick,", "'y' where a number")]
    [TestCase("fig,a,1,m,u,,,1,,,,z,,3,quick,", "'z' where a number")]
    [TestCase("fig,a,1,m,u,,,1,,,,,,-3,quick,", "'-3' where a number of runs")]
    [TestCase("fig,a,1,m,u,,,1,,,,,,3,fast,", "no profile 'fast'")]
    [TestCase("fig,a,1,m,u,,,1,,,,,,3,quick,good", "'good' is not a verdict")]
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
        new("fig", "a \"b\"", "50", "m", "u", "", "", 0.5, 0.25, 0.75, "mean (95 %)", null, null, 3,
            Profile.Quick, null);
}
