using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>The name under which a machine's times and attestations stand.</summary>
public sealed class ProcessorNameTests
{
    [Test]
    public void Name_family_and_model_are_those_that_Linux_reads()
    {
        const string Facts = "/proc/cpuinfo";
        if (!File.Exists(Facts) || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Assert.Ignore("Linux on x64 tells family and model.");
        }
        Dictionary<string, string> facts = File.ReadLines(Facts)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        Assert.That(ProcessorName.Here(), Is.EqualTo(
            $"{facts["model name"]}, family {facts["cpu family"]}, model {facts["model"]}"));
    }

    // Signatures that processors of these names answer.
    [TestCase(0x00A10F11, "AMD EPYC", "AMD EPYC, family 25, model 17")]
    [TestCase(0x00B00F21, "AMD EPYC", "AMD EPYC, family 26, model 2")]
    [TestCase(0x000806F8, "Intel(R) Xeon(R) Processor", "Intel(R) Xeon(R) Processor, "
        + "family 6, model 143")]
    [TestCase(0x00000F29, "  Intel  4 ", "Intel 4, family 15, model 2")]
    [TestCase(0x00000543, "A", "A, family 5, model 4")]
    [TestCase(0x000806F8, "", "x64 processor, family 6, model 143")]
    [TestCase(0x000806F8, null, "x64 processor, family 6, model 143")]
    [TestCase(0x000806F8, "A name that fills all of its forty-eight letters",
        "A name that fills all of its forty-eight letters, family 6, model 143")]
    public void Generations_behind_one_name_are_told_apart(
        int signature, string? name, string expected) =>
        Assert.That(
            ProcessorName.FromInstruction(leaf => Answer(leaf, signature, name)),
            Is.EqualTo(expected));

    private static (int A, int B, int C, int D) Answer(uint leaf, int signature, string? name)
    {
        if (leaf < 0x8000_0002)
        {
            int extended = name is null ? 0 : unchecked((int)0x8000_0008);
            return (leaf == 1 ? signature : extended, 0, 0, 0);
        }
        byte[] letters = new byte[48];
        Encoding.ASCII.GetBytes(name
            ?? throw new AssertionException(leaf.ToString("x8", CultureInfo.InvariantCulture)),
            letters);
        ReadOnlySpan<int> words = MemoryMarshal.Cast<byte, int>(letters);
        int first = 4 * ((int)(leaf & 7) - 2);
        return (words[first], words[first + 1], words[first + 2], words[first + 3]);
    }
}
