using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Torture.Fuzz;

/// <summary>Whole inputs of each reader, from which mutations begin.</summary>
internal static class Samples
{
    /// <summary>The run that the sample checkpoint belongs to.</summary>
    public static string Id { get; } = new('5', 64);

    /// <summary>The layout of its state.</summary>
    public static int Layout => Trainer.Layout;

    /// <summary>Of a target.</summary>
    public static IReadOnlyList<byte[]> Of(string target) => target switch
    {
        "idx" => [Idx(), Gzip(Idx())],
        "mat" => [Mat(Numbers("a")), Mat(Cells()), Mat(Packed(Numbers("b"))),
            Mat([.. Numbers("a"), .. Packed(Cells())])],
        "npy" => [Npy("<f4", 24), Npy("|u1", 6)],
        "record" => [Record()],
        "note" => [Note()],
        "checkpoint" => [Checkpoint()],
        "model" => [Model(new SimpleSetup(Variant.Named("smart tanh"), new WeightScales())),
            Model(new LstmInitializer()), Model(new GruInitializer()),
            Model(new ClockworkSetup(new Clockwork([1, 2])))],
        "protocol" => [Embedded("protocol-talathi.json"), Embedded("protocol-pascanu.json")],
        "targets" => [Embedded("targets.csv")],
        "settings" => [Settings()],
        "text" => [Encoding.UTF8.GetBytes(" the <unk> of N\n mr. o'neil & co \n no\n")],
        _ => throw new ArgumentException($"there is no target '{target}'"),
    };

    /// <summary>A trainer whose state the sample checkpoint has.</summary>
    public sealed class Rig : IDisposable
    {
        private readonly SequenceNetwork<float> network;

        public Rig()
        {
            MarkedPairTask task = Task(1);
            network = Setup.Make(task.Network(4, Activation.Tanh), 1);
            Trainer = new Trainer(network, task, Spec, 1);
        }

        public Trainer Trainer { get; }

        public void Dispose()
        {
            Trainer.Dispose();
            network.Dispose();
        }
    }

    private static SimpleSetup Setup { get; } =
        new(Variant.Named("np-tanhRNN"), new WeightScales());

    private static TrainingSpec Spec { get; } = new()
    {
        BatchSize = 2,
        Updates = 6,
        LearningRate = 0.01,
        EvaluateEvery = 2,
        ValidationSequences = 3,
        Rules = [new SelectionRule("squared error", false, 0), new TraceWindow(1, 4)],
    };

    private static MarkedPairTask Task(ulong seed) => new(
        PairTarget.Sum, 4, seed, trainingCount: 8, validationCount: 5, testCount: 5);

    private static TrainingRun Run() => new("sample", Task, Setup, Spec, 4, 1);

    private static byte[] Record() => RunRecord.Of(
        Run(),
        new RunResult(
            Outcomes.Completed, new Dictionary<string, double> { ["loss"] = 0.5, ["x"] = 1e300 },
            new Dictionary<string, Curve> { ["loss"] = new([0, 2, 4], [1, double.NaN, 0.25]) },
            new string('a', 64), 6)).FileBytes();

    private static byte[] Note() => new ProvenanceNote(
        "sample", 1.5, DateTime.UnixEpoch, 2, MachineFacts.Here("Avx2"), new string('b', 40),
        false).FileBytes();

    private static byte[] Checkpoint()
    {
        using Rig rig = new();
        for (int i = 0; i < 3; i++)
        {
            rig.Trainer.Advance();
        }
        using Scratch scratch = new();
        string path = scratch["checkpoint"];
        CheckpointFile.Write(
            path, Id, new CheckpointFile(Layout, rig.Trainer.Save(), 1, 1, DateTime.UnixEpoch));
        return File.ReadAllBytes(path);
    }

    private static byte[] Model(NetworkSetup setup)
    {
        using SequenceNetwork<float> network =
            setup.Make(new NetworkSpec(2, 4, 1, setup.Activation), 3);
        return ModelFile.Bytes(network);
    }

    private static byte[] Settings() =>
        Encoding.UTF8.GetBytes(CanonicalJson.Write(Run().Spec));

    private static byte[] Idx() =>
        [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }
        return packed.ToArray();
    }

    private static byte[] Npy(string type, int bytes)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': (2, 3), }}";
        text = text.PadRight(117) + "\n";
        return [0x93, .. Encoding.ASCII.GetBytes("NUMPY"), 1, 0, (byte)text.Length, 0,
            .. Encoding.ASCII.GetBytes(text), .. Enumerable.Range(0, bytes).Select(i => (byte)i)];
    }

    private static byte[] Mat(byte[] elements) =>
        [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), 0, 1, (byte)'I',
            (byte)'M', .. elements];

    private static byte[] Numbers(string name) =>
        Matrix(6, 2, 3, name, Element(9, [.. Enumerable.Range(0, 6).SelectMany(
            i => BitConverter.GetBytes((double)i))]));

    private static byte[] Cells() => Matrix(1, 1, 2, "c", [.. Numbers(""), .. Numbers("")]);

    private static byte[] Matrix(int type, int rows, int columns, string name, byte[] content) =>
        Element(14, [
            .. Element(6, [.. Word(type), .. Word(0)]),
            .. Element(5, [.. Word(rows), .. Word(columns)]),
            .. Element(1, Encoding.ASCII.GetBytes(name)),
            .. content]);

    private static byte[] Packed(byte[] element)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal))
        {
            zlib.Write(element);
        }
        byte[] bytes = packed.ToArray();
        return [.. Word(15), .. Word(bytes.Length), .. bytes];
    }

    private static byte[] Element(int type, byte[] content) =>
        [.. Word(type), .. Word(content.Length), .. content,
            .. new byte[(8 - (content.Length % 8)) % 8]];

    private static byte[] Word(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Embedded(string name)
    {
        using Stream stream = typeof(Samples).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource '{name}' is missing");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
