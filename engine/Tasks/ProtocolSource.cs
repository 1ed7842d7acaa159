namespace Repro.Engine.Tasks;

/// <summary>What a task follows where the paper's text and its authors' code differ.</summary>
public enum ProtocolSource
{
    /// <summary>The code, which made the published numbers.</summary>
    AuthorsCode,

    /// <summary>The text; its steps are counted from 1 and its ranges include both ends.
    /// </summary>
    PaperText,
}
