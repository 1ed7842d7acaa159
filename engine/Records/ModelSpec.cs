using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Records;

/// <summary>What a saved model says of its network, and the network that is made of it.</summary>
internal static class ModelSpec
{
    private const string Simple = "simple";
    private const string Lstm = "lstm";
    private const string Gru = "gru";
    private const string Clocked = "clockwork";

    /// <summary>A network's cell, sizes, activation and readout.</summary>
    public static JsonObject Of<T>(SweptNetwork<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = network.Spec;
        JsonObject json = new()
        {
            ["cell"] = network switch
            {
                RecurrentNetwork<T> => Simple,
                LstmNetwork<T> => Lstm,
                GruNetwork<T> => Gru,
                ClockworkNetwork<T> => Clocked,
                _ => throw new NotSupportedException($"no cell is known of {network.GetType()}"),
            },
            ["activation"] = spec.Activation.Word(),
            ["inputs"] = spec.InputSize,
            ["hidden"] = spec.HiddenSize,
            ["outputs"] = spec.OutputSize,
            ["readout"] = spec.Readout.Word(),
            ["lossAt"] = Word(spec.LossAt),
        };
        if (network is GruNetwork<T> gru)
        {
            json["reset"] = Word(gru.Reset);
        }
        if (network is ClockworkNetwork<T> { Clockwork: { } clockwork })
        {
            json["periods"] = new JsonArray(
                [.. clockwork.Periods.Select(period => (JsonNode)period)]);
            json["start"] = clockwork.Start;
        }
        if (network is RecurrentNetwork<T> { LeakRates.IsEmpty: false } leaky)
        {
            json["leaks"] = new JsonArray(
                [.. leaky.LeakRates.ToArray().Select(rate => (JsonNode)rate)]);
        }
        return json;
    }

    /// <summary>A network of zero parameters.</summary>
    /// <exception cref="FormatException">The text describes none.</exception>
    public static SweptNetwork<T> Make<T>(string text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            JsonObject json = (JsonObject)JsonNode.Parse(text)!;
            NetworkSpec spec = new(
                json["inputs"]!.GetValue<int>(), json["hidden"]!.GetValue<int>(),
                json["outputs"]!.GetValue<int>(),
                Member<Activation>(json, "activation", a => a.Word()),
                Member<Readout>(json, "readout", r => r.Word()),
                Member<LossPlacement>(json, "lossAt", Word));
            string cell = json["cell"]!.GetValue<string>();
            switch (cell)
            {
                case Simple:
                    RecurrentNetwork<T> simple = new(spec);
                    if (json["leaks"] is JsonArray leaks)
                    {
                        simple.SetLeakRates(
                            [.. leaks.Select(CanonicalJson.ReadNumber)]);
                    }
                    return simple;
                case Lstm:
                    return new LstmNetwork<T>(spec);
                case Gru:
                    return new GruNetwork<T>(spec, Member<GruReset>(json, "reset", Word));
                case Clocked:
                    return new ClockworkNetwork<T>(spec, new Clockwork(
                        json["periods"]!.AsArray().Select(period => period!.GetValue<int>()),
                        json["start"]!.GetValue<int>()));
                default:
                    throw new FormatException($"it is of a cell '{cell}', which is not known");
            }
        }
        catch (Exception error) when (error is JsonException or NullReferenceException
            or InvalidOperationException or InvalidCastException or ArgumentException)
        {
            throw new FormatException($"it describes no network ({error.Message})", error);
        }
    }

    private static E Member<E>(JsonObject json, string name, Func<E, string> word)
        where E : struct, Enum
    {
        string wanted = json[name]!.GetValue<string>();
        foreach (E value in Enum.GetValues<E>())
        {
            if (word(value) == wanted)
            {
                return value;
            }
        }
        throw new FormatException($"its {name} is '{wanted}', which is not known");
    }

    private static string Word(LossPlacement placement) => placement switch
    {
        LossPlacement.LastStep => "last",
        LossPlacement.EveryStep => "every",
        _ => throw Unknown.Member(placement),
    };

    private static string Word(GruReset reset) => reset switch
    {
        GruReset.Before => "before",
        GruReset.After => "after",
        _ => throw Unknown.Member(reset),
    };
}
