using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Repro.Engine.Records;

/// <summary>
/// What the processor calls itself. A virtual machine often hides the product's number and says
/// "AMD EPYC" only; generations behind that name differ twofold in speed, so x64 adds family and
/// model.
/// </summary>
internal static class ProcessorName
{
    /// <summary>
    /// Of this machine: "AMD EPYC, family 25, model 17" on x64, what the system says elsewhere,
    /// or "unknown".
    /// </summary>
    public static string Here() => X86Base.IsSupported
        ? FromInstruction(Leaf)
        : OfSystem() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    /// <summary>The name that the instruction CPUID gives.</summary>
    /// <param name="leaf">EAX, EBX, ECX and EDX of a leaf.</param>
    /// <remarks>
    /// Source: AMD64 Architecture Programmer's Manual, volume 3, appendix E: functions 0000_0001
    /// (family, model) and 8000_0002 to 8000_0004 (name); Intel's processors answer likewise.
    /// </remarks>
    public static string FromInstruction(Func<uint, (int A, int B, int C, int D)> leaf)
    {
        const uint Extended = 0x8000_0000, FirstOfName = 0x8000_0002, LastOfName = 0x8000_0004;
        List<int> letters = [];
        if ((uint)leaf(Extended).A >= LastOfName)
        {
            for (uint id = FirstOfName; id <= LastOfName; id++)
            {
                (int a, int b, int c, int d) = leaf(id);
                letters.AddRange([a, b, c, d]);
            }
        }
        string text = System.Text.Encoding.ASCII.GetString(
            MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(letters)));
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        string name = string.Join(
            ' ', (end < 0 ? text : text[..end]).Split(
                ' ', StringSplitOptions.RemoveEmptyEntries));

        // The high parts count only in the families whose low parts cannot say it.
        int signature = leaf(1).A;
        int family = (signature >> 8) & 0xF, model = (signature >> 4) & 0xF;
        if (family is 6 or 15)
        {
            model |= (signature >> 12) & 0xF0;
        }
        if (family == 15)
        {
            family += (signature >> 20) & 0xFF;
        }
        return $"{(name.Length > 0 ? name : "x64 processor")}, family {family}, model {model}";
    }

    private static (int A, int B, int C, int D) Leaf(uint id)
    {
        (int a, int b, int c, int d) = X86Base.CpuId((int)id, 0);
        return (a, b, c, d);
    }

    private static string? OfSystem()
    {
        const string LinuxFacts = "/proc/cpuinfo";
        try
        {
            string? line = !File.Exists(LinuxFacts)
                ? null
                : File.ReadLines(LinuxFacts).FirstOrDefault(
                    text => text.StartsWith("model name", StringComparison.Ordinal));
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            // A note without the name is better than a run without a note.
            return null;
        }
    }
}
