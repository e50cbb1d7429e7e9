namespace Streaming.Pipelines;

/// <summary>The newest picture of a stream as a JPEG. One writer; any thread looks.</summary>
/// <remarks>Keyframes are put into JPEG anyway; what comes between them only while somebody looks, so that a stream nobody watches costs nothing more.</remarks>
public sealed class LivePicture(TimeProvider clock)
{
    /// <summary>Whoever watches looks again sooner: a page does every second or two.</summary>
    private static readonly TimeSpan Attention = TimeSpan.FromSeconds(10);

    private long? _lookedAt;
    private volatile byte[]? _jpeg;
    private readonly Lock _gate = new();

    /// <summary>Whether somebody looked just now.</summary>
    internal bool IsWatched
    {
        get
        {
            lock (_gate)
                return _lookedAt is { } at && clock.GetElapsedTime(at) < Attention;
        }
    }

    /// <summary>The newest picture; null where none came since the program started.</summary>
    public byte[]? Look()
    {
        lock (_gate)
            _lookedAt = clock.GetTimestamp();
        return _jpeg;
    }

    internal void Show(byte[] jpeg) => _jpeg = jpeg;
}
