using System.Buffers.Binary;
using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class MatReaderTests
{
    private static readonly MatWriter Little = new();

    // Offsets: 128 tag, 136 flags, 152 dimensions, 168 name, 176 values (6 in 16 bytes), 192 end.
    private static readonly byte[] Sample = Little.File(
        Little.Bytes("a", 2, 3, 1, 2, 3, 4, 5, 6));

    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    private MatFile Read(params byte[] bytes) => MatReader.Read(scratch.Put("file.mat", bytes));

    private DataException Failure(byte[] bytes, DataErrorKind kind, params string[] said)
    {
        string path = scratch.Put("bad.mat", bytes);
        DataException error = Assert.Throws<DataException>(() => MatReader.Read(path))!;
        Assert.That(error.Message, Does.StartWith(path));
        Assert.That(error.Kind, Is.EqualTo(kind), error.Message);
        foreach (string text in said)
        {
            Assert.That(error.Message, Does.Contain(text));
        }

        return error;
    }

    private void Malformed(byte[] bytes, params string[] said) =>
        Failure(bytes, DataErrorKind.Malformed, said);

    private static byte[] With(int offset, params byte[] values)
    {
        byte[] bytes = [.. Sample];
        values.CopyTo(bytes, offset);
        return bytes;
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public void Both_byte_orders_plain_and_compressed_give_the_same_arrays(
        bool bigEndian, bool compressed)
    {
        MatWriter writer = new(bigEndian);
        byte[] roll = writer.Bytes("", 2, 3, 1, 2, 3, 4, 5, 6);
        byte[] cells = writer.Cells("pieces", roll, writer.Bytes("", 1, 2, 8, 9));
        byte[] number = writer.Bytes("n", 1, 1, 7);
        byte[][] elements = [cells, number];
        MatFile file = Read(writer.File(
            compressed ? [.. elements.Select(writer.Compressed)] : elements));

        Assert.That(file.Variables.Select(v => v.Name), Is.EqualTo(new[] { "pieces", "n" }));
        MatCell pieces = file.Cell("pieces");
        Assert.That(pieces.Dimensions, Is.EqualTo(new[] { 1, 2 }));
        MatNumeric first = (MatNumeric)pieces.Cells[0];
        Assert.That(first.Class, Is.EqualTo(MatClass.UInt8));
        Assert.That(first.Dimensions, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(first.ToBytes(), Is.EqualTo(new byte[] { 1, 3, 5, 2, 4, 6 }), "row-major");
        Assert.That(((MatNumeric)pieces.Cells[1]).ToBytes(), Is.EqualTo(new byte[] { 8, 9 }));
        Assert.That(file.Numeric("n").ToBytes(), Is.EqualTo(new byte[] { 7 }));
    }

    [TestCase(1, new double[] { -2, 1 })]
    [TestCase(2, new double[] { 200, 1 })]
    [TestCase(3, new double[] { -200, 1 })]
    [TestCase(4, new double[] { 60_000, 1 })]
    [TestCase(5, new double[] { -2_000_000, 1 })]
    [TestCase(6, new double[] { 4_000_000_000, 1 })]
    [TestCase(7, new double[] { -1.5, 0.25 })]
    [TestCase(9, new double[] { 1e300, -0.1 })]
    [TestCase(12, new double[] { -9e15, 1 })]
    [TestCase(13, new double[] { 9e15, 1 })]
    public void Values_of_every_storage_type_are_read_in_both_byte_orders(
        int storage, double[] values)
    {
        foreach (bool bigEndian in new[] { false, true })
        {
            MatWriter writer = new(bigEndian);
            byte[] data = [.. values.SelectMany(v => Encode(storage, v, bigEndian))];

            // The class is double: MATLAB keeps a double array in the smallest type that holds it.
            MatNumeric array = Read(writer.File(writer.Matrix(
                writer.Head(6, [2, 1], "x"), writer.Element(storage, data)))).Numeric("x");

            Assert.That(array.ToDoubles(), Is.EqualTo(values));
            Assert.That(array.ToSingles(), Is.EqualTo(values.Select(v => (float)v)));
            Assert.That(array.Class, Is.EqualTo(MatClass.Double));
        }
    }

    private static byte[] Encode(int storage, double value, bool bigEndian)
    {
        int size = storage switch { 1 or 2 => 1, 3 or 4 => 2, 9 or 12 or 13 => 8, _ => 4 };
        byte[] bytes = new byte[size];
        switch (storage)
        {
            case 7:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case 9:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            default:
                long whole = (long)value;
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)(whole >> (8 * i));
                }

                break;
        }

        if (bigEndian)
        {
            bytes.AsSpan().Reverse();
        }

        return bytes;
    }

    [Test]
    public void An_array_of_three_dimensions_comes_out_with_the_last_subscript_fastest()
    {
        // a(i, j, k) = 100 i + 10 j + k for a 2×3×2 array, kept with i fastest.
        byte[] values = [.. from k in Enumerable.Range(0, 2)
                            from j in Enumerable.Range(0, 3)
                            from i in Enumerable.Range(0, 2)
                            select (byte)((100 * i) + (10 * j) + k)];
        MatNumeric array = Read(Little.File(Little.Matrix(
            Little.Head(9, [2, 3, 2], "a"), Little.Element(2, values)))).Numeric("a");

        Assert.That(array.ToBytes(), Is.EqualTo(
            new byte[] { 0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121 }));
    }

    [Test]
    public void Empty_arrays_and_empty_cells_are_read()
    {
        byte[] nothing = Little.Element(14);
        MatFile file = Read(Little.File(
            Little.Cells("c", nothing, Little.Bytes("", 0, 88)), Little.Bytes("e", 3, 0)));

        Assert.That(file.Cell("c").Cells.Select(c => c.Dimensions[1]),
            Is.EqualTo(new[] { 0, 88 }));
        Assert.That(file.Numeric("e").ToBytes(), Is.Empty);
    }

    [Test]
    public void A_value_that_is_no_byte_is_named_with_its_place()
    {
        foreach (double wrong in new[] { -1, 256, 0.5, double.NaN, double.PositiveInfinity })
        {
            byte[] data = [.. Encode(9, 3, false), .. Encode(9, wrong, false)];
            MatNumeric array = Read(Little.File(Little.Matrix(
                Little.Head(6, [1, 2], "x"), Little.Element(9, data)))).Numeric("x");

            Assert.That(array.ToBytes, Throws.TypeOf<DataException>().With.Message
                .Contain($"Value 1 of the 1×2 array at offset 184 is {wrong:R}"));
        }
    }

    [Test]
    public void A_variable_that_is_not_there_is_answered_with_those_that_are()
    {
        MatFile file = Read(Sample);

        Assert.That(() => file.Cell("a"), Throws.TypeOf<DataException>().With.Message
            .Contain("no cell array 'a'; it has the numeric array 'a'"));
        Assert.That(() => Read(Little.File()).Numeric("x"), Throws.TypeOf<DataException>()
            .With.Message.Contain("no variable at all"));
    }

    [Test]
    public void A_wrong_header_is_printed_with_its_offset()
    {
        Malformed(With(126, (byte)'X', (byte)'X'), "offset 126", "0x5858");
        Malformed(With(124, 0, 2), "offset 124", "HDF5", "-v7");
        Malformed(With(124, 7, 7), "offset 124", "0x0707, expected 0x0100");
    }

    [Test]
    public void Every_truncation_of_a_plain_file_is_reported_as_such()
    {
        for (int length = 0; length < Sample.Length; length++)
        {
            if (length == 128)
            {
                Assert.That(Read(Sample[..length]).Variables, Is.Empty, "a file without variables");
                continue;
            }

            int offset = length < 136 ? length : 128;
            Failure(Sample[..length], DataErrorKind.Truncated, $"at offset {offset},");
        }
    }

    [Test]
    public void Every_truncation_of_a_compressed_file_is_reported_as_such()
    {
        byte[] file = Little.File(Little.Compressed(
            Little.Cells("c", Little.Bytes("", 2, 3, 1, 2, 3, 4, 5, 6))));
        for (int length = 129; length < file.Length; length++)
        {
            Failure(file[..length], DataErrorKind.Truncated);
        }
    }

    [Test]
    public void A_zlib_stream_cut_short_inside_its_element_is_malformed_wherever_it_ends()
    {
        byte[] packed = MatWriter.Zlib(Little.Bytes("a", 2, 3, 1, 2, 3, 4, 5, 6));
        for (int length = 0; length < packed.Length; length++)
        {
            Malformed(Little.File([.. Little.Word(15), .. Little.Word((uint)length),
                .. packed[..length]]), "offset 128");
        }
    }

    [Test]
    public void A_changed_byte_of_a_zlib_stream_never_changes_a_value_unnoticed()
    {
        byte[] file = Little.File(Little.Compressed(
            Little.Cells("c", Little.Bytes("", 2, 3, 1, 2, 3, 4, 5, 6))));
        int noticed = 0;
        for (int at = 136; at < file.Length; at++)
        {
            foreach (byte flip in new byte[] { 1, 0x20, 0xff })
            {
                byte[] damaged = [.. file];
                damaged[at] ^= flip;
                try
                {
                    // The level's hint and the bits behind the last block mean nothing.
                    Assert.That(((MatNumeric)Read(damaged).Cell("c").Cells[0]).ToBytes(),
                        Is.EqualTo(new byte[] { 1, 3, 5, 2, 4, 6 }), $"byte {at} ^ {flip}");
                }
                catch (DataException error)
                {
                    Assert.That(error.Message, Does.Contain("at offset 128,"));
                    noticed++;
                }
            }
        }

        Assert.That(noticed, Is.GreaterThan((file.Length - 136) * 3 * 0.95));
    }

    [Test]
    public void Any_changed_bytes_of_a_plain_file_end_in_arrays_or_in_a_data_error()
    {
        byte[] file = Little.File(
            Little.Cells("c", Little.Bytes("", 2, 3, 1, 2, 3, 4, 5, 6), Little.Cells("")),
            Little.Bytes("x", 1, 2, 3, 4));
        uint state = 1;
        for (int at = 128; at < file.Length; at++)
        {
            foreach (byte value in new byte[] { 0, 1, 5, 14, 0x7f, 0x80, 0xff })
            {
                byte[] damaged = [.. file];
                damaged[at] = value;
                AssertReadsOrFails(damaged);
                state = (state * 1664525u) + 1013904223u;
                damaged[128 + (int)(state % (uint)(file.Length - 128))] = (byte)(state >> 24);
                AssertReadsOrFails(damaged);
            }
        }
    }

    // Any other exception, or a hang, fails the test.
    private void AssertReadsOrFails(byte[] bytes)
    {
        string path = scratch.Put("fuzz.mat", bytes);
        try
        {
            foreach (MatArray variable in MatReader.Read(path).Variables)
            {
                _ = (variable as MatNumeric)?.ToDoubles();
            }
        }
        catch (DataException error)
        {
            Assert.That(error.Message, Does.StartWith(path).And.Contain("offset "));
        }
    }

    [Test]
    public void Wrong_types_and_lengths_are_named_with_their_offset()
    {
        Malformed(With(128, 13), "at offset 128,", "type is 13, expected 14 (matrix)");
        Malformed(With(136, 5), "at offset 136,", "array flags have type 5");
        Malformed(With(152, 6), "at offset 152,", "dimensions have type 6");
        Malformed(With(168, 2), "at offset 168,", "name has type 2");
        Malformed(With(172, 0x0a), "at offset 168,", "0x0a");
        Malformed(With(170, 5), "at offset 168,", "5 bytes in a small element");
        Malformed(With(176, 14), "at offset 176,", "values have type 14, expected numbers");
        Malformed(With(180, 200), "at offset 176,", "promises 200 bytes and 8 are left");
        Malformed(With(140, 0xff, 0xff, 0xff, 0xff), "at offset 136,", "promises 4294967295");
        Malformed(Little.File([.. Little.Word(14), .. Little.Word(4), 0, 0, 0, 0]),
            "at offset 136,", "array flags should begin and 4 bytes are left");
    }

    [Test]
    public void Dimensions_that_do_not_match_the_values_are_malformed()
    {
        Malformed(With(160, 3), "at offset 176,", "3×3", "6 bytes of values of 1 bytes");
        Malformed(With(160, 0xff, 0xff, 0xff, 0x7f), "2147483647×3");
        Malformed(With(160, 0xff, 0xff, 0xff, 0xff), "at offset 160,", "dimension 1 is -1");
        Malformed(With(176, 4), "at offset 176,", "values of 2 bytes");
        Malformed(Little.File(Little.Matrix(
            Little.Head(9, [2], "a"), Little.Small(2, 1, 2))), "4 for each of 2 to 32");
        Malformed(Little.File(Little.Matrix(
            Little.Head(9, [.. Enumerable.Repeat(1, 33)], "a"), Little.Small(2, 1))), "2 to 32");
    }

    [Test]
    public void Bytes_behind_the_content_of_an_array_are_malformed()
    {
        byte[] tail = Little.Small(2, 1);
        Malformed(Little.File(Little.Matrix(
            Little.Head(9, [1, 1], "a"), Little.Small(2, 1), tail)), "8 bytes are left over");
        Malformed(Little.File(Little.Matrix(
            Little.Head(1, [1, 1], "c"), Little.Bytes("", 1, 1, 5), tail)),
            "8 bytes are left over");
    }

    [TestCase(2, "struct")]
    [TestCase(3, "object")]
    [TestCase(4, "char")]
    [TestCase(5, "sparse")]
    [TestCase(16, "function")]
    [TestCase(17, "opaque")]
    [TestCase(0, "class 0")]
    [TestCase(99, "unknown")]
    public void A_class_that_is_not_read_is_named_with_its_offset(int type, string name) =>
        Malformed(With(144, (byte)type), "at offset 144,", name, "real numeric arrays");

    [Test]
    public void A_complex_array_is_not_read_and_a_logical_one_is()
    {
        Malformed(With(145, 8), "at offset 144,", "complex");
        Assert.That(Read(With(145, 2)).Numeric("a").Count, Is.EqualTo(6));
    }

    [Test]
    public void Two_variables_of_one_name_are_malformed() => Malformed(
        Little.File(Little.Bytes("a", 1, 1, 5), Little.Bytes("a", 1, 1, 6)),
        "at offset 184,", "second variable is called 'a'");

    [Test]
    public void More_cells_than_the_bytes_can_hold_fail_before_any_memory_is_taken()
    {
        Malformed(Little.File(Little.Matrix(
            Little.Head(1, [50_000, 40_000], "c"), Little.Element(14))), "50000×40000");
        Malformed(Little.File(Little.Matrix(
            Little.Head(1, [1 << 30, 1 << 30], "c"), Little.Element(14))), "cannot lie in");
        Malformed(Little.File(Little.Matrix(
            Little.Head(1, [1, 1], "c"), Little.Small(2, 1))), "cell 0 of 1 has type 2");
    }

    [Test]
    public void Cells_nested_without_end_are_refused_before_the_stack_overflows()
    {
        byte[] inner = Little.Bytes("", 1, 1, 5);
        for (int depth = 0; depth < 5_000; depth++)
        {
            inner = Little.Cells("", inner);
        }

        Malformed(Little.File(inner), "more than 16 deep");
    }

    [Test]
    public void A_compressed_element_that_promises_more_than_deflate_can_pack_is_refused()
    {
        byte[] bomb = Little.Compressed([.. Little.Word(14), .. Little.Word(0xffff_fff0), 1, 2]);
        Malformed(Little.File(bomb), "at offset 128,", "promises 4294967288 bytes");
    }

    [Test]
    public void A_decompression_bomb_is_refused_by_the_size_it_states()
    {
        // 300 MiB from 400 KB: possible for deflate, more than the reader takes.
        using MemoryStream packed = new();
        using (System.IO.Compression.ZLibStream zlib = new(
            packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            zlib.Write([.. Little.Word(14), .. Little.Word(300 << 20)]);
            zlib.Write(DataSamples.Bytes(400_000));
        }

        byte[] element = packed.ToArray();
        Malformed(
            Little.File([.. Little.Word(15), .. Little.Word((uint)element.Length), .. element]),
            $"promises {(300 << 20) + 8} bytes", $"{MatReader.MaxBytes} of a file");
    }

    [Test]
    public void A_compressed_element_holding_more_or_less_than_it_states_is_malformed()
    {
        byte[] matrix = Little.Bytes("a", 2, 3, 1, 2, 3, 4, 5, 6);
        Malformed(Little.File(Little.Compressed([.. matrix, 0])), "goes on after the 64 bytes");
        Malformed(Little.File(Little.Compressed(matrix[..^8])), "ends after 56 of 64");
        Malformed(Little.File(Little.Compressed(Little.Element(2, 1, 2, 3))),
            "element of type 2, expected 14");
        byte[] tail = [.. MatWriter.Zlib(matrix), 0, 0, 0, 0];
        Malformed(Little.File([.. Little.Word(15), .. Little.Word((uint)tail.Length), .. tail]),
            "checksum 0x00000000");
    }

    [Test]
    public void An_error_inside_a_compressed_element_gives_the_offset_in_its_content()
    {
        byte[] matrix = Little.Bytes("a", 2, 3, 1, 2, 3, 4, 5, 6);
        matrix[16] = 5;
        Malformed(Little.File(Little.Compressed(matrix)),
            "at offset 16 of what the compressed element at offset 128 holds", "sparse");
    }

    [Test]
    public void An_absent_file_is_missing() => Assert.That(
        () => MatReader.Read(Path.Combine(scratch.Path, "none.mat")),
        Throws.TypeOf<DataException>().With.Property("Kind").EqualTo(DataErrorKind.Missing));
}
