using System.Text;
using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class NpyReaderTests
{
    private const string Two = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }";

    private static readonly byte[] Values = [1, 2, 3, 4, 5, 6];
    private static readonly byte[] Sample = Npy(Two, Values);

    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    internal static byte[] Npy(string header, byte[] values, int version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = version == 1
            ? BitConverter.GetBytes((ushort)text.Length)
            : BitConverter.GetBytes((uint)text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. values];
    }

    private NpyArray Read(byte[] bytes, params int[] expected) =>
        NpyReader.Read(scratch.Put("file.npy", bytes), expected);

    private DataException Failure(byte[] bytes, DataErrorKind kind, params string[] said)
    {
        string path = scratch.Put("bad.npy", bytes);
        DataException error = Assert.Throws<DataException>(() => NpyReader.Read(path))!;
        Assert.That(error.Message, Does.StartWith(path).And.Contain("offset "));
        Assert.That(error.Kind, Is.EqualTo(kind), error.Message);
        foreach (string text in said)
        {
            Assert.That(error.Message, Does.Contain(text));
        }

        return error;
    }

    [TestCase(1, false)]
    [TestCase(2, false)]
    [TestCase(3, false)]
    [TestCase(1, true)]
    public void Every_version_gives_the_same_array_gzip_or_plain(int version, bool packed)
    {
        byte[] bytes = Npy(Two, Values, version);
        NpyArray array = Read(packed ? DataSamples.Gzip(bytes) : bytes, 2, -1);

        Assert.That(array.Type, Is.EqualTo(NpyType.UInt8));
        Assert.That(array.Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(array.Data, Is.EqualTo(Values));
    }

    [Test]
    public void Values_of_every_type_are_read()
    {
        (string Descr, byte[] Bytes)[] cases =
        [
            ("|u1", [200, 7]),
            ("<u1", [200, 7]),
            ("<f4", [.. BitConverter.GetBytes(200f), .. BitConverter.GetBytes(7f)]),
            ("<f8", [.. BitConverter.GetBytes(200.0), .. BitConverter.GetBytes(7.0)]),
            ("<i4", [.. BitConverter.GetBytes(200), .. BitConverter.GetBytes(7)]),
            ("<i8", [.. BitConverter.GetBytes(200L), .. BitConverter.GetBytes(7L)]),
        ];
        foreach ((string descr, byte[] bytes) in cases)
        {
            NpyArray array = Read(Npy(
                $"{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,), }}", bytes));
            Assert.That(array.ToSingles(), Is.EqualTo(new[] { 200f, 7f }), descr);
        }
    }

    [TestCase("{\"shape\": (2, 3), 'fortran_order':False,'descr':\"|u1\"}   ")]
    [TestCase("{'fortran_order': False, 'descr': '|u1', 'shape': (2,3)}")]
    [TestCase(" { 'shape' : ( 2 , 3 , ) , 'descr' : '|u1' , 'fortran_order' : False , } ")]
    public void The_dictionary_may_be_written_otherwise(string header) =>
        Assert.That(Read(Npy(header, Values)).Shape, Is.EqualTo(new[] { 2, 3 }));

    [Test]
    public void A_single_value_and_an_empty_array_are_read()
    {
        const string Start = "{'descr': '|u1', 'fortran_order': False, 'shape': ";
        Assert.That(Read(Npy(Start + "(), }", [9])).ToSingles(), Is.EqualTo(new[] { 9f }));
        Assert.That(Read(Npy(Start + "(0, 4), }", [])).Data, Is.Empty);
    }

    [TestCase("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "big-endian")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "object array")]
    [TestCase("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", "'<f2' is not read")]
    [TestCase("{'descr': '<U8', 'fortran_order': False, 'shape': (2,), }", "'|u1', '<f4'")]
    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "structured")]
    [TestCase("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", "Fortran order")]
    [TestCase("{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 3), }", "True or False")]
    [TestCase("{'descr': '|u1', 'shape': (2, 3), }", "lacks one")]
    [TestCase("{'descr': '|u1', 'descr': '|u1', 'shape': (2, 3), }", "key 'descr' twice")]
    [TestCase("{'descr': '|u1', 'more': 1, 'shape': (2, 3), }", "key 'more'")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (2, -3), }", "a size from 0")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3000000000), }", "a size")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': [2, 3], }", "expected '('")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), } x", "line feed")]
    [TestCase("{'descr': '|u1, 'fortran_order': False", "expected ")]
    [TestCase("", "expected '{'")]
    public void A_header_that_is_wrong_or_describes_another_kind_of_array_says_why(
        string header, string said) =>
        Failure(Npy(header, Values), DataErrorKind.Malformed, "offset 10,", said);

    [Test]
    public void A_wrong_magic_string_or_version_is_printed()
    {
        foreach (int at in Enumerable.Range(0, 6))
        {
            byte[] bytes = [.. Sample];
            bytes[at] ^= 0x20;
            Failure(bytes, DataErrorKind.Malformed, "offset 0,",
                "0x" + Convert.ToHexStringLower(bytes.AsSpan(0, 6)));
        }

        byte[] four = [.. Sample];
        four[6] = 4;
        Failure(four, DataErrorKind.Malformed, "offset 6,", "version is 4.0");
    }

    [Test]
    public void Every_truncation_is_reported_with_an_offset_plain_and_gzip()
    {
        for (int length = 0; length < Sample.Length; length++)
        {
            Failure(Sample[..length], DataErrorKind.Truncated);
            Failure(DataSamples.Gzip(Sample[..length]), DataErrorKind.Truncated,
                length < Sample.Length - 6 ? "ends inside" : $"at offset {length},");
        }
    }

    [Test]
    public void Bytes_after_the_last_value_are_malformed() => Failure(
        [.. Sample, 0], DataErrorKind.Malformed, $"offset {Sample.Length},", "bytes left");

    [Test]
    public void Absurd_sizes_fail_before_any_memory_is_taken()
    {
        const string Start = "{'descr': '<f8', 'fortran_order': False, 'shape': ";
        foreach (string shape in new[]
        {
            "(2000000000,)", "(2000000000, 2000000000, 2000000000, 2000000000)",
            "(65536, 65536, 65536, 65536)",
        })
        {
            byte[] bytes = Npy(Start + shape + "}", Values);
            Failure(bytes, DataErrorKind.Truncated, "more than the file can hold");
            Failure(DataSamples.Gzip(bytes), DataErrorKind.Truncated, "more than the file");
        }

        Failure([0x93, .. "NUMPY"u8, 2, 0, 0xff, 0xff, 0xff, 0xff, .. Values],
            DataErrorKind.Malformed, "offset 8,", "header has 4294967295 bytes");
    }

    [Test]
    public void An_unexpected_shape_is_named_with_both()
    {
        string path = scratch.Put("file.npy", Sample);

        Assert.That(() => NpyReader.Read(path, 2, 4), Throws.TypeOf<DataException>()
            .With.Message.Contain("the array is 2×3, expected 2×4"));
        Assert.That(() => NpyReader.Read(path, -1, 3, 1), Throws.TypeOf<DataException>()
            .With.Message.Contain("the array is 2×3, expected any×3×1"));
    }

    [Test]
    public void Any_changed_byte_ends_in_an_array_or_in_a_data_error()
    {
        for (int at = 0; at < Sample.Length; at++)
        {
            foreach (byte value in new byte[] { 0, 1, (byte)'0', (byte)'9', (byte)'\'', 0xff })
            {
                byte[] bytes = [.. Sample];
                bytes[at] = value;
                string path = scratch.Put("fuzz.npy", bytes);
                try
                {
                    NpyReader.Read(path);
                }
                catch (DataException error)
                {
                    Assert.That(error.Message, Does.StartWith(path).And.Contain("offset "));
                }
            }
        }
    }

    [Test]
    public void A_written_header_has_the_bytes_that_NumPy_writes()
    {
        byte[] bytes = new NpyHeader(NpyType.UInt8, [1865, 25, 4096]).ToBytes();

        // numpy.save of an array of this shape begins so.
        string text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1865, 25, 4096), }";
        Assert.That(bytes, Is.EqualTo(
            ((byte[])[0x93, .. "NUMPY"u8, 1, 0, 118, 0])
                .Concat(Encoding.ASCII.GetBytes(text.PadRight(117) + "\n"))));
        Assert.That(Read([.. new NpyHeader(NpyType.Single, [1]).ToBytes(), 0, 0, 128, 63])
            .ToSingles(), Is.EqualTo(new[] { 1f }));
    }
}
