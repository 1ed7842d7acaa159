namespace Repro.Engine.Records;

/// <summary>What a store says of a run.</summary>
public abstract record Lookup
{
    private Lookup()
    {
    }

    /// <summary>A whole record whose checksum and id fit.</summary>
    public sealed record Found(RunRecord Record, string Path) : Lookup;

    /// <summary>No file.</summary>
    public sealed record Absent : Lookup;

    /// <summary>A file that cannot be trusted, and why.</summary>
    public sealed record Damaged(string Path, string Reason) : Lookup
    {
        /// <summary>A sentence for people.</summary>
        public string Message =>
            $"the record '{Path}' is damaged: {Reason}. It is not used; the run is made again.";
    }

    /// <summary>The record, or null when absent or damaged.</summary>
    public RunRecord? RecordOrNull => (this as Found)?.Record;
}
