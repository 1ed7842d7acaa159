using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>Items that are computed and not trained.</summary>
public sealed class ComputedTests
{
    private const string Script = "scripts/pascanu-fig3.fsx";
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
    public void Every_profile_is_the_papers_own_scale_and_is_judged()
    {
        Ended smoke = Run("smoke");
        Assert.That(smoke.ExitCode, Is.Zero, smoke.ToString());
        string values = File.ReadAllText(Values);
        string[] published = [.. values.Split('\n').Where(l => l.Contains("saddle-node,x="))];
        Assert.That(published, Has.Length.EqualTo(2), "b1 and b2");
        Assert.That(published, Has.All.EndsWith(",paper,consistent"));
        string page = File.ReadAllText(Path.Combine(folder, "pascanu-fig3", "index.html"));
        Assert.That(page, Does.Not.Contain("class=\"banner\""), "nothing is made smaller");

        Ended paper = Run("paper");
        Assert.That(paper.ExitCode, Is.Zero, paper.ToString());
        Assert.That(paper.Output, Does.Contain("already ").And.Not.Contain("finished "));
        Assert.That(File.ReadAllText(Values), Is.EqualTo(values));
    }

    [Test]
    public void Forgetting_runs_that_keep_no_checkpoints_makes_them_anew()
    {
        Assert.That(Run("smoke").ExitCode, Is.Zero);
        Ended again = Run("smoke", "--fresh");
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Output, Does.Contain("finished ").And.Not.Contain("already here"));
    }

    private string Values => Path.Combine(folder, "pascanu-fig3", "values.csv");

    private Ended Run(string profile, params string[] more) => Command.Run(
        Script, ["--profile", profile, "--out", folder, .. more]);
}
