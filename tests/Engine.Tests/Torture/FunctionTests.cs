using NUnit.Framework;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;
using Repro.Torture.Functions;

namespace Repro.Engine.Tests.Torture;

/// <summary>The elementary functions over all floats, or over every 16,411th.</summary>
public sealed class FunctionTests
{
    private const int Stride = 16_411;

    private static string Page { get; } =
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "numerics.md"));

    [TestCase(
        "exp", "dba5c64e03f723566b8929ec77df63eb3b0ec5ca6e34d89e14e0aaf938052bf9")]
    [TestCase(
        "tanh", "f30f110aa304136cf27e111cd9d3c4a4815512081c29b061138070074b49d362")]
    [TestCase(
        "logistic", "c456426242fd930f31b916a31ca61f9b0fc25393ebd95171eb4b6016b461827b")]
    [TestCase(
        "log(1 + x)", "8648520801d7ab89b646c1bd7738dbf7cb70170dd23c85eff9c5611ab031f38e")]
    [TestCase(
        "log", "53919b1d8a9f27992c638a923671e8566e9b0690928a6d21c70b1411a13e0cab")]
    public void Values_at_every_16411th_float_are_the_pinned_ones_on_every_path(
        string function, string sha256)
    {
        FunctionFigures figures = Scan(function, Stride);
        Assert.That(figures.Sha256, Is.EqualTo(sha256));
        Assert.That(figures.Paths, Has.Count.EqualTo(function == "log" ? 1 : Widths.All.Count));
    }

    [TestCase("exp")]
    [TestCase("tanh")]
    [TestCase("logistic")]
    [TestCase("log(1 + x)")]
    [Explicit("minutes of one core"), Category("Exhaustive")]
    public void Values_at_all_floats_are_those_that_the_page_of_the_arithmetic_publishes(
        string function) =>
        Assert.That(Page, Does.Contain(Scan(function, 1).Sha256));

    [Test]
    public void The_estimate_that_chooses_arguments_for_MPFR_is_good_to_a_millionth_of_a_unit()
    {
        if (!Mpfr.IsThere)
        {
            Assert.Ignore("libmpfr is not installed");
        }
        using Mpfr mpfr = new();
        foreach (FloatFunction function in Enum.GetValues<FloatFunction>())
        {
            for (uint bits = 1; bits < 0xFF000000; bits += 10_000_019)
            {
                float x = BitConverter.UInt32BitsToSingle(bits);
                if (!Estimate.IsInDomain(function, x))
                {
                    continue;
                }
                double estimate = Estimate.Of(function, x);
                float nearest = (float)estimate;
                double ulps = Math.Abs(nearest - estimate) / Estimate.Unit(estimate);
                Assert.That(
                    mpfr.Ulps(function, x, nearest), Is.EqualTo(ulps).Within(1e-7),
                    $"{function.Word()} of {x:R}");
            }
        }
    }

    private static FunctionFigures Scan(string name, long stride) =>
        name == "log"
            ? LogScan.Of(stride, measuresError: false)
            : FunctionScan.Of(
                Enum.GetValues<FloatFunction>().Single(f => f.Word() == name), stride,
                measuresError: false);
}
