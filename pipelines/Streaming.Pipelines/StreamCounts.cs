using Streaming.Compression;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>Counts of one stream as its stages report them. Any thread may read.</summary>
internal sealed class StreamCounts(StreamAccount past, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private StreamAccount _account = past;
    private DecodeSession? _session;
    private VideoFacts? _facts;
    private long? _arrived;
    private TimeSpan? _lag, _sessionTime;

    // Pictures that the session has decoded at least, by the newest frame that came: its own count is up to a second old.
    private long _shown;

    internal StreamAccount Account
    {
        get
        {
            lock (_gate)
                return Now();
        }
    }

    internal VideoFacts? Facts
    {
        get
        {
            lock (_gate)
                return _session?.Facts ?? _facts;
        }
    }

    internal TimeSpan? FrameAge
    {
        get
        {
            lock (_gate)
                return _arrived is { } arrived ? clock.GetElapsedTime(arrived) : null;
        }
    }

    internal TimeSpan? Lag
    {
        get
        {
            lock (_gate)
                return _lag;
        }
    }

    /// <summary>Time of the newest frame in its own session.</summary>
    internal TimeSpan? SessionTime
    {
        get
        {
            lock (_gate)
                return _sessionTime;
        }
    }

    /// <summary>The session that runs; null between two.</summary>
    internal DecodeSession? Session
    {
        get
        {
            lock (_gate)
                return _session;
        }
    }

    internal void Begin(DecodeSession session)
    {
        lock (_gate)
            _session = session;
    }

    internal void End()
    {
        lock (_gate)
        {
            _account = Now();
            _facts = _session?.Facts ?? _facts;
            (_session, _shown) = (null, 0);
        }
    }

    /// <summary>A frame came.</summary>
    /// <param name="frame">At its time in its own session.</param>
    /// <returns>The clock's timestamp.</returns>
    internal long Arrive(Frame frame)
    {
        long now = clock.GetTimestamp();
        lock (_gate)
            (_arrived, _sessionTime, _shown) = (now, frame.Time, frame.Index + 1);
        return now;
    }

    internal void Drop()
    {
        lock (_gate)
            _account = _account with { Dropped = _account.Dropped + 1 };
    }

    internal void Lose(int keyframes)
    {
        lock (_gate)
            _account = _account with { Lost = _account.Lost + keyframes };
    }

    internal void Thin()
    {
        lock (_gate)
            _account = _account with { Thinned = _account.Thinned + 1 };
    }

    /// <summary>A frame is looked at.</summary>
    /// <returns>The counts as of this frame, whatever the decoder has read ahead.</returns>
    internal DecodeProgress Look(Frame frame)
    {
        lock (_gate)
        {
            _account = _account with { Sampled = _account.Sampled + 1 };
            return new DecodeProgress(
                _account.Decoded + frame.Index + 1, _account.Sampled, _account.Unreadable + (_session?.Progress.Unreadable ?? 0), frame.Time);
        }
    }

    /// <summary>A frame is remembered.</summary>
    /// <param name="arrived">What <see cref="Arrive"/> returned for it.</param>
    /// <returns>How long that took since it arrived.</returns>
    internal TimeSpan Keep(long arrived, int tokensIn)
    {
        TimeSpan lag = clock.GetElapsedTime(arrived);
        lock (_gate)
        {
            _lag = lag;
            _account = _account with
            {
                Kept = _account.Kept + 1,
                TokensIn = _account.TokensIn + tokensIn,
            };
        }
        return lag;
    }

    /// <summary>A frame is remembered with the tokens of another.</summary>
    /// <inheritdoc cref="Keep"/>
    internal TimeSpan Reuse(long arrived)
    {
        lock (_gate)
            _account = _account with { Reused = _account.Reused + 1 };
        return Keep(arrived, 0);
    }

    /// <summary>It is decided what is kept of a frame.</summary>
    internal void Reduce(int tokensKept)
    {
        lock (_gate)
            _account = _account with { TokensKept = _account.TokensKept + tokensKept };
    }

    private StreamAccount Now() => _session is { Progress: var session }
        ? _account with { Decoded = _account.Decoded + Math.Max(session.Decoded, _shown), Unreadable = _account.Unreadable + session.Unreadable }
        : _account;
}
