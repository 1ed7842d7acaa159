using System.Text.Json;
using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Golden;

/// <summary>
/// Recorded hashes of short runs, so that no change alters bits unnoticed. To record them anew:
/// <c>REPRO_RECORD_GOLDEN=1 dotnet test tests/Engine.Tests --filter GoldenTests</c>.
/// </summary>
public sealed class GoldenTests
{
    private const string Switch = "REPRO_RECORD_GOLDEN";
    private static readonly string File =
        Repository.In("tests", "Engine.Tests", "Golden", "golden.json");
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n" };

    private static IEnumerable<InstructionSet> Sets() =>
        Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported);

    [OneTimeSetUp]
    public void Record()
    {
        if (Environment.GetEnvironmentVariable(Switch) != "1")
        {
            return;
        }
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (GoldenRun run in GoldenRun.All())
        {
            hashes.Add(run.Name, run.Hash(InstructionSets.Best));
        }
        string temporary = File + ".tmp";
        System.IO.File.WriteAllText(
            temporary, JsonSerializer.Serialize(hashes, Indented) + "\n");
        System.IO.File.Move(temporary, File, overwrite: true);
    }

    [Test]
    public void Weights_after_a_short_run_have_the_recorded_hash_at_every_vector_width(
        [ValueSource(nameof(Sets))] InstructionSet set)
    {
        Dictionary<string, string> recorded = Recorded();
        List<string> changed = [];
        foreach (GoldenRun run in GoldenRun.All())
        {
            string hash = run.Hash(set);
            if (recorded.GetValueOrDefault(run.Name) != hash)
            {
                changed.Add(run.Name);
            }
        }
        Assert.That(
            changed, Is.Empty,
            $"these runs give other bits than recorded in {File}. If that is intended, raise the "
            + "version of the component that changed, so that its recorded "
            + $"runs are made again, and record the hashes anew with {Switch}=1. If it happens at "
            + "one vector width only, a kernel depends on the width and is wrong.");
    }

    [Test]
    public void Every_recorded_hash_belongs_to_a_run()
    {
        Assert.That(
            Recorded().Keys, Is.EquivalentTo(GoldenRun.All().Select(run => run.Name)));
    }

    private static Dictionary<string, string> Recorded() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(System.IO.File.ReadAllText(File))!;
}
