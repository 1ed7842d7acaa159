using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Repro.Engine.Records;

/// <summary>
/// The one spelling of a JSON value, so that equal values have equal bytes and equal hashes.
/// Keys are sorted ordinally, there is no white space, a number has its shortest form that reads
/// back to the same value, NaN and the infinities are strings, and a null member of an object
/// is left out: a new optional field of a spec never changes an old run id.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Text of <paramref name="node"/> in canonical form; null is <c>null</c>.</summary>
    /// <exception cref="ArgumentException">The tree holds a value that JSON has no form for.
    /// </exception>
    public static string Write(JsonNode? node)
    {
        StringBuilder text = new();
        Append(text, node);
        return text.ToString();
    }

    /// <summary>UTF-8 bytes of <see cref="Write"/>, without a byte-order mark.</summary>
    public static byte[] Bytes(JsonNode? node) => Encoding.UTF8.GetBytes(Write(node));

    /// <summary>SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits.</summary>
    public static string Sha256Hex(JsonNode? node) => Sha256Hex(Bytes(node));

    /// <summary>SHA-256 of <paramref name="bytes"/>, 64 lower-case hexadecimal digits.</summary>
    public static string Sha256Hex(ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Shortest text that reads back to the same bits; -0 is <c>-0.0</c>, a whole number
    /// below 2^53 has no exponent, NaN and the infinities are quoted.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
        {
            return "\"NaN\"";
        }
        if (double.IsInfinity(value))
        {
            return value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
        }
        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0";
        }
        const double LargestExactInteger = 9007199254740992.0;
        return Math.Abs(value) < LargestExactInteger && value == Math.Truncate(value)
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>The number that <see cref="Number"/> wrote, quoted or not.</summary>
    /// <exception cref="FormatException">The node is not such a number.</exception>
    public static double ReadNumber(JsonNode? node)
    {
        switch (node?.GetValueKind())
        {
            case JsonValueKind.Number:
                string digits = Write(node);
                return double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
            case JsonValueKind.String:
                switch (node.GetValue<string>())
                {
                    case "NaN": return double.NaN;
                    case "Infinity": return double.PositiveInfinity;
                    case "-Infinity": return double.NegativeInfinity;
                }
                break;
        }
        throw new FormatException(
            $"{Write(node)} is not a number; expected a JSON number or one of "
            + "\"NaN\", \"Infinity\", \"-Infinity\"");
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                AppendObject(text, members);
                break;
            case JsonArray elements:
                text.Append('[');
                for (int i = 0; i < elements.Count; i++)
                {
                    if (i > 0)
                    {
                        text.Append(',');
                    }
                    Append(text, elements[i]);
                }
                text.Append(']');
                break;
            default:
                AppendValue(text, node.AsValue());
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonObject members)
    {
        text.Append('{');
        bool first = true;
        foreach ((string key, JsonNode? value) in
            members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            if (value is null || value.GetValueKind() == JsonValueKind.Null)
            {
                continue;
            }
            if (!first)
            {
                text.Append(',');
            }
            first = false;
            AppendString(text, key);
            text.Append(':');
            Append(text, value);
        }
        text.Append('}');
    }

    private static void AppendValue(StringBuilder text, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Null:
                text.Append("null");
                break;
            case JsonValueKind.String when value.TryGetValue(out string? characters):
                AppendString(text, characters);
                break;
            case JsonValueKind.Number:
                text.Append(NumberText(value));
                break;
            default:
                throw new ArgumentException(
                    $"the value {value} at {value.GetPath()} has no canonical JSON form; "
                    + "use text, a number, true, false, an array or an object");
        }
    }

    private static string NumberText(JsonValue value)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return value.GetValue<object>() switch
        {
            JsonElement read when read.TryGetInt64(out long whole) =>
                Signed(read.GetRawText(), whole),
            JsonElement read when read.TryGetUInt64(out ulong large) => large.ToString(culture),
            JsonElement read => Number(read.GetDouble()),
            double number => Number(number),
            float single => Number(single),
            decimal exact => Number((double)exact),
            Half half => Number((double)half),
            IFormattable whole => whole.ToString("D", culture),
            _ => throw new ArgumentException($"{value} at {value.GetPath()} is not a number"),
        };
    }

    // "-0.0" reads as the integer 0, which would lose the sign that Number wrote.
    private static string Signed(string raw, long whole) =>
        whole == 0 && raw == "-0.0" ? raw : whole.ToString(CultureInfo.InvariantCulture);

    private static void AppendString(StringBuilder text, string characters)
    {
        text.Append('"');
        for (int i = 0; i < characters.Length; i++)
        {
            char c = characters[i];
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < characters.Length
                && char.IsLowSurrogate(characters[i + 1]))
            {
                text.Append(c).Append(characters[++i]);
            }
            else if (c < ' ' || char.IsSurrogate(c))
            {
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }
        text.Append('"');
    }
}
