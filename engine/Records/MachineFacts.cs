using System.Runtime.InteropServices;

namespace Repro.Engine.Records;

/// <summary>The machine a run was made on.</summary>
/// <param name="Cpu">Name of the processor, on x64 with family and model.</param>
/// <param name="Cores">Logical processors the process may use.</param>
/// <param name="Os">Operating system and version.</param>
/// <param name="Architecture">Of the process: <c>X64</c>, <c>Arm64</c>.</param>
/// <param name="DotNet">Runtime version.</param>
/// <param name="InstructionSet">The kernels' path, such as <c>AVX-512</c>.</param>
/// <param name="Engine">Engine version.</param>
public sealed record MachineFacts(
    string Cpu,
    int Cores,
    string Os,
    string Architecture,
    string DotNet,
    string InstructionSet,
    string Engine)
{
    /// <summary>The facts of this process.</summary>
    /// <param name="instructionSet">As the kernels name the path they take.</param>
    /// <param name="engineVersion">Of the engine assembly when null.</param>
    public static MachineFacts Here(string instructionSet, string? engineVersion = null) => new(
        ProcessorName.Here(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.Version.ToString(),
        instructionSet,
        engineVersion ?? typeof(MachineFacts).Assembly.GetName().Version?.ToString(3) ?? "unknown");
}
