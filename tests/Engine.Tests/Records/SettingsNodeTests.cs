using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>What is said of settings that are not what they should be.</summary>
public sealed class SettingsNodeTests
{
    private static readonly SettingsNode Node = new("settings", JsonNode.Parse(
        """
        { "updates": 100, "rate": 0.5, "name": "temporal-order", "on": true, "list": [1, 2],
          "inner": { "a": 1, "b": { "c": 2 } }, "none": null }
        """));

    [Test]
    public void Values_are_read_as_what_they_are()
    {
        Assert.That(Node["updates"].Whole, Is.EqualTo(100));
        Assert.That(Node["rate"].Number, Is.EqualTo(0.5));
        Assert.That(Node["name"].Text, Is.EqualTo("temporal-order"));
        Assert.That(Node["on"].Flag, Is.True);
        Assert.That(Node["list"].Elements.Select(e => e.Count), Is.EqualTo(new[] { 1, 2 }));
        Assert.That((Node.Has("none"), Node.Has("on")), Is.EqualTo((false, true)));
    }

    [TestCase("rate", "a whole number", "0.5")]
    [TestCase("name", "a whole number", "\"temporal-order\"")]
    [TestCase("missing", "a whole number", "nothing")]
    public void A_value_of_another_kind_is_named_with_its_place(
        string member, string wanted, string found) =>
        Assert.That(
            () => Node[member].Whole,
            Throws.TypeOf<SettingsException>().With.Message.EqualTo(
                $"settings.{member} should be {wanted}, but there is {found}"));

    [Test]
    public void A_number_made_in_the_program_reads_as_one_from_a_file()
    {
        SettingsNode node = Node.With("made", JsonValue.Create(7L)).With("half", 0.5f);
        Assert.That((node["made"].Whole, node["made"].Number), Is.EqualTo((7, 7.0)));
        Assert.That(node["half"].Number, Is.EqualTo(0.5));
    }

    [Test]
    public void A_misspelt_member_is_refused_and_the_nearest_is_named() =>
        Assert.That(
            () => new SettingsNode("training", JsonNode.Parse("""{ "futilty": [1, 2] }"""))
                .Only("batch", "futility", "success"),
            Throws.TypeOf<SettingsException>().With.Message.Contains("'futilty'")
                .And.Message.Contains("'futility', perhaps"));

    [Test]
    public void A_word_that_is_none_of_the_choices_is_refused_and_the_nearest_is_named() =>
        Assert.That(
            () => Node["name"].Choice(("temporal-ordr", () => 1), ("addition", () => 2)),
            Throws.TypeOf<SettingsException>().With.Message.Contains("'temporal-ordr', perhaps"));

    [Test]
    public void Changes_replace_members_and_objects_are_merged_member_by_member()
    {
        SettingsNode changed = Node.With(new SettingsNode("changes", JsonNode.Parse(
            """{ "rate": 0.25, "list": [3], "inner": { "b": { "c": 9 } }, "on": null }""")));
        Assert.That(changed["rate"].Number, Is.EqualTo(0.25));
        Assert.That(changed["list"].Elements, Has.Count.EqualTo(1));
        Assert.That(changed["inner"]["a"].Whole, Is.EqualTo(1));
        Assert.That(changed["inner"]["b"]["c"].Whole, Is.EqualTo(9));
        Assert.That(changed.Members.Select(m => m.Name), Has.None.EqualTo("on"));
        Assert.That(Node["rate"].Number, Is.EqualTo(0.5), "the first is as it was");
    }
}
