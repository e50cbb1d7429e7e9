namespace Streaming.Video;

/// <summary>
/// Turns sources into frames, each in a process of its own: a crash, a hang or a memory bomb there ends that source with a
/// <see cref="SourceFailure"/> and touches nothing else.
/// </summary>
public sealed class Decoder(DecoderOptions options)
{
    /// <summary>Starts decoding. Nothing is dropped: the process waits when frames are not taken.</summary>
    /// <param name="cancellationToken">Kills the process; the report then says <see cref="SourceFailureKind.Stopped"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The request is outside its documented ranges.</exception>
    public DecodeSession Open(VideoSource source, DecodeRequest request, CancellationToken cancellationToken = default)
    {
        request.Validate();
        return new DecodeSession(options, source, request, cancellationToken);
    }
}
