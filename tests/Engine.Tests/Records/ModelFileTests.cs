using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Records;
using Repro.Engine.Tests.Networks;

namespace Repro.Engine.Tests.Records;

/// <summary>Saved models, read by hand as the format's description and PyTorch's have it.
/// </summary>
public class ModelFileTests
{
    [Test]
    public void A_saved_network_comes_back_to_the_bit_and_saves_to_the_same_bytes(
        [Values] CellKind cell, [Values] bool isDouble)
    {
        if (isDouble)
        {
            ComesBack<double>(cell);
        }
        else
        {
            ComesBack<float>(cell);
        }
    }

    [Test]
    public void A_header_that_is_no_text_is_refused_like_any_other_damage()
    {
        using RecurrentNetwork<float> network = new(new NetworkSpec(1, 3, 1));
        byte[] file = ModelFile.Bytes(network);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        for (int at = sizeof(long); at < sizeof(long) + header; at++)
        {
            byte[] damaged = [.. file];
            damaged[at] = 0xFF;
            Assert.That(
                () => ModelFile.Parse<float>(damaged), Throws.TypeOf<FormatException>(), $"{at}");
        }
    }

    [Test]
    public void The_rates_of_leaky_units_come_back()
    {
        using RecurrentNetwork<double> network = new(new NetworkSpec(1, 3, 1));
        double[] rates = [.1, 1.0 / 3, 1];
        network.SetLeakRates(rates);
        using SequenceNetwork<double> read = ModelFile.Parse<double>(ModelFile.Bytes(network));
        Assert.That(
            ((RecurrentNetwork<double>)read).LeakRates.ToArray(), Is.EqualTo(rates));
    }

    [Test]
    public void The_tensors_are_those_that_the_equations_of_PyTorch_need(
        [Values(CellKind.Simple, CellKind.Lstm, CellKind.GruBefore, CellKind.GruAfter)]
        CellKind cell)
    {
        // Outputs that PyTorch computed in double precision from the same weights.
        foreach (NetworkFixture fixture in NetworkFixture.All().Where(f => f.Cell == cell))
        {
            using SweptNetwork<double> network = fixture.Network<double>();
            Safetensors file = new(ModelFile.Bytes(network));
            Batch<double> batch = fixture.Batch<double>();
            double[] outputs = file.Outputs(cell, fixture.Spec, batch);
            Assert.That(
                Distance.Relative<double>(outputs, fixture.Outputs), Is.LessThan(1e-12),
                fixture.Name);
        }
    }

