using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

public class CanonicalJsonTests
{
    [Test]
    public void Keys_are_sorted_ordinally_at_every_level_without_white_space()
    {
        JsonNode node = JsonNode.Parse("""{ "b": [1, {"y": 1, "Z": 2}], "a": true, "é": "" }""")!;
        Assert.That(
            CanonicalJson.Write(node), Is.EqualTo("""{"a":true,"b":[1,{"Z":2,"y":1}],"é":""}"""));
    }

    [Test]
    public void A_null_member_is_left_out_and_a_null_element_is_kept()
    {
        JsonObject without = new() { ["a"] = 1 };
        JsonObject with = new() { ["new"] = null, ["a"] = 1 };
        Assert.That(CanonicalJson.Sha256Hex(with), Is.EqualTo(CanonicalJson.Sha256Hex(without)));
        Assert.That(CanonicalJson.Write(JsonNode.Parse("[null]")), Is.EqualTo("[null]"));
    }

    [TestCase(1.0, "1")]
    [TestCase(-0.0, "-0.0")]
    [TestCase(0.1, "0.1")]
    [TestCase(1e15, "1000000000000000")]
    [TestCase(1e300, "1E+300")]
    [TestCase(double.Epsilon, "5E-324")]
    [TestCase(double.NaN, "\"NaN\"")]
    [TestCase(double.NegativeInfinity, "\"-Infinity\"")]
    public void A_number_has_one_spelling(double value, string expected)
    {
        Assert.That(CanonicalJson.Write(JsonValue.Create(value)), Is.EqualTo(expected));
    }

    // The arguments of an attribute cannot hold half a character.
    [Test]
    public void A_text_has_one_spelling_and_half_a_character_is_written_as_its_number()
    {
        (string Value, string Expected)[] cases =
        [
            ("a\"b\\c", """ "a\"b\\c" """),
            ("\n\u001fé", """ "\u000a\u001fé" """),
            ("\ud83d\ude00!", " \"\ud83d\ude00!\" "),
            ("\ud83dx", """ "\ud83dx" """),
            ("x\ud83d", """ "x\ud83d" """),
            ("\ude00\ud83d", """ "\ude00\ud83d" """),
        ];
        Assert.That(
            cases.Select(c => CanonicalJson.Write(JsonValue.Create(c.Value))),
            Is.EqualTo(cases.Select(c => c.Expected.Trim())));
    }

    [Test]
    public void Equal_numbers_of_different_types_have_equal_text()
    {
        JsonNode[] ones =
        [
            (byte)1, 1, 1L, 1UL, 1f, 1.0, 1m, JsonNode.Parse("1")!, JsonNode.Parse("1.0")!,
            JsonNode.Parse("10e-1")!,
        ];
        Assert.That(ones.Select(CanonicalJson.Write), Is.All.EqualTo("1"));
    }

    [Test]
    public void The_largest_integers_keep_every_digit()
    {
        JsonArray array = [long.MinValue, ulong.MaxValue];
        string text = CanonicalJson.Write(array);
        Assert.That(text, Is.EqualTo("[-9223372036854775808,18446744073709551615]"));
        Assert.That(CanonicalJson.Write(JsonNode.Parse(text)), Is.EqualTo(text));
    }

    [Test]
    public void A_value_without_a_json_form_is_refused()
    {
        JsonObject node = new() { ["when"] = JsonValue.Create(DateTime.UnixEpoch) };
        Assert.That(
            () => CanonicalJson.Write(node),
            Throws.ArgumentException.With.Message.Contains("$.when"));
    }

    [Test]
    public void The_hash_is_the_published_one()
    {
        // FIPS 180-2, appendix B.1.
        Assert.That(CanonicalJson.Sha256Hex(Encoding.ASCII.GetBytes("abc")), Is.EqualTo(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_number_reads_back_with_the_same_bits_and_the_same_text(long bits)
    {
        double value = BitConverter.Int64BitsToDouble(bits);
        string text = CanonicalJson.Number(value);
        JsonNode read = JsonNode.Parse(text)!;
        double back = CanonicalJson.ReadNumber(read);
        return CanonicalJson.Write(read) == text
            && (double.IsNaN(value) ? double.IsNaN(back) : BitsOf(back) == BitsOf(value));
    }

    [FsCheck.NUnit.Property]
    public bool Any_text_reads_back(string? text)
    {
        bool isWhole = text is not null
            && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
        return !isWhole
            || JsonNode.Parse(CanonicalJson.Write(text))!.GetValue<string>() == text;
    }

    [FsCheck.NUnit.Property]
    public bool The_order_of_members_does_not_matter(Dictionary<int, double> members)
    {
        JsonObject forward = new(Nodes(members));
        JsonObject backward = new(Nodes(members.Reverse()));
        return CanonicalJson.Write(forward) == CanonicalJson.Write(backward);
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Nodes(
        IEnumerable<KeyValuePair<int, double>> members) =>
        members.Select(m => KeyValuePair.Create($"k{m.Key}", (JsonNode?)JsonValue.Create(m.Value)));

    private static long BitsOf(double value) => BitConverter.DoubleToInt64Bits(value);
}
