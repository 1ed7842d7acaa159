using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Networks;

namespace Repro.Engine.Records;

/// <summary>
/// A trained network as a file in the safetensors format, which PyTorch, JAX and others read. Its
/// tensors have the names and shapes of PyTorch's own modules, <c>rnn</c> and <c>readout</c>; its
/// header's <c>__metadata__</c> says <c>version</c>, <c>spec</c> (the network as JSON) and
/// <c>sha256</c>, the checksum of the spec's UTF-8 bytes, a line feed and the tensors' bytes. The
/// same network gives the same bytes.
/// Source: the format's description, github.com/huggingface/safetensors.
/// </summary>
/// <example>
/// Saves a network and reads it again:
/// <code>
/// using RecurrentNetwork&lt;float&gt; network = new(new NetworkSpec(2, 16, 1));
/// network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
/// ModelFile.Save(network, path);
/// using SequenceNetwork&lt;float&gt; read = ModelFile.Load&lt;float&gt;(path);
/// </code>
/// </example>
public static class ModelFile
{
    /// <summary>Version of the metadata and of the tensors' names.</summary>
    public const int Version = 1;

    private const string Metadata = "__metadata__";
    private const string Damaged = "; it was damaged or changed: save it again";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <summary>Writes a network to a file, whole or not at all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">Where to; a file there is replaced.</param>
    /// <exception cref="StoreException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public static void Save<T>(SequenceNetwork<T> network, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AtomicFile.Write(path, Bytes(network));

