using System.Text;
using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>What a machine attests, kept whole or refused.</summary>
public sealed class AttestationTests
{
    private static readonly MachineFacts Machine =
        new("A processor", 4, "An OS 1", "X64", "10.0.1", "Avx2", "0.1.0");

    private static readonly AttestedCheck Check = new(
        new string('c', 40), new DateOnly(2026, 2, 3), "verify --sample 2",
        [new('1', 64), new('2', 64)], [new('3', 64)]);

    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Checks_of_a_machine_gather_in_its_one_file()
    {
        string path = Attestation.Append(folder.Root, Machine, Check);
        AttestedCheck second = Check with { Equal = [new('2', 64), new('4', 64)], Different = [] };
        Assert.That(Attestation.Append(folder.Root, Machine, second), Is.EqualTo(path));
        Attestation read = Attestation.ReadAll(folder.Root).Single();
        Assert.That(read.Machine, Is.EqualTo(Machine));
        Assert.That(read.Checks.Select(c => c.Command), Is.All.EqualTo(Check.Command));
        Assert.That(
            read.Equal,
            Is.EqualTo(new[] { new string('1', 64), new string('2', 64), new string('4', 64) }));
        Assert.That(read.Checks[0].Different, Is.EqualTo(Check.Different));
        Assert.That(read.FileBytes(), Is.EqualTo(File.ReadAllBytes(path)));
    }

    [Test]
    public void Another_processor_system_runtime_or_path_has_another_file()
    {
        MachineFacts[] machines =
        [
            Machine, Machine with { Cpu = "B" }, Machine with { Os = "B" },
            Machine with { DotNet = "B" }, Machine with { InstructionSet = "B" },
        ];
        foreach (MachineFacts machine in machines)
        {
            Attestation.Append(folder.Root, machine, Check);
        }
        Assert.That(Attestation.ReadAll(folder.Root), Has.Count.EqualTo(machines.Length));
    }

    [Test]
    public void A_file_cut_off_or_altered_anywhere_is_refused_by_name()
    {
        string path = Attestation.Append(folder.Root, Machine, Check);
        byte[] whole = File.ReadAllBytes(path);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] altered = [.. whole];
            altered[i] ^= 0x01;
            foreach (byte[] bytes in new[] { whole[..i], altered })
            {
                if (Means(bytes, whole))
                {
                    continue;
                }
                Assert.That(
                    () => Attestation.Parse(bytes), Throws.TypeOf<FormatException>(), $"byte {i}");
            }
        }
        File.WriteAllBytes(path, whole[..^9]);
        Assert.That(
            () => Attestation.ReadAll(folder.Root),
            Throws.TypeOf<StoreException>().With.Message.Contains(path));
        Assert.That(
            () => Attestation.Append(folder.Root, Machine, Check),
            Throws.TypeOf<StoreException>().With.Message.Contains("attest again"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(whole[..^9]), "it is left as it is");
    }

    [Test]
    public void A_file_under_another_machines_name_is_refused()
    {
        string path = Attestation.Append(folder.Root, Machine, Check);
        File.Move(path, folder["0123456789abcdef.json"]);
        Assert.That(
            () => Attestation.ReadAll(folder.Root),
            Throws.TypeOf<StoreException>().With.Message.Contains(Path.GetFileName(path)));
    }

    [TestCase("\"equal\"", "\"equals\"", "means nothing there")]
    [TestCase("2026-02-03", "2026-02-30", "a day such as")]
    [TestCase("\"schema\": 1", "\"schema\": 2", "schema 2")]
    [TestCase("1111", "111", "a run's id")]
    [TestCase("cccc", "CCCC", "a commit of 40")]
    public void What_is_of_another_form_is_refused_in_words(string from, string to, string says)
    {
        string text = Encoding.UTF8.GetString(new Attestation(Machine, [Check]).FileBytes());
        int at = text.IndexOf(from, StringComparison.Ordinal);
        string altered = text[..at] + to + text[(at + from.Length)..];
        Assert.That(
            () => Attestation.Parse(Encoding.UTF8.GetBytes(altered)),
            Throws.TypeOf<FormatException>().With.Message.Contains(says));
    }

    // Other white space means the same.
    private static bool Means(byte[] bytes, byte[] whole)
    {
        static string Bare(byte[] file) => new([.. Encoding.Latin1.GetString(file)
            .Where(c => c is not (' ' or '\n' or '\r' or '\t'))]);
        return Bare(bytes) == Bare(whole);
    }
}
