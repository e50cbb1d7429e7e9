using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>
/// Which address of a camera is read: that of its sub-stream, and the main one while that does not work. A sub-stream that the camera
/// refuses is passed over at once; where nobody answered, attempts go to one and the other by turns. Whoever was lost, the sub-stream
/// is tried first again.
/// </summary>
internal sealed class CameraAddresses
{
    private volatile string? _trouble;

    /// <summary>Why the main stream is read although there is a sub-stream; null: it is not.</summary>
    internal string? Trouble => _trouble;

    /// <summary>The next attempt, in order; the second only if the first showed nothing and <see cref="GoesOn"/>.</summary>
    /// <param name="sub">Null: the camera has none.</param>
    internal IReadOnlyList<CameraSource> Next(string main, string? sub) => sub switch
    {
        null => [new CameraSource(main)],
        _ when _trouble is null => [new CameraSource(sub), new CameraSource(main)],
        _ => [new CameraSource(main)],
    };

    /// <summary>The camera answered, so that asking it once more costs nothing.</summary>
    internal static bool GoesOn(SourceFailure? failure) => failure?.Kind is SourceFailureKind.Unauthorized or SourceFailureKind.NotVideo or SourceFailureKind.Undecodable or SourceFailureKind.LimitExceeded;

    /// <summary>A session ended.</summary>
    /// <param name="isSub">It read the sub-stream.</param>
    /// <param name="showed">Pictures came.</param>
    internal void Ended(bool isSub, bool showed, SourceFailure? failure) =>
        _trouble = isSub && !showed ? failure?.Message ?? "it ended" : null;
}
