namespace Streaming.Pipelines;

/// <summary>A stretch of a stream that was not seen, or of which less is known than was seen.</summary>
/// <param name="To">The end, included.</param>
/// <param name="Frames">How many frames or keyframes are missing; 0 where nobody can tell.</param>
public sealed record Gap(TimeSpan From, TimeSpan To, GapReason Reason, long Frames);

public enum GapReason
{
    /// <summary>No pictures came: the camera, the network or this program was away.</summary>
    Offline,

    /// <summary>Frames were thrown away because analysis could not keep up.</summary>
    Dropped,

    /// <summary>Keyframes were thrown away because the model did not encode them.</summary>
    Lost,

    /// <summary>All of it was seen, and some of its keyframes have been given up since.</summary>
    Compressed,
}
