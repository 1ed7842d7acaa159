using NUnit.Framework;
using Repro.Engine.Data;
using static Repro.Engine.Tests.Data.DataSamples;

namespace Repro.Engine.Tests.Data;

public class IdxReaderTests
{
    // Two images of 2×3.
    private static readonly byte[] Sample =
    [
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3,
        1, 2, 3, 4, 5, 6, 250, 251, 252, 253, 254, 255,
    ];

    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    private DataException Failure(byte[] bytes, params int[] expected)
    {
        string path = scratch.Put("bad-file", bytes);
        DataException error = Assert.Throws<DataException>(
            () => IdxReader.Read(path, expected))!;
        Assert.That(error.Message, Does.StartWith(path));
        Assert.That(error.File, Is.EqualTo(path));
        return error;
    }

    private static byte[] With(int offset, byte value)
    {
        byte[] bytes = [.. Sample];
        bytes[offset] = value;
        return bytes;
    }

    [Test]
    public void Plain_and_gzip_files_give_the_same_array()
    {
        foreach (byte[] bytes in new[] { Sample, Gzip(Sample) })
        {
            IdxArray array = IdxReader.Read(scratch.Put("idx", bytes), 2, -1, 3);

            Assert.That(array.Dimensions, Is.EqualTo(new[] { 2, 2, 3 }));
            Assert.That(array.Data, Is.EqualTo(Sample[16..]));
        }
    }

    [Test]
    public void A_one_dimensional_file_is_read_without_expectations()
    {
        IdxArray array = IdxReader.Read(scratch.Put("idx", [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]));

        Assert.That(array.Dimensions, Is.EqualTo(new[] { 2 }));
        Assert.That(array.Data, Is.EqualTo(new byte[] { 7, 9 }));
    }

    [TestCase(0, (byte)1)]
    [TestCase(1, (byte)1)]
    [TestCase(2, (byte)9)]
    [TestCase(3, (byte)0)]
    public void A_wrong_magic_number_is_printed(int offset, byte value)
    {
        byte[] bytes = With(offset, value);
        DataException error = Failure(bytes);

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Malformed));
        Assert.That(error.Message, Does.Contain("offset 0")
            .And.Contain("0x" + Convert.ToHexStringLower(bytes.AsSpan(0, 4))));
    }

    [Test]
    public void Every_truncation_is_reported_with_the_offset_at_which_it_happened()
    {
        for (int length = 0; length < Sample.Length; length++)
        {
            DataException error = Failure(Gzip(Sample[..length]));
            Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Truncated), $"{length} bytes");
            Assert.That(error.Message, Does.Contain($"offset {length},"));
        }
    }

    [Test]
    public void A_plain_file_shorter_than_its_header_promises_is_truncated()
    {
        DataException error = Failure(Sample[..^1]);

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Truncated));
        Assert.That(error.Message, Does.Contain("2×2×3"));
    }

    [Test]
    public void A_gzip_stream_cut_anywhere_before_its_checksum_is_truncated()
    {
        byte[] idx = [0, 0, 8, 1, 0, 0, 0x13, 0x88, .. Bytes(5_000)];
        byte[] packed = Gzip(idx);
        for (int length = 18; length < packed.Length - 12; length += 97)
        {
            DataException error = Failure(packed[..length]);
            Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Truncated), $"{length} bytes");
        }
    }

    [Test]
    public void A_damaged_gzip_stream_is_malformed()
    {
        byte[] packed = Gzip(Sample);
        packed[^6] ^= 1;

        DataException error = Failure(packed);

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Malformed));
        Assert.That(error.Message, Does.Contain("gzip stream is damaged"));
    }

    [Test]
    public void Bytes_after_the_last_value_are_malformed()
    {
        DataException error = Failure([.. Sample, 0]);

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Malformed));
        Assert.That(error.Message, Does.Contain($"offset {Sample.Length},"));
    }

    [Test]
    public void Unexpected_dimensions_are_named_with_both_values_and_their_offset()
    {
        Assert.That(Failure(Sample, 2, 2, 4).Message,
            Does.Contain("offset 12, dimension 3 is 3, expected 4"));
        Assert.That(Failure(Sample, 2).Message,
            Does.Contain("offset 3, the array has 3 dimensions, expected 1"));
    }

    [TestCase((byte)0xff, "dimension 1 is -")]
    [TestCase((byte)0x7f, "more than the file can hold")]
    public void Absurd_dimensions_fail_before_any_memory_is_taken(byte high, string said)
    {
        Assert.That(Failure(With(4, high)).Message, Does.Contain(said));
        Assert.That(Failure(Gzip(With(4, high))).Message, Does.Contain(said));
    }

    [Test]
    public void An_empty_dimension_is_malformed()
    {
        Assert.That(Failure(With(11, 0)).Message, Does.Contain("dimension 2 is 0"));
    }

    [Test]
    public void An_absent_file_is_missing()
    {
        DataException error = Assert.Throws<DataException>(
            () => IdxReader.Read(Path.Combine(scratch.Path, "none", "idx")))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Missing));
    }
}
