namespace Streaming.Server.Http;

/// <summary>More bytes came than are taken.</summary>
internal sealed class UploadTooLargeException() : IOException("the upload is too large");

/// <summary>The file inside a form, read once from front to back. Remembers what reading ran into.</summary>
internal sealed class UploadContent(Stream body, long mostBytes) : Stream
{
    private long _read;

    public Exception? Fault { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await body.ReadAsync(buffer, cancellationToken);
            _read += read;
            return _read <= mostBytes ? read : throw new UploadTooLargeException();
        }
        catch (Exception e)
        {
            Fault ??= e;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("uploads are read asynchronously");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
