using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>The vector widths this process can run, for tests over all of them.</summary>
internal static class Widths
{
    public static IReadOnlyList<InstructionSet> All { get; } =
        [.. Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported)];

    /// <summary>Fails unless every width gives the same bytes; returns them.</summary>
    public static byte[] SameBytes(Func<InstructionSet, byte[]> run, string what = "")
    {
        byte[] scalar = run(InstructionSet.Scalar);
        foreach (InstructionSet set in All)
        {
            Assert.That(run(set).AsSpan().SequenceEqual(scalar), Is.True, $"{what} at {set}");
        }
        return scalar;
    }
}
