using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks;

/// <summary>The words of readouts in settings and ids, and their behaviour version.</summary>
public static class ReadoutWords
{
    /// <summary>The word of a readout; part of ids, so it never changes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such readout.</exception>
    public static string Word(this Readout readout) => readout switch
    {
        Readout.Linear => "linear",
        Readout.Softmax => "softmax",
        Readout.Bernoulli => "bernoulli",
        _ => throw Unknown.Member(readout),
    };

    /// <summary>The component of a readout and its loss.</summary>
    internal static PartVersion Part(this Readout readout) => new("readout." + readout.Word(), 1);
}
