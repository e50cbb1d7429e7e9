using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streaming.Video;

/// <summary>The decoder process's side of the pipe. Writing a progress or a picture allocates nothing.</summary>
internal sealed class DecodeOutput(Stream pipe)
{
    private const int LifeSignMilliseconds = 1000;

    private long _nextLifeSign;

    /// <summary>Sends the counts if the last life sign is a second old.</summary>
    internal void LifeSign(in DecodeProgress progress)
    {
        if (Environment.TickCount64 < _nextLifeSign)
            return;
        Send(MessageKind.Progress, progress, []);
        _nextLifeSign = Environment.TickCount64 + LifeSignMilliseconds;
    }

    internal void Send(in PictureHeader header, ReadOnlySpan<byte> pixels) => Send(MessageKind.Picture, header, pixels);

    internal void Send(in SoundHeader header, ReadOnlySpan<short> samples) => Send(MessageKind.Sound, header, MemoryMarshal.AsBytes(samples));

    internal void Send(VideoFacts facts) => Send(MessageKind.Facts, DecodeMessages.WriteFacts(facts));

    internal void Send(DecodeReport report) => Send(MessageKind.Report, DecodeMessages.WriteReport(report));

    private void Send<T>(MessageKind kind, in T message, ReadOnlySpan<byte> payload) where T : unmanaged
    {
        Write(new MessageHeader(kind, Unsafe.SizeOf<T>() + payload.Length));
        Write(message);
        WriteAll(payload);
    }

    private void Send(MessageKind kind, byte[] bytes)
    {
        Write(new MessageHeader(kind, bytes.Length));
        WriteAll(bytes);
    }

    private void Write<T>(in T value) where T : unmanaged => WriteAll(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <exception cref="IOException">The parent is gone.</exception>
    private void WriteAll(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
            pipe.Write(bytes);
    }
}
