using Repro.Engine.Numerics;
using Repro.Engine.Records;

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

/// <summary>The sources' words in specs.</summary>
public static class ProtocolSources
{
    /// <summary><c>code</c> or <c>text</c>; part of run ids.</summary>
    public static string Word(this ProtocolSource source) => source switch
    {
        ProtocolSource.AuthorsCode => "code",
        ProtocolSource.PaperText => "text",
        _ => throw Unknown.Member(source),
    };

    /// <summary>The source that settings name.</summary>
    internal static ProtocolSource Read(SettingsNode node) =>
        node.Member<ProtocolSource>(Word);
}
