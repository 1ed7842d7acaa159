using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Judging;

/// <summary>A question that the paper leaves open and how it was settled before the runs.</summary>
/// <param name="Question">What was open.</param>
/// <param name="Paper">What the paper says, if anything.</param>
/// <param name="Ours">What is done here.</param>
/// <param name="Why">The reason.</param>
public sealed record Settled(string Question, string Paper, string Ours, string Why);

/// <summary>Something done otherwise than in the paper.</summary>
/// <param name="Aspect">What it concerns.</param>
/// <param name="Paper">What the paper did.</param>
/// <param name="Ours">What is done here.</param>
/// <param name="Why">The reason.</param>
public sealed record Deviation(string Aspect, string Paper, string Ours, string Why);

/// <summary>
/// What an item's <c>protocol.json</c> states before its runs: measure, seeds, rules, deviations.
/// Comments and trailing commas are allowed in the file, unknown members are not.
/// </summary>
public sealed class Protocol
{
    private static readonly Dictionary<string, RuleKind> Kinds =
        Enum.GetValues<RuleKind>().ToDictionary(kind => kind.Word());

    private readonly Dictionary<string, VerdictRule> byMetric;

    private Protocol(ProtocolNode root)
    {
        root.Only("schema", "item", "title", "paper", "shows", "measure", "unit", "seeds",
            "verdict", "orderings", "settled", "deviations", "settings");
        root["schema"].Number("the schema 1", n => n == 1);
        Item = root["item"].Text();
        Title = root["title"].Text();
        Paper = root["paper"].Text();
        Shows = root["shows"].Text();
        Measure = root["measure"].Text();
        Unit = root["unit"].Text();
        Seeds = ReadSeeds(root["seeds"]);
        Rule = ReadRule(root["verdict"], isNested: false);
        byMetric = root["verdict"]["byMetric"] is { IsAbsent: false } rules
            ? rules.Entries().ToDictionary(e => e.Key, e => ReadRule(e.Node, isNested: true))
            : [];
        string decidedBy = root["verdict"]["decidedBy"].IsAbsent
            ? "values"
            : root["verdict"]["decidedBy"].Text();
        if (decidedBy is not ("values" or "tests"))
        {
            throw root["verdict"]["decidedBy"].Expected("\"values\" or \"tests\"");
        }
        TestsDecide = decidedBy == "tests";
        Orderings = root["orderings"].Each(ReadOrdering);
        Settled = root["settled"].Each(node =>
        {
            (string q, string paper, string ours, string why) = ReadChoice(node, "question");
            return new Settled(q, paper, ours, why);
        });
        Deviations = root["deviations"].Each(node =>
        {
            (string aspect, string paper, string ours, string why) = ReadChoice(node, "aspect");
            return new Deviation(aspect, paper, ours, why);
        });
        Settings = root["settings"].IsAbsent ? [] : root["settings"].Members();
        string[] ids = [.. Orderings.Select(ordering => ordering.Id)];
        if (ids.Distinct().Count() < ids.Length)
        {
            throw root["orderings"].Expected("an id of its own for each ordering");
        }
    }

    /// <summary>Name of the figure or table, as in the targets.</summary>
    public string Item { get; }

    /// <summary>Heading for people.</summary>
    public string Title { get; }

    /// <summary>The paper, such as <c>Talathi &amp; Vartak 2016</c>.</summary>
    public string Paper { get; }

    /// <summary>What is regenerated, such as <c>Fig. 3</c>.</summary>
    public string Shows { get; }

    /// <summary>What is measured, in words.</summary>
    public string Measure { get; }

    /// <summary>The unit of the statistics, such as <c>the seed</c>.</summary>
    public string Unit { get; }

    /// <summary>Seeds wanted in each profile, all three present, 1 or more.</summary>
    public IReadOnlyDictionary<Profile, int> Seeds { get; }

    /// <summary>The rule of metrics that have none of their own.</summary>
    public VerdictRule Rule { get; }