    /// <summary>The network in a file. The caller disposes of it.</summary>
    /// <typeparam name="T">float or double, as the file has it.</typeparam>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="StoreException">The file cannot be read, or it is not a whole model of
    /// this version and precision; the message says which.</exception>
    public static SequenceNetwork<T> Load<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return Parse<T>(File.ReadAllBytes(path));
        }
        catch (FormatException error)
        {
            throw new StoreException($"'{path}' is no model to load: {error.Message}", error);
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            throw new StoreException($"cannot read the model '{path}': {error.Message}", error);
        }
    }

    /// <summary>The bytes of a network's file.</summary>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public static byte[] Bytes<T>(SequenceNetwork<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SweptNetwork<T> swept = (SweptNetwork<T>)network;
        string spec = CanonicalJson.Write(ModelSpec.Of(swept));
        JsonObject header = [];
        List<byte> data = [];
        foreach (ModelTensor<T> tensor in ModelTensors.Of<T>(swept.Layout, network.Parameters))
        {
            int begin = data.Count;
            data.AddRange(LittleEndian(tensor.Values));
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = TypeName<T>(),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(n => (JsonNode)n)]),
                ["data_offsets"] = new JsonArray(begin, data.Count),
            };
        }
        byte[] tensors = [.. data];
        header[Metadata] = new JsonObject
        {
            ["format"] = "pt",
            ["version"] = Version.ToString(CultureInfo.InvariantCulture),
            ["spec"] = spec,
            ["sha256"] = Checksum(spec, tensors),
        };
        byte[] text = CanonicalJson.Bytes(header);
        int padded = (text.Length + 7) / 8 * 8;
        byte[] file = new byte[sizeof(long) + padded + tensors.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        file.AsSpan(sizeof(long), padded).Fill((byte)' ');
        text.CopyTo(file, sizeof(long));
        tensors.CopyTo(file, sizeof(long) + padded);
        return file;
    }

    /// <summary>The network in a file's bytes. The caller disposes of it.</summary>
    /// <typeparam name="T">float or double, as the file has it.</typeparam>
    /// <exception cref="FormatException">They are not a whole model of this version and
    /// precision; the message says which.</exception>
    public static SequenceNetwork<T> Parse<T>(ReadOnlySpan<byte> file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        JsonObject header = Header(file, out int start);
        JsonObject metadata = header[Metadata] as JsonObject ?? throw new FormatException(
            "its header has no __metadata__ with version, spec and sha256, so it is not one that "
            + "this engine saved");
        string version = Text(metadata, "version");
        if (version != Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new FormatException(
                $"it has version {version} and this engine reads version {Version}");
        }
        string spec = Text(metadata, "spec");
        ReadOnlySpan<byte> data = file[start..];
        string stated = Text(metadata, "sha256");
        string found = Checksum(spec, data);
        if (stated != found)
        {
            throw new FormatException(
                $"its checksum says {stated} but its content has {found}{Damaged}");
        }
        SweptNetwork<T> network = ModelSpec.Make<T>(spec);
        try
        {
            List<ModelTensor<T>> tensors = ModelTensors.Of<T>(
                network.Layout, network.Parameters);
            if (header.Count != tensors.Count + 1)
            {
                throw new FormatException(
                    $"it has {header.Count - 1} tensors and its spec needs {tensors.Count}"
                    + Damaged);
            }
            foreach (ModelTensor<T> tensor in tensors)
            {
                Fill(tensor, header[tensor.Name], data);
            }
            ModelTensors.Put(tensors, network.Layout, network.Parameters);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static JsonObject Header(ReadOnlySpan<byte> file, out int start)
    {
        long length = file.Length < sizeof(long)
            ? -1
            : BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length < 2 || length > file.Length - sizeof(long))
        {
            throw new FormatException(
                $"it is {file.Length} bytes long and announces a header of {length}; it was cut "
                + "off or is no safetensors file");
        }
        start = sizeof(long) + (int)length;
        try
        {
            // As text, since a parser of bytes finds what is no UTF-8 only where it is asked for.
            string text = Strict.GetString(file[sizeof(long)..start]);
            return JsonNode.Parse(text, documentOptions: Once) as JsonObject
                ?? throw new FormatException("its header is no JSON object");
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException)
        {
            throw new FormatException($"its header is no JSON ({error.Message})", error);
        }
    }

    private static string Text(JsonObject metadata, string name) =>
        metadata[name] is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw new FormatException(
                $"its __metadata__ has no text '{name}', so it is not one that this engine saved");

    private static void Fill<T>(
        ModelTensor<T> tensor, JsonNode? entry, ReadOnlySpan<byte> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            string type = entry!["dtype"]!.GetValue<string>();
            if (type != TypeName<T>())
            {
                throw new FormatException(
                    $"its tensor '{tensor.Name}' is of {type} and {TypeName<T>()} was asked for; "
                    + (type == "F64" ? "load it as double" : "load it as float"));
            }
            int[] shape = [.. entry["shape"]!.AsArray().Select(n => n!.GetValue<int>())];
            int begin = entry["data_offsets"]![0]!.GetValue<int>();
            int end = entry["data_offsets"]![1]!.GetValue<int>();
            Span<byte> bytes = MemoryMarshal.AsBytes(tensor.Values.AsSpan());
            if (!shape.AsSpan().SequenceEqual(tensor.Shape) || end - begin != bytes.Length)
            {
                throw new FormatException(
                    $"its tensor '{tensor.Name}' is [{string.Join(", ", shape)}] in "
                    + $"{end - begin} bytes and its spec needs [{string.Join(", ", tensor.Shape)}] "
                    + $"in {bytes.Length}{Damaged}");
            }
            data[begin..end].CopyTo(bytes);
            Swap(bytes, Marshal.SizeOf<T>());
        }
        catch (Exception error) when (error is NullReferenceException
            or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(
                $"its tensor '{tensor.Name}' cannot be read ({error.Message})", error);
        }
    }

    private static string Checksum(string spec, ReadOnlySpan<byte> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(spec + "\n"));
        hash.AppendData(tensors);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string TypeName<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? "F32" : "F64";

    private static byte[] LittleEndian<T>(T[] values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        Swap(bytes, Marshal.SizeOf<T>());
        return bytes;
    }

    // The format is little-endian; so is every processor that .NET 10 runs on but s390x.
    private static void Swap(Span<byte> bytes, int width)
    {
        for (int at = 0; at < bytes.Length && !BitConverter.IsLittleEndian; at += width)
        {
            bytes.Slice(at, width).Reverse();
        }
    }
}
