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

    internal StreamAccount Account
    {
        get
        {
            lock (_gate)
                return _session is { Progress: var now } ? _account with { Decoded = _account.Decoded + now.Decoded, Unreadable = _account.Unreadable + now.Unreadable } : _account;
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
            if (_session is not { Progress: var now })
                return;
            _account = _account with { Decoded = _account.Decoded + now.Decoded, Unreadable = _account.Unreadable + now.Unreadable };
            _facts = _session.Facts ?? _facts;
            _session = null;
        }
    }

    /// <summary>A frame came.</summary>
    /// <param name="sessionTime">Its time in its own session.</param>
    /// <returns>The clock's timestamp.</returns>
    internal long Arrive(TimeSpan sessionTime)
    {
        long now = clock.GetTimestamp();
        lock (_gate)
            (_arrived, _sessionTime) = (now, sessionTime);
        return now;
    }

    internal void Drop()
    {
        lock (_gate)
            _account = _account with { Dropped = _account.Dropped + 1 };
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
    internal TimeSpan Keep(long arrived, int tokensIn, int tokensKept)
    {
        TimeSpan lag = clock.GetElapsedTime(arrived);
        lock (_gate)
        {
            _lag = lag;
            _account = _account with
            {
                Kept = _account.Kept + 1, TokensIn = _account.TokensIn + tokensIn, TokensKept = _account.TokensKept + tokensKept,
            };
        }
        return lag;
    }
}