    /// <summary>Whether the item's verdict is that of its tests, since its values cannot be
    /// decided one by one.</summary>
    public bool TestsDecide { get; }

    /// <summary>Claims of the form "this is better than that".</summary>
    public IReadOnlyList<OrderingRule> Orderings { get; }

    /// <summary>Questions settled beforehand.</summary>
    public IReadOnlyList<Settled> Settled { get; }

    /// <summary>Deviations from the paper.</summary>
    public IReadOnlyList<Deviation> Deviations { get; }

    /// <summary>Free-form settings, read by the item's script.</summary>
    public JsonObject Settings { get; }

    /// <summary>Reads and checks a protocol file.</summary>
    /// <exception cref="ProtocolException">The file is missing, is no JSON or lacks something;
    /// the message names the file, the place and what is expected.</exception>
    public static Protocol Load(string path) => new(ProtocolNode.Load(path));

    /// <summary>The rule of a metric: its own from <c>verdict.byMetric</c>, or
    /// <see cref="Rule"/>.</summary>
    /// <param name="metric">Spelt as in the targets.</param>
    public VerdictRule RuleFor(string metric) => byMetric.GetValueOrDefault(metric, Rule);

    private static Dictionary<Profile, int> ReadSeeds(ProtocolNode node)
    {
        node.Only([.. Enum.GetValues<Profile>().Select(profile => profile.Name())]);
        return Enum.GetValues<Profile>().ToDictionary(
            profile => profile,
            profile => node[profile.Name()].Count("a whole number of seeds, 1 or more", 1));
    }

    private static VerdictRule ReadRule(ProtocolNode node, bool isNested)
    {
        string[] known =
        [
            "rule", "confidence", "margin", "maxHalfWidth", "maxRelativeHalfWidth", "paperRuns",
            "minSeeds", "text", "byMetric", "decidedBy",
        ];
        node.Only(isNested ? known[..^2] : known);
        string name = node["rule"].Text();
        if (!Kinds.TryGetValue(name, out RuleKind kind))
        {
            throw node["rule"].Expected($"one of the rules {string.Join(", ", Kinds.Keys)}");
        }
        bool isExact = kind == RuleKind.Exact;
        bool hasMargin = !node["margin"].IsAbsent || kind != RuleKind.Wilson;
        return new VerdictRule(
            kind,
            isExact && node["confidence"].IsAbsent ? 0.95 : Confidence(node),
            hasMargin ? node["margin"].Number("a margin, 0 or more", n => n >= 0) : 0,
            node["maxHalfWidth"].IsAbsent
                ? null
                : node["maxHalfWidth"].Number("a half-width above 0", n => n > 0),
            isExact && node["minSeeds"].IsAbsent
                ? 1
                : node["minSeeds"].Count("a whole number of seeds, 1 or more", 1),
            node["text"].Text())
        {
            MaxRelativeHalfWidth = node["maxRelativeHalfWidth"].IsAbsent
                ? null
                : node["maxRelativeHalfWidth"].Number("a half-width above 0", n => n > 0),
            PaperRuns = node["paperRuns"].IsAbsent
                ? 1
                : node["paperRuns"].Count("a whole number of runs, 1 or more", 1),
        };
    }

    private static OrderingRule ReadOrdering(ProtocolNode node)
    {
        node.Only(
            "id", "better", "worse", "x", "metric", "higherIsBetter", "confidence", "text");
        return new OrderingRule(
            node["id"].Text(), node["better"].Text(), node["worse"].Text(), node["x"].Text(),
            node["metric"].Text(), node["higherIsBetter"].Truth(), Confidence(node),
            node["text"].Text());
    }

    private static (string, string, string, string) ReadChoice(ProtocolNode node, string subject)
    {
        node.Only(subject, "paper", "ours", "why");
        return (node[subject].Text(), node["paper"].Text(), node["ours"].Text(),
            node["why"].Text());
    }

    private static double Confidence(ProtocolNode node) => node["confidence"].Number(
        "a confidence between 0 and 1, such as 0.95", n => n is > 0 and < 1);
}
