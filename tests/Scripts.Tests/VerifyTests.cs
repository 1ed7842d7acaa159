using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>The command that makes a recorded run anew.</summary>
public sealed class VerifyTests
{
    private const string Script = "scripts/verify.fsx";
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
    public void A_recorded_training_run_is_made_anew_and_is_identical()
    {
        Ended ended = Command.Run(
            Script, "talathi-fig3/readings/IRNN/element/1", "--out", folder);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        Assert.That(ended.Output, Does.Contain("identical: talathi-fig3: IRNN T=150 seed 1"));
        Assert.That(Directory.GetFiles(folder), Is.Empty, "the record of the check");
    }

    [Test]
    public void Wrong_use_ends_with_2_and_says_what_is_right()
    {
        Ended ended = Command.Run(Script, "0000000000ff", "--out", folder);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString());
        Assert.That(ended.Errors, Does.StartWith("error: no recorded run"));
    }
}
