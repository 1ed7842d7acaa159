using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>What a switch over an enumeration ends in: a new member that somebody forgot there is
/// refused instead of being taken for another.</summary>
internal static class Unknown
{
    /// <summary>The refusal of a value that is no member its reader knows.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">Its name in the code, filled in by the compiler.</param>
    public static ArgumentOutOfRangeException Member<T>(
        T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum =>
        new(name, value, $"there is no such {typeof(T).Name}; use one of its named members");
}
