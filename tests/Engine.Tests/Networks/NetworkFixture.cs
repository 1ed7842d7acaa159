using System.Numerics;
using System.Text.Json;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>A network, a batch and what PyTorch made of them in float64: rnn-*.json,
/// lstm-*.json, gru-*.json.</summary>
internal sealed class NetworkFixture
{
    private readonly JsonElement root;

    private NetworkFixture(JsonElement root) => this.root = root;

    public string Name => root.GetProperty("name").GetString()!;

    public double Loss => root.GetProperty("loss").GetDouble();

    public double[] Gradient => Doubles("gradient");

    public double[] Outputs => Doubles("outputs");

    public CellKind Cell => root.GetProperty("activation").GetString() switch
    {
        "lstm" => CellKind.Lstm,
        "gru-before" => CellKind.GruBefore,
        "gru-after" => CellKind.GruAfter,
        _ => CellKind.Simple,
    };

    public NetworkSpec Spec => new(
        Size("I"), Size("H"), Size("O"),
        Cell == CellKind.Simple ? Enum<Activation>("activation") : Activation.Tanh,
        Enum<Readout>("readout"),
        root.GetProperty("lossAt").GetString() == "last"
            ? LossPlacement.LastStep
            : LossPlacement.EveryStep);

    public static NetworkFixture[] All()
    {
        string folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures");
        return
        [
            .. Directory.GetFiles(folder, "rnn-*.json")
                .Concat(Directory.GetFiles(folder, "lstm-*.json"))
                .Concat(Directory.GetFiles(folder, "gru-*.json")).Order(StringComparer.Ordinal)
                .Select(f => new NetworkFixture(
                    JsonDocument.Parse(File.ReadAllBytes(f)).RootElement)),
        ];
    }

    public SweptNetwork<T> Network<T>(InstructionSet? set = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SweptNetwork<T> network = AnyCell.New<T>(Cell, Spec, set);
        Copy("parameters", network.Parameters);
        return network;
    }

    public Batch<T> Batch<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Batch<T> batch = new(Spec, Size("T"), Size("B"));
        Copy("inputs", batch.Inputs);
        if (Spec.Readout == Readout.Softmax)
        {
            Doubles("classes").Select(c => (int)c).ToArray().CopyTo(batch.Classes, 0);
        }
        else
        {
            Copy("targets", batch.Targets);
        }
        return batch;
    }

    private int Size(string name) => root.GetProperty(name).GetInt32();

    private E Enum<E>(string name)
        where E : struct => System.Enum.Parse<E>(root.GetProperty(name).GetString()!, true);

    private double[] Doubles(string name) =>
        [.. root.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private void Copy<T>(string name, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] from = Doubles(name);
        Assert.That(from, Has.Length.EqualTo(to.Length), name);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateChecked(from[i]);
        }
    }
}
