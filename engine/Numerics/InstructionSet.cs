using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Repro.Engine.Numerics;

/// <summary>The vector width the kernels run at. It changes the speed, never the bits.</summary>
public enum InstructionSet
{
    /// <summary>One element at a time.</summary>
    Scalar,

    /// <summary>128 bits: SSE with FMA, NEON, or SSE with FMA in software.</summary>
    Vector128,

    /// <summary>256 bits: AVX2 and FMA.</summary>
    Avx2,

    /// <summary>512 bits: AVX-512F.</summary>
    Avx512,
}

/// <summary>Which instruction sets this process may use.</summary>
public static class InstructionSets
{
    /// <summary>
    /// The fastest one here. <c>Vector512.IsHardwareAccelerated</c> is not asked: it is false on
    /// processors that prefer 256 bits although 512-bit code runs 1.6–1.85 times as fast there.
    /// </summary>
    public static InstructionSet Best { get; } =
        IsSupported(InstructionSet.Avx512) ? InstructionSet.Avx512
        : IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2
        : IsSupported(InstructionSet.Vector128) ? InstructionSet.Vector128
        : InstructionSet.Scalar;

    /// <summary>Whether this process can run kernels of that width.</summary>
    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Avx512F.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Vector128 => Vector128.IsHardwareAccelerated,
        InstructionSet.Scalar => true,
        _ => throw Unknown.Member(set),
    };

    /// <summary>The word in the notes of runs.</summary>
    public static string Word(this InstructionSet set) => set switch
    {
        InstructionSet.Scalar => "Scalar",
        InstructionSet.Vector128 => "Vector128",
        InstructionSet.Avx2 => "Avx2",
        InstructionSet.Avx512 => "Avx512",
        _ => throw Unknown.Member(set),
    };
}
