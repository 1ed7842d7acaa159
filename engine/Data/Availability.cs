namespace Repro.Engine.Data;

/// <summary>
/// Whether a data set is there, found without downloading anything: one of
/// <see cref="Available"/>, <see cref="Missing"/>, <see cref="Corrupt"/>.
/// </summary>
public abstract record Availability
{
    private Availability()
    {
    }

    /// <summary>Whether every file is present with the right content.</summary>
    public bool IsAvailable => this is Available;

    /// <summary>Every file is present and verified.</summary>
    /// <param name="Paths">Full paths, in the order of the data set's files.</param>
    public sealed record Available(IReadOnlyList<string> Paths) : Availability;

    /// <summary>At least one file is absent.</summary>
    /// <param name="Reason">Which files are absent, and from where.</param>
    /// <param name="Remedy">How to get them.</param>
    public sealed record Missing(string Reason, string Remedy) : Availability;

    /// <summary>At least one file is present with the wrong content, or unreadable.</summary>
    /// <param name="Reason">Which file, and what is wrong with it.</param>
    /// <param name="Remedy">What to do about it.</param>
    public sealed record Corrupt(string Reason, string Remedy) : Availability;
}
