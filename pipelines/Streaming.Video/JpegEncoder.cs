using Streaming.Compression;

namespace Streaming.Video;

/// <summary>Writes frames as JPEG with libavcodec's own encoder. Safe to use from several threads, one picture at a time.</summary>
public sealed class JpegEncoder : IDisposable
{
    /// <returns>A complete JFIF file.</returns>
    public byte[] Encode(Frame frame) => throw new NotImplementedException();

    public void Dispose() { }
}
