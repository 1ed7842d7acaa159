using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Tests.Tasks;

/// <summary>A small network and what PyTorch makes of music or text with it:
/// sequences-*.json.</summary>
internal sealed class SequenceFixture(string name)
{
    private readonly JsonElement root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(
        TestContext.CurrentContext.TestDirectory, "Fixtures", $"sequences-{name}.json")))
        .RootElement;

    public int Symbols => root.GetProperty("S").GetInt32();

    public byte[] Text => [.. root.GetProperty("text").EnumerateArray().Select(c => c.GetByte())];

    public double Number(string field) => root.GetProperty(field).GetDouble();

    public double[] Numbers(string field) =>
        [.. root.GetProperty(field).EnumerateArray().Select(v => v.GetDouble())];

    public MusicPiece[] Pieces() =>
        [.. root.GetProperty("pieces").EnumerateArray().Select(p => Piece(p))];

    /// <summary>The fixture's network, of a task's sizes.</summary>
    public RecurrentNetwork<float> Network(SequenceTask task)
    {
        RecurrentNetwork<float> network = new(
            task.Network(root.GetProperty("H").GetInt32(), Activation.Sigmoid));
        float[] parameters = [.. Numbers("parameters").Select(p => (float)p)];
        Assert.That(parameters, Has.Length.EqualTo(network.Parameters.Length));
        parameters.CopyTo(network.Parameters);
        return network;
    }

    /// <summary>The mean score of a fold, as a run computes it.</summary>
    public double Score(SequenceTask task, Fold fold, string metric)
    {
        using RecurrentNetwork<float> network = Network(task);
        return new Evaluator<float>(network, task).Score(fold, null)[metric];
    }

    private static MusicPiece Piece(JsonElement frames)
    {
        string[] sounding = [.. frames.EnumerateArray().Select(f => f.GetString()!)];
        byte[] notes = new byte[sounding.Length * MusicSet.Keys];
        for (int t = 0; t < sounding.Length; t++)
        {
            foreach (string key in sounding[t].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries))
            {
                notes[(t * MusicSet.Keys) + int.Parse(key, CultureInfo.InvariantCulture)] = 1;
            }
        }
        return new MusicPiece(notes);
    }
}
