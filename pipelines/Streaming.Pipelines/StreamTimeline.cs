namespace Streaming.Pipelines;

/// <summary>
/// The time of a stream across its sessions: seconds since its first frame ever, on the wall clock. A session's own times begin
/// anywhere; a lost session leaves a gap and nothing else. Time never stands still and never runs backwards.
/// </summary>
/// <param name="startedAt">The moment of second 0; null: that of the first frame to come.</param>
/// <param name="last">Time of the newest frame of earlier runs; null: there was none.</param>
/// <remarks>
/// Within a session the source's own times count, because arrival jitters. A frame cannot have been taken after it arrived, so the
/// earliest arrival places the session, and where the source's clock is slow, arrivals draw it after them, a thousandth at most.
/// Where the wall clock was set forward, time goes with it; where it was set back, time goes at half its pace until the wall has caught up.
/// One caller at a time; <see cref="StartedAt"/> and <see cref="Last"/> may be read by any thread.
/// </remarks>
public sealed class StreamTimeline(TimeProvider clock, DateTimeOffset? startedAt = null, TimeSpan? last = null)
{
    /// <summary>A session that is later than this is placed anew: no camera buffers more.</summary>
    public static readonly TimeSpan LargestLateness = TimeSpan.FromSeconds(10);

    // Clocks of cameras are ten times better than this; a load on the machine lasts too briefly to move time noticeably.
    private const double LargestDrift = 0.001;

    // Frames come in bursts of a few pictures at most before their time; further ahead of the wall is only who lived before it was set back.
    private static readonly TimeSpan LargestLead = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private DateTimeOffset? _startedAt = startedAt;
    private TimeSpan? _last = last;
    private TimeSpan? _offset;
    private TimeSpan _sessionTime, _lateness;

    /// <summary>The moment of second 0; null before the first frame.</summary>
    public DateTimeOffset? StartedAt
    {
        get
        {
            lock (_gate)
                return _startedAt;
        }
    }

    /// <summary>Time of the newest frame; null before the first.</summary>
    public TimeSpan? Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>How late the newest frame arrived after it was taken: more than a moment if the decoder or the network cannot keep up.</summary>
    public TimeSpan Lateness
    {
        get
        {
            lock (_gate)
                return _lateness;
        }
    }

    /// <summary>The stream's time now, whether or not frames come.</summary>
    public TimeSpan Now => StartedAt is { } start ? clock.GetUtcNow() - start : TimeSpan.Zero;

    /// <summary>The next frame belongs to another session, whose times mean nothing yet.</summary>
    public void BeginSession()
    {
        lock (_gate)
            _offset = null;
    }

    /// <summary>The stream's time of what has a time in the session of the newest frame; null before its first frame.</summary>
    public TimeSpan? TimeOf(TimeSpan sessionTime)
    {
        lock (_gate)
            return _offset is { } offset && sessionTime + offset is var time && time >= TimeSpan.Zero ? time : null;
    }

    /// <summary>Time of a frame that arrives now.</summary>
    /// <param name="sessionTime">Its time in its own session.</param>
    public TimeSpan Place(TimeSpan sessionTime)
    {
        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            _startedAt ??= now;
            TimeSpan atArrival = now - _startedAt.Value - sessionTime;
            TimeSpan late = atArrival - (_offset ?? atArrival);
            if (late < TimeSpan.Zero || late > LargestLateness || _offset is null)
                _offset = atArrival;
            else
                _offset += Least(late, (sessionTime - _sessionTime) * LargestDrift);
            TimeSpan time = sessionTime + _offset.Value, earliest = Earliest(now - _startedAt.Value, sessionTime);
            _sessionTime = sessionTime;
            _lateness = now - _startedAt.Value - time;
            _last = time > earliest ? time : earliest;
            return _last.Value;
        }
    }

    /// <param name="now">On the wall.</param>
    private TimeSpan Earliest(TimeSpan now, TimeSpan sessionTime)
    {
        if (_last is not { } last)
            return TimeSpan.Zero;
        TimeSpan step = last - now > LargestLead && sessionTime > _sessionTime ? (sessionTime - _sessionTime) / 2 : TimeSpan.Zero;
        return last + (step > TimeSpan.Zero ? step : TimeSpan.FromTicks(1));
    }

    private static TimeSpan Least(TimeSpan late, TimeSpan drift) => drift < TimeSpan.Zero ? TimeSpan.Zero : drift < late ? drift : late;
}
