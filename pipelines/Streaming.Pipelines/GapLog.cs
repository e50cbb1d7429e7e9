namespace Streaming.Pipelines;

/// <summary>What of a stream was not seen, as it comes to pass. Bounded: of very many gaps the shortest are forgotten. Any thread may read.</summary>
public sealed class GapLog
{
    /// <summary>Most gaps: a camera that is lost every ten minutes fills three days.</summary>
    public const int Most = 512;

    /// <summary>Shorter than this nobody is missed: a camera that is tried again at once.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    /// <summary>No camera is silent for so long and there: its session would have ended, or the wall clock was set forward.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>Frames that are missing closer together than this are one gap.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Gap> _gaps;
    private volatile IReadOnlyList<Gap> _shown;
    private TimeSpan? _last;
    private bool _isBroken;

    /// <param name="past">What earlier runs noted, in order of time.</param>
    /// <param name="last">Time of the newest frame of earlier runs; null: there was none.</param>
    public GapLog(IReadOnlyList<Gap> past, TimeSpan? last)
    {
        _gaps = [.. past];
        _shown = past;
        (_last, _isBroken) = (last, last is not null);
    }

    /// <summary>In order of their ends. The same object until another gap is noted.</summary>
    public IReadOnlyList<Gap> Gaps => _shown;

    /// <summary>The frames to come are another session's.</summary>
    public void BeginSession()
    {
        lock (_gate)
            _isBroken = _last is not null;
    }

    public void Arrive(TimeSpan time)
    {
        lock (_gate)
        {
            if (time - _last >= (_isBroken ? Shortest : Silence))
                Add(new Gap(_last!.Value, time, GapReason.Offline, 0));
            (_last, _isBroken) = (time, false);
        }
    }

    /// <summary>A frame that had come was thrown away.</summary>
    public void Miss(TimeSpan time, GapReason reason)
    {
        lock (_gate)
        {
            int same = _gaps.FindLastIndex(gap => gap.Reason == reason);
            if (same < 0 || time - _gaps[same].To > Together)
            {
                Add(new Gap(time, time, reason, 1));
                return;
            }
            _gaps[same] = _gaps[same] with { To = time > _gaps[same].To ? time : _gaps[same].To, Frames = _gaps[same].Frames + 1 };
            _shown = [.. _gaps];
        }
    }

    private void Add(Gap gap)
    {
        if (_gaps.Count == Most)
            _gaps.Remove(_gaps.MinBy(known => known.To - known.From)!);
        _gaps.Add(gap);
        _shown = [.. _gaps];
    }
}
