namespace Streaming.Video;

/// <summary>Turns the timestamps of decoded pictures into time since the stream's start, which never runs backwards. Pure.</summary>
/// <param name="start">Timestamp of the stream's start; null: that of the first picture.</param>
/// <param name="secondsPerUnit">The stream's time base.</param>
/// <param name="frameDuration">Assumed step where a picture has no timestamp and after a jump.</param>
/// <param name="timesMayJump">The container (MPEG-TS, RTSP) may restart its times; elsewhere a large step forward is a real gap.</param>
internal struct StreamClock(long? start, double secondsPerUnit, TimeSpan frameDuration, bool timesMayJump)
{
    // Two pictures of a running MPEG-TS or camera are never this far apart; FFmpeg's program draws the same line (-dts_delta_threshold).
    private static readonly TimeSpan LargestStep = TimeSpan.FromSeconds(10);

    // Reordering and rounding move timestamps back by less than this; more is a restart.
    private static readonly TimeSpan LargestStepBack = TimeSpan.FromSeconds(1);

    private TimeSpan _offset;
    private TimeSpan? _last;

    /// <summary>Time of the next picture in order of presentation; <paramref name="timestamp"/> null where the container gives none.</summary>
    internal TimeSpan Next(long? timestamp)
    {
        if (timestamp is not { } stamp)
        {
            _last = _last + frameDuration ?? TimeSpan.Zero;
            return _last.Value;
        }
        start ??= stamp;
        var time = TimeSpan.FromTicks((long)Math.Round((stamp - start.Value) * secondsPerUnit * TimeSpan.TicksPerSecond)) + _offset;
        if (_last is { } last)
        {
            var step = time - last;
            if (step < -LargestStepBack || (timesMayJump && step > LargestStep))
            {
                _offset += last + frameDuration - time;
                time = last + frameDuration;
            }
            else if (step < TimeSpan.Zero)
            {
                time = last;
            }
        }
        _last = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return _last.Value;
    }

    /// <summary>After a seek: the next picture may lie anywhere.</summary>
    internal void Forget() => (_last, _offset) = (null, TimeSpan.Zero);
}
