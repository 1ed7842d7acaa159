namespace Repro.Engine.Data;

/// <summary>Lets a compressor write into a part, with the part's own errors.</summary>
/// <param name="part">Stays open.</param>
internal sealed class PartStream(PartFile part) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => part.Length;

    public override long Position
    {
        get => part.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => part.Append(buffer);

    public override void Write(byte[] buffer, int offset, int count) =>
        part.Append(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
