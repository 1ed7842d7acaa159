using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Records;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>
/// Whose a trainer's state is: the last bytes of it, after everything that a trainer reads, so
/// that states of older programs, which have none, are still read.
/// </summary>
internal static class TrainerIdentity
{
    private static readonly byte[] Mark = "repro.id"u8.ToArray();

    /// <summary>What has to be the same for a state to make sense.</summary>
    public static JsonObject Of<T>(
        NetworkSpec network, IReadOnlyList<ParameterView> views, SequenceTask task,
        TrainingSpec spec, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        JsonObject optimizer = [];
        spec.Optimizer.Describe(optimizer);
        return new JsonObject
        {
            ["numbers"] = typeof(T).Name,
            ["network"] = network.ToString(),
            ["parameters"] = string.Join(", ", views.Select(v => $"{v.Rows}×{v.Columns}")),
            ["task"] = CanonicalJson.Write(task.Describe()),
            ["data"] = CanonicalJson.Write(RunId.Json(task.DataHashes)),
            ["batch size"] = spec.BatchSize,
            ["optimiser"] = CanonicalJson.Write(optimizer),
            ["rules"] = string.Join(", ", spec.Rules.Select(rule => rule.Name)),
            ["seed"] = seed,
        };
    }

    /// <summary>Appends it to a state.</summary>
    public static void Write(BinaryWriter writer, JsonObject identity)
    {
        byte[] text = CanonicalJson.Bytes(identity);
        writer.Write(text);
        writer.Write(text.Length);
        writer.Write(Mark);
    }

    /// <summary>Refuses the state of another trainer.</summary>
    /// <param name="state">The state.</param>
    /// <param name="own">Whose it should be.</param>
    /// <returns>Bytes of the state before the identity.</returns>
    /// <exception cref="InvalidDataException">It is another's, or damaged.</exception>
    public static int Check(ReadOnlySpan<byte> state, JsonObject own)
    {
        if (!state.EndsWith(Mark))
        {
            return state.Length;
        }
        ReadOnlySpan<byte> rest = state[..^Mark.Length];
        int length = rest.Length < sizeof(int)
            ? -1
            : BinaryPrimitives.ReadInt32LittleEndian(rest[^sizeof(int)..]);
        int end = rest.Length - sizeof(int) - length;
        if (length < 0 || end < 0)
        {
            throw Damaged($"it announces {length} bytes");
        }
        JsonObject saved = Parse(rest.Slice(end, length));
        foreach ((string name, JsonNode? value) in own)
        {
            string here = CanonicalJson.Write(value);
            string there = CanonicalJson.Write(saved[name]);
            if (here != there)
            {
                throw new InvalidDataException(
                    $"the saved state is of a trainer whose {name} is {there}, and here it is "
                    + $"{here}; restore it into a trainer like the one that saved it");
            }
        }
        return end;
    }

    private static JsonObject Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw Damaged("it is no object");
        }
        catch (JsonException error)
        {
            throw Damaged(error.Message);
        }
    }

    private static InvalidDataException Damaged(string why) => new(
        $"the saved state does not say whose it is ({why}); train anew");
}
