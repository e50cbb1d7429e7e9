namespace Streaming.Video;

/// <summary>Why a source gives no (more) pictures. An expected outcome, so a value and no exception.</summary>
/// <param name="Message">One line in words, without the name of the source and without secrets.</param>
public sealed record SourceFailure(SourceFailureKind Kind, string Message)
{
    public override string ToString() => Message;
}

public enum SourceFailureKind : byte
{
    /// <summary>No such file, nobody listens there, or no data came in time.</summary>
    Unreachable,

    /// <summary>The camera refused user or password, or the file's permissions refused us.</summary>
    Unauthorized,

    /// <summary>Empty, text, a playlist, sound only, or a container outside the allow-list.</summary>
    NotVideo,

    /// <summary>Damaged, or coded with a codec outside the allow-list.</summary>
    Undecodable,

    /// <summary>Longer, larger or more pictures than <see cref="DecodeLimits"/> allows.</summary>
    LimitExceeded,

    /// <summary>A live source ended its stream, or a file ends before the time asked for.</summary>
    EndOfStream,

    /// <summary>The decoder process crashed, hung and was killed, or could not be started.</summary>
    DecoderLost,

    /// <summary>FFmpeg's libraries are missing or of a version whose layout this program does not know.</summary>
    LibrariesUnusable,

    /// <summary>We stopped: cancelled or disposed before the end.</summary>
    Stopped,
}
