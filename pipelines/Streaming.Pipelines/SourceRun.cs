using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>One session with a source: what a stream reads, and how.</summary>
public sealed record SourceRun(VideoSource Source, DecodeRequest Decode)
{
    /// <summary>Play a film at the pace of the world, as a camera would deliver it.</summary>
    public bool InRealTime { get; init; }

    /// <summary>Whose time the frames get; null: their own.</summary>
    public StreamTimeline? Timeline { get; init; }

    /// <summary>Frames per second that the keyframe selector looks at, where perception wants more of them; null: every one.</summary>
    public double? Sampling { get; init; }

    /// <summary>Perception leaves out what is not later: an earlier session noted it; null: it leaves out nothing.</summary>
    public TimeSpan? NotedUntil { get; init; }

    /// <summary>Called once, when the first frame has come.</summary>
    public Action? OnFirstFrame { get; init; }

    /// <summary>A film of which perception gets a whole multiple of the frames that memory does, so that these are the same with it and without.</summary>
    /// <param name="perception">Goes on where it stands; null: nobody perceives.</param>
    public static SourceRun OfFilm(VideoSource source, DecodeRequest decode, StreamPerception? perception)
    {
        if (perception is null)
            return new SourceRun(source, decode);
        double multiple = Math.Max(1, Math.Floor(perception.Options.FramesPerSecond / decode.FramesPerSecond));
        return new SourceRun(source, decode with
        {
            FramesPerSecond = multiple * decode.FramesPerSecond,
            MaxWidth = Math.Max(decode.MaxWidth, perception.PictureSide),
            MaxHeight = Math.Max(decode.MaxHeight, perception.PictureSide),
        })
        {
            Sampling = decode.FramesPerSecond,
            NotedUntil = perception.Notes.SeenUntil > TimeSpan.Zero ? perception.Notes.SeenUntil : null,
        };
    }

    /// <summary>The stream's time of what has a time in the source's; null before the first frame.</summary>
    internal TimeSpan? TimeOf(TimeSpan sourceTime) => Timeline is null ? sourceTime : Timeline.TimeOf(sourceTime);

    /// <summary>The world does not wait: frames that cannot be looked at in time are dropped.</summary>
    public bool IsLossy => Source.IsLive || InRealTime;
}
