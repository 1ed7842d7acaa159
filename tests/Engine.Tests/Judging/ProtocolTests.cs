using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Tests.Records;

namespace Repro.Engine.Tests.Judging;

public class ProtocolTests
{
    private const string Whole = """
        {"schema":1,"item":"talathi-fig3","title":"Addition","paper":"Talathi & Vartak 2016",
         "shows":"Fig. 3", // comments are allowed
         "measure":"test sequences within .04","unit":"the seed",
         "seeds":{"smoke":1,"quick":3,"paper":5},
         "verdict":{"rule":"prediction","confidence":0.95,"margin":100,"maxHalfWidth":1500,
           "minSeeds":3,"text":"as for one more run",
           "byMetric":{"seeds that succeed":{"rule":"wilson","confidence":0.9,"minSeeds":5,
             "text":"a rate"}}},
         "orderings":[{"id":"np-over-IRNN-500","better":"np-RNN","worse":"IRNN","x":"500",
           "metric":"m","higherIsBetter":true,"confidence":0.95,"text":"np-RNN wins"}],
         "settled":[{"question":"Which N?","paper":"both","ours":"100","why":"eq. 9"}],
         "deviations":[{"aspect":"budget","paper":"1 M","ours":"10 k","why":"time"}],
         "settings":{"quick":{"lengths":[150]}},}
        """;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_whole_protocol_is_read()
    {
        Protocol protocol = Load(Whole);
        Assert.That(protocol.Item, Is.EqualTo("talathi-fig3"));
        Assert.That(protocol.Seeds[Profile.Paper], Is.EqualTo(5));
        Assert.That(protocol.Rule, Is.EqualTo(new VerdictRule(
            RuleKind.Prediction, 0.95, 100, 1500, 3, "as for one more run")));
        Assert.That(protocol.RuleFor("seeds that succeed"), Is.EqualTo(new VerdictRule(
            RuleKind.Wilson, 0.9, 0, null, 5, "a rate")));
        Assert.That(protocol.RuleFor("anything else"), Is.SameAs(protocol.Rule));
        Assert.That(protocol.Orderings, Is.EqualTo(new[]
        {
            new OrderingRule(
                "np-over-IRNN-500", "np-RNN", "IRNN", "500", "m", true, 0.95, "np-RNN wins"),
        }));
        Assert.That(
            protocol.Settled.Single(), Is.EqualTo(new Settled("Which N?", "both", "100", "eq. 9")));
        Assert.That(
            protocol.Deviations.Single(),
            Is.EqualTo(new Deviation("budget", "1 M", "10 k", "time")));
        Assert.That((int)protocol.Settings["quick"]!["lengths"]![0]!, Is.EqualTo(150));
    }

    [Test]
    public void Lists_and_settings_may_be_left_out()
    {
        JsonObject json = Node();
        foreach (string key in new[] { "orderings", "settled", "deviations", "settings" })
        {
            json.Remove(key);
        }
        Protocol protocol = Load(json.ToJsonString());
        Assert.That(protocol.Orderings, Is.Empty);
        Assert.That(protocol.Deviations, Is.Empty);
        Assert.That(protocol.Settings, Is.Empty);
    }

    [Test]
    public void Values_decide_unless_the_protocol_says_that_tests_do()
    {
        JsonObject json = Node();
        Assert.That(Load(json.ToJsonString()).TestsDecide, Is.False);
        json["verdict"]!["decidedBy"] = "values";
        Assert.That(Load(json.ToJsonString()).TestsDecide, Is.False);
        json["verdict"]!["decidedBy"] = "tests";
        Assert.That(Load(json.ToJsonString()).TestsDecide, Is.True);
    }

