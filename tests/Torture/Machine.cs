using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Torture;

/// <summary>Where figures were made.</summary>
internal static class Machine
{
    public static MachineFacts Here { get; } = MachineFacts.Here(InstructionSets.Best.Word());
}
