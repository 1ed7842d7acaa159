using System.Diagnostics;
using NUnit.Framework;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Records;

namespace Repro.Engine.Tests.Numerics;

/// <summary>
/// Thirty updates in processes of their own: with processor features switched off, in Debug and
/// in Release, the final weights have the same hash.
/// </summary>
public class ProbeTests
{
    private static readonly Lazy<(InstructionSet Set, string Hash)> Plain =
        new(() => Probe(BesideTests, null));

    private static string BesideTests =>
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Repro.Probe.dll");

    // What the weights were when the behaviour versions were last raised.
    private const string Golden =
        "3e51ac069e294dfc5d26d7c4afb2c092c1cbaf4a25c3913964ea0d04ebb87a53";

    [Test]
    public void The_weights_are_those_of_every_earlier_build_and_processor() =>
        Assert.That(
            Plain.Value.Hash, Is.EqualTo(Golden),
            "the arithmetic of training has changed: recorded runs would come out otherwise. If "
            + "that is meant, raise the behaviour version of what changed and pin the new hash");

    // The switches of .NET 10. EnableAVX512F and EnableFMA no longer exist and would be silently
    // ignored, hence the look at the path that was really taken.
    [TestCase("DOTNET_EnableAVX512", InstructionSet.Avx2)]
    [TestCase("DOTNET_EnableAVX2", InstructionSet.Vector128)]
    [TestCase("DOTNET_EnableHWIntrinsic", InstructionSet.Scalar)]
    public void Switching_a_processor_feature_off_changes_the_path_and_not_the_weights(
        string variable, InstructionSet expected)
    {
        if (Plain.Value.Set <= expected)
        {
            Assert.Ignore($"this processor's best is {Plain.Value.Set}, not above {expected}");
        }
        (InstructionSet set, string hash) = Probe(BesideTests, variable);
        Assert.That(set, Is.EqualTo(expected));
        Assert.That(hash, Is.EqualTo(Plain.Value.Hash));
    }

    [Test]
    public void Switching_tiered_compilation_off_does_not_change_the_weights() =>
        Assert.That(Probe(BesideTests, "DOTNET_TieredCompilation"), Is.EqualTo(Plain.Value));

    [Test]
    public void A_build_of_the_other_configuration_trains_to_the_same_weights()
    {
#if DEBUG
        const string configuration = "Release";
#else
        const string configuration = "Debug";
#endif
        using TemporaryFolder folder = new();
        string project = Path.Combine(Repository.Root, "tests", "Probe");
        Repository.Run(Repository.Dotnet(
            "build", project, "-c", configuration, "--artifacts-path", folder.Root,
            "--disable-build-servers", "-nodeReuse:false", "-v", "quiet"));
        string built = Directory
            .EnumerateFiles(folder["bin"], "Repro.Probe.dll", SearchOption.AllDirectories)
            .Single();
        Assert.That(Probe(built, null), Is.EqualTo(Plain.Value));
    }

    private static (InstructionSet Set, string Hash) Probe(string assembly, string? switchedOff)
    {
        ProcessStartInfo start = Repository.Dotnet(assembly);
        if (switchedOff is not null)
        {
            start.Environment[switchedOff] = "0";
        }
        string[] words = Repository.Run(start).Trim().Split(' ');
        Assert.That(words, Has.Length.EqualTo(2));
        Assert.That(words[1], Does.Match("^[0-9a-f]{64}$"));
        return (Enum.Parse<InstructionSet>(words[0]), words[1]);
    }
}