    [Test]
    public void A_rule_may_state_the_papers_runs_and_a_relative_limit()
    {
        JsonObject json = Node();
        Assert.That(Load(json.ToJsonString()).Rule.PaperRuns, Is.EqualTo(1));
        Assert.That(Load(json.ToJsonString()).Rule.MaxRelativeHalfWidth, Is.Null);
        json["verdict"]!["paperRuns"] = 5;
        json["verdict"]!["maxRelativeHalfWidth"] = 1.5;
        VerdictRule rule = Load(json.ToJsonString()).Rule;
        Assert.That((rule.PaperRuns, rule.MaxRelativeHalfWidth), Is.EqualTo((5, (double?)1.5)));
    }

    [TestCase("verdict.decidedBy", "\"cells\"", "\"values\" or \"tests\" at $.verdict.decidedBy")]
    [TestCase("verdict.byMetric.seeds that succeed.decidedBy", "\"tests\"", "'decidedBy' at")]
    [TestCase("verdict.paperRuns", "0", "runs, 1 or more at $.verdict.paperRuns, but has 0")]
    [TestCase("verdict.maxRelativeHalfWidth", "0", "a half-width above 0 at $.verdict.maxRel")]
    [TestCase("title", "null", "needs text at $.title, but has nothing")]
    [TestCase("schema", "2", "needs the schema 1 at $.schema, but has 2")]
    [TestCase("seeds.paper", "0", "whole number of seeds, 1 or more at $.seeds.paper, but has 0")]
    [TestCase("seeds.paper", "2.5", "at $.seeds.paper, but has 2.5")]
    [TestCase("seeds.full", "2", "'full' at $.seeds that means nothing there; known are smoke")]
    [TestCase("verdict.rule", "\"guess\"", "prediction, mean, exact, wilson at $.verdict.rule")]
    [TestCase("verdict.confidence", "95", "0.95 at $.verdict.confidence, but has 95")]
    [TestCase("verdict.margin", "-1", "a margin, 0 or more at $.verdict.margin, but has -1")]
    [TestCase("verdict.maxHalfwidth", "1", "'maxHalfwidth' at $.verdict")]
    [TestCase("verdict.byMetric.m", "{}", "text at $.verdict.byMetric.m.rule, but has nothing")]
    [TestCase("orderings", "{}", "needs an array at $.orderings, but has {}")]
    [TestCase("orderings", "[{\"id\":\"a\"}]", "text at $.orderings[0].better")]
    [TestCase("settled", "[7]", "an object at $.settled[0], but has 7")]
    public void An_error_names_the_file_the_place_and_what_is_expected(
        string place, string value, string expected)
    {
        JsonObject json = Node();
        string[] keys = place.Split('.');
        JsonNode parent = keys[..^1].Aggregate((JsonNode)json, (node, key) => node[key]!);
        parent[keys[^1]] = JsonNode.Parse(value);
        Assert.That(
            () => Load(json.ToJsonString()),
            Throws.TypeOf<ProtocolException>()
                .With.Message.Contains(expected).And.Message.Contains(folder["protocol.json"]));
    }

    [Test]
    public void Two_orderings_of_one_id_are_refused()
    {
        JsonObject json = Node();
        json["orderings"]!.AsArray().Add(json["orderings"]![0]!.DeepClone());
        Assert.That(
            () => Load(json.ToJsonString()),
            Throws.TypeOf<ProtocolException>().With.Message.Contains("an id of its own"));
    }

    [TestCase("{\"schema\":1,")]
    [TestCase("{\"schema\":1,\"schema\":1}")]
    public void What_is_no_json_is_refused_with_its_place(string text)
    {
        Assert.That(
            () => Load(text),
            Throws.TypeOf<ProtocolException>().With.Message.Contains("is not JSON"));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        Assert.That(
            () => Protocol.Load(folder["absent.json"]),
            Throws.TypeOf<ProtocolException>().With.Message.Contains(folder["absent.json"]));
    }

    private static JsonObject Node() => JsonNode.Parse(Whole, null, new()
    {
        CommentHandling = System.Text.Json.JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    })!.AsObject();

    private Protocol Load(string text)
    {
        File.WriteAllText(folder["protocol.json"], text);
        return Protocol.Load(folder["protocol.json"]);
    }
}