    [Test]
    public void The_header_has_version_spec_and_checksum_and_the_data_follow_without_a_gap(
        [Values] CellKind cell)
    {
        NetworkSpec spec = new(
            2, 3, 4, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, .5, 3);
        Safetensors file = new(ModelFile.Bytes(network));
        JsonElement metadata = file.Header.GetProperty("__metadata__");
        Assert.That(metadata.GetProperty("version").GetString(), Is.EqualTo("1"));
        string text = metadata.GetProperty("spec").GetString()!;
        using JsonDocument said = JsonDocument.Parse(text);
        Assert.That(said.RootElement.GetProperty("hidden").GetInt32(), Is.EqualTo(3));
        Assert.That(said.RootElement.GetProperty("readout").GetString(), Is.EqualTo("softmax"));
        byte[] summed = [.. Encoding.UTF8.GetBytes(text + "\n"), .. file.Data];
        Assert.That(
            metadata.GetProperty("sha256").GetString(),
            Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(summed))));
        Assert.That(file.Start % 8, Is.Zero, "data are aligned");
        (int Begin, int End)[] spans =
        [
            .. file.Header.EnumerateObject().Where(p => p.Name != "__metadata__")
                .Select(p => p.Value.GetProperty("data_offsets"))
                .Select(o => (o[0].GetInt32(), o[1].GetInt32())).Order(),
        ];
        Assert.That(spans[0].Begin, Is.Zero);
        Assert.That(spans[^1].End, Is.EqualTo(file.Data.Length));
        Assert.That(
            spans.Zip(spans.Skip(1), (a, b) => b.Begin - a.End), Is.All.Zero);
    }

    [Test]
    public void A_file_cut_off_or_changed_anywhere_is_refused([Values] CellKind cell)
    {
        using SweptNetwork<float> network = AnyCell.Network<float>(
            cell, new NetworkSpec(1, 2, 1), .5, 3);
        byte[] whole = ModelFile.Bytes(network);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.That(
                () => ModelFile.Parse<float>(cut), Throws.TypeOf<FormatException>(),
                $"{length} of {whole.Length} bytes");
        }
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        string text = Encoding.UTF8.GetString(whole, 8, header - 8);
        int spec = 8 + text.IndexOf("\"spec\"", StringComparison.Ordinal);
        for (int at = spec + 10; at < whole.Length; at++)
        {
            if (whole[at] == ' ')
            {
                continue;
            }
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            Assert.That(
                () => ModelFile.Parse<float>(changed), Throws.TypeOf<FormatException>(),
                $"byte {at} of {whole.Length}");
        }
    }

    [Test]
    public void A_file_of_another_precision_version_or_program_says_which()
    {
        using RecurrentNetwork<double> network = new(new NetworkSpec(1, 2, 1));
        byte[] whole = ModelFile.Bytes(network);
        Assert.That(
            () => ModelFile.Parse<float>(whole),
            Throws.TypeOf<FormatException>().With.Message.Contains("F64")
                .And.Message.Contains("load it as double"));
        Assert.That(
            () => ModelFile.Parse<double>(Replace(whole, "\"version\":\"1\"", "\"version\":\"9\"")),
            Throws.TypeOf<FormatException>().With.Message.Contains("version 9"));
        Assert.That(
            () => ModelFile.Parse<double>(Replace(whole, "__metadata__", "__metadatb__")),
            Throws.TypeOf<FormatException>().With.Message.Contains("__metadata__"));
        Assert.That(
            () => ModelFile.Parse<double>(Replace(whole, "readout.bias", "readout.bios")),
            Throws.TypeOf<FormatException>().With.Message.Contains("readout.bias"));
        Assert.That(
            () => ModelFile.Parse<double>(Replace(whole, "[1,2]", "[2,1]")),
            Throws.TypeOf<FormatException>().With.Message.Contains("[1, 2]"));
    }

    [Test]
    public void A_file_is_written_whole_and_a_missing_or_foreign_one_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("repro-model-").FullName;
        try
        {
            string path = Path.Combine(folder, "new", "model.safetensors");
            using RecurrentNetwork<float> network = new(new NetworkSpec(1, 2, 1));
            network.Parameters.Fill(.25f);
            Assert.That(
                () => ModelFile.Load<float>(path),
                Throws.TypeOf<StoreException>().With.Message.Contains(path));
            ModelFile.Save(network, path);
            using (SequenceNetwork<float> read = ModelFile.Load<float>(path))
            {
                Assert.That(
                    read.Parameters.ToArray(), Is.EqualTo(network.Parameters.ToArray()));
            }
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
            File.WriteAllText(path, "no model");
            Assert.That(
                () => ModelFile.Load<float>(path),
                Throws.TypeOf<StoreException>().With.Message.Contains(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_second_bias_that_another_program_set_is_added_to_the_first()
    {
        using LstmNetwork<double> network = new(new NetworkSpec(1, 2, 1));
        network.Parameters.Fill(.5);
        List<ModelTensor<double>> tensors = ModelTensors.Of<double>(
            network.Layout, network.Parameters);
        tensors.Single(t => t.Name == "rnn.bias_hh_l0").Values[3] = .25;
        ModelTensors.Put(tensors, network.Layout, network.Parameters);
        Assert.That(
            network.Layout.Bias.Of(network.Parameters).ToArray(),
            Is.EqualTo(new[] { .5, .5, .5, .75, .5, .5, .5, .5 }));
    }

    private static void ComesBack<T>(CellKind cell)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = new(
            3, 4, 2, Activation.Tanh, Readout.Bernoulli, LossPlacement.EveryStep);
        using SweptNetwork<T> network = AnyCell.Network<T>(cell, spec, .5, 3);
        network.Parameters[0] = T.NegativeZero;
        network.Layout.Bias.Of(network.Parameters)[0] = T.NegativeZero;
        byte[] file = ModelFile.Bytes(network);
        using SequenceNetwork<T> read = ModelFile.Parse<T>(file);
        Assert.That(read.GetType(), Is.EqualTo(network.GetType()));
        Assert.That(read.Spec, Is.EqualTo(spec));
        Assert.That(
            (read as ClockworkNetwork<T>)?.Clockwork,
            Is.EqualTo((network as ClockworkNetwork<T>)?.Clockwork));
        Assert.That(
            MemoryMarshal.AsBytes(read.Parameters).ToArray(),
            Is.EqualTo(MemoryMarshal.AsBytes(network.Parameters).ToArray()));
        Assert.That(ModelFile.Bytes(read), Is.EqualTo(file));
    }

    private static byte[] Replace(byte[] file, string old, string replacement)
    {
        string text = Encoding.Latin1.GetString(file);
        Assert.That(text, Does.Contain(old));
        return Encoding.Latin1.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>A safetensors file and the equations of PyTorch's documentation.</summary>
    private sealed class Safetensors
    {
        public Safetensors(byte[] file)
        {
            Start = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Header = JsonDocument.Parse(file.AsMemory(8, Start - 8)).RootElement;
            Data = file[Start..];
        }

        public int Start { get; }

        public JsonElement Header { get; }

        public byte[] Data { get; }

        public double[] Outputs(CellKind cell, NetworkSpec spec, Batch<double> batch)
        {
            int hidden = spec.HiddenSize;
            bool every = spec.LossAt == LossPlacement.EveryStep;
            double[] all = new double[(every ? batch.Steps : 1) * batch.Size * spec.OutputSize];
            for (int b = 0; b < batch.Size; b++)
            {
                double[] h = new double[hidden];
                double[] c = new double[hidden];
                for (int t = 0; t < batch.Steps; t++)
                {
                    double[] x = batch.Inputs.AsSpan(
                        ((t * batch.Size) + b) * spec.InputSize, spec.InputSize).ToArray();
                    h = Step(cell, spec.Activation, x, h, c);
                    if (every || t == batch.Steps - 1)
                    {
                        int row = ((every ? t : 0) * batch.Size) + b;
                        Affine("readout.weight", "readout.bias", h).CopyTo(
                            all, row * spec.OutputSize);
                    }
                }
            }
            return all;
        }

        private double[] Step(
            CellKind cell, Activation activation, double[] x, double[] h, double[] c)
        {
            int n = h.Length;
            double[] u = Affine("rnn.weight_ih_l0", "rnn.bias_ih_l0", x);
            double[] v = Affine("rnn.weight_hh_l0", "rnn.bias_hh_l0", h);
            double[] next = new double[n];
            double[]? reset = cell == CellKind.GruBefore
                ? Affine(
                    "rnn.weight_hh_l0", "rnn.bias_hh_l0",
                    [.. h.Select((value, i) => value * Sigmoid(u[i] + v[i]))])
                : null;
            for (int i = 0; i < n; i++)
            {
                switch (cell)
                {
                    case CellKind.Simple:
                        double s = u[i] + v[i];
                        next[i] = activation switch
                        {
                            Activation.Relu => Math.Max(s, 0),
                            Activation.Tanh => Math.Tanh(s),
                            _ => Sigmoid(s),
                        };
                        break;
                    case CellKind.Lstm:
                        c[i] = (Sigmoid(u[n + i] + v[n + i]) * c[i])
                            + (Sigmoid(u[i] + v[i]) * Math.Tanh(u[(2 * n) + i] + v[(2 * n) + i]));
                        next[i] = Sigmoid(u[(3 * n) + i] + v[(3 * n) + i]) * Math.Tanh(c[i]);
                        break;
                    default:
                        double z = Sigmoid(u[n + i] + v[n + i]);
                        double from = reset is null
                            ? Sigmoid(u[i] + v[i]) * v[(2 * n) + i]
                            : reset[(2 * n) + i];
                        next[i] = ((1 - z) * Math.Tanh(u[(2 * n) + i] + from)) + (z * h[i]);
                        break;
                }
            }
            return next;
        }

        private double[] Affine(string weight, string bias, double[] x)
        {
            double[] w = Tensor(weight, out int[] shape);
            double[] sums = Tensor(bias, out _);
            Assert.That(shape, Is.EqualTo(new[] { sums.Length, x.Length }), weight);
            for (int i = 0; i < sums.Length; i++)
            {
                for (int j = 0; j < x.Length; j++)
                {
                    sums[i] += w[(i * x.Length) + j] * x[j];
                }
            }
            return sums;
        }

        private static double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));

        private double[] Tensor(string name, out int[] shape)
        {
            JsonElement entry = Header.GetProperty(name);
            Assert.That(entry.GetProperty("dtype").GetString(), Is.EqualTo("F64"));
            shape = [.. entry.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
            JsonElement offsets = entry.GetProperty("data_offsets");
            return MemoryMarshal.Cast<byte, double>(
                Data.AsSpan()[offsets[0].GetInt32()..offsets[1].GetInt32()]).ToArray();
        }
    }
}
