using System.Numerics;
using System.Text.Json;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>Outputs, loss and gradient against PyTorch's LSTM in float64: lstm-*.json.</summary>
public sealed class LstmPyTorchTests
{
    private static readonly string[] Names = ["lstm-linear-every", "lstm-softmax-last"];

    [TestCaseSource(nameof(Names))]
    public void Double_precision_agrees_to_rounding(string name) =>
        Compare<double>(name, 1e-13, 1e-13);

    [TestCaseSource(nameof(Names))]
    public void Single_precision_agrees_with_PyTorch_in_double(string name) =>
        Compare<float>(name, 1e-6, 1e-6);

    private static void Compare<T>(string name, double outputTolerance, double gradientTolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string file = Path.Combine(
            TestContext.CurrentContext.TestDirectory, "Fixtures", name + ".json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement root = document.RootElement;
        int Size(string field) => root.GetProperty(field).GetInt32();
        double[] Doubles(string field) =>
            [.. root.GetProperty(field).EnumerateArray().Select(v => v.GetDouble())];
        NetworkSpec spec = new(
            Size("I"), Size("H"), Size("O"), Activation.Tanh,
            Enum.Parse<Readout>(root.GetProperty("readout").GetString()!, true),
            root.GetProperty("lossAt").GetString() == "last"
                ? LossPlacement.LastStep
                : LossPlacement.EveryStep);
        using LstmNetwork<T> network = new(spec);
        Copy(Doubles("parameters"), network.Parameters);
        Batch<T> batch = new(spec, Size("T"), Size("B"));
        Copy(Doubles("inputs"), batch.Inputs);
        if (spec.Readout == Readout.Softmax)
        {
            Doubles("classes").Select(c => (int)c).ToArray().CopyTo(batch.Classes, 0);
        }
        else
        {
            Copy(Doubles("targets"), batch.Targets);
        }
        double[] expected = Doubles("outputs");
        double expectedLoss = root.GetProperty("loss").GetDouble();
        T[] outputs = new T[expected.Length];

        double evaluated = network.Evaluate(batch, outputs);
        double loss = network.Gradient(batch);

        (double worst, string block) = RandomLstm.Distance<T>(
            network.Layout, network.Gradients, Doubles("gradient"));
        double output = Distance.Relative<T>(outputs, expected);
        TestContext.Out.WriteLine(
            $"{name} {typeof(T).Name}: outputs {output:E1}, loss "
            + $"{Math.Abs((loss / expectedLoss) - 1):E1}, gradient {worst:E1} ({block})");
        Assert.That(output, Is.LessThanOrEqualTo(outputTolerance));
        Assert.That(loss / expectedLoss, Is.EqualTo(1).Within(outputTolerance));
        Assert.That(evaluated, Is.EqualTo(loss));
        Assert.That(worst, Is.LessThanOrEqualTo(gradientTolerance), block);
    }

    private static void Copy<T>(double[] from, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That(from, Has.Length.EqualTo(to.Length));
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateChecked(from[i]);
        }
    }
}
