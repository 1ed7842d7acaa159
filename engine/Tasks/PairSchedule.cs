using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>At which steps of an addition or multiplication sequence the network has a target,
/// and which.</summary>
public enum PairSchedule
{
    /// <summary>At the last step, as the papers have it.</summary>
    Last,

    /// <summary>At every step, the same one: that of the last step.</summary>
    Repeated,

    /// <summary>At every step that of the marked numbers read so far: of a sum 0 before the
    /// first mark, of a product the empty product 1.</summary>
    Running,
}

/// <summary>The words in specs.</summary>
public static class PairSchedules
{
    /// <summary>The word in run ids.</summary>
    public static string Word(this PairSchedule schedule) => schedule switch
    {
        PairSchedule.Last => "last",
        PairSchedule.Repeated => "repeated",
        PairSchedule.Running => "running",
        _ => throw Unknown.Member(schedule),
    };
}
