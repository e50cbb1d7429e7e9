namespace Streaming.Benchmarks.Clips;

/// <summary>What was noted of clips next to what was to be seen, class by class.</summary>
internal sealed class ClipTally
{
    private int _moments, _rightMoments, _true, _told, _right, _edges, _rightEdges, _counts, _countingError;

    /// <param name="step">Seconds between two moments at which the things in view are counted.</param>
    /// <param name="within">Seconds that an event may be off, and that moments stay away from one.</param>
    public void Add(RealClip clip, IReadOnlyList<Stay> seen, double step, double within)
    {
        foreach (string label in clip.Stays.Select(stay => stay.Class).Distinct())
        {
            Stay[] truth = [.. clip.Stays.Where(stay => stay.Class == label)], told = [.. seen.Where(stay => stay.Class == label)];
            for (double at = step; at < clip.Seconds; at += step)
            {
                if (truth.Any(stay => Math.Abs((stay.From ?? -within - 1) - at) < within || Math.Abs((stay.To ?? -within - 1) - at) < within))
                    continue;
                _moments++;
                _rightMoments += truth.Count(IsThere) == told.Count(IsThere) ? 1 : 0;

                bool IsThere(Stay stay) => (stay.From ?? 0) <= at && (stay.To ?? double.MaxValue) > at;
            }
            Match(truth.Where(stay => stay.From is not null).Select(stay => (stay.From!.Value, stay.FromEdge)), told.Where(stay => stay.From is not null).Select(stay => (stay.From!.Value, stay.FromEdge)), within);
            Match(truth.Where(stay => stay.To is not null).Select(stay => (stay.To!.Value, stay.ToEdge)), told.Where(stay => stay.To is not null).Select(stay => (stay.To!.Value, stay.ToEdge)), within);
            if (!clip.IsCounted)
                continue;
            _counts++;
            _countingError += Math.Abs(truth.Length - told.Length);
        }
    }

    public IEnumerable<BenchResult> Results() =>
    [
        new("clips_presence", (double)_rightMoments / _moments, "share", null, $"how many of a class are in view, each half second; {QaBench.Interval(_rightMoments, _moments)}, which are not independent"),
        new("clips_counting_error", (double)_countingError / _counts, "things/class", null, $"{_counts} classes of things in {RealClip.All.Count} clips"),
        new("clips_event_recall", (double)_right / _true, "share", null, $"comings and goings within 1 s; {QaBench.Interval(_right, _true)}"),
        new("clips_event_precision", _told == 0 ? 0 : (double)_right / _told, "share", null, QaBench.Interval(_right, _told)),
        new("clips_event_edge", _edges == 0 ? 0 : (double)_rightEdges / _edges, "share", null, $"of those found: over which edge; {QaBench.Interval(_rightEdges, _edges)}"),
    ];

    /// <summary>Each event is told once at most, the nearest first.</summary>
    private void Match(IEnumerable<(double At, string? Edge)> truth, IEnumerable<(double At, string? Edge)> told, double within)
    {
        List<(double At, string? Edge)> left = [.. told];
        _told += left.Count;
        foreach ((double at, string? edge) in truth.OrderBy(one => one.At))
        {
            _true++;
            int nearest = left.FindIndex(one => Math.Abs(one.At - at) <= within && Math.Abs(one.At - at) == left.Min(other => Math.Abs(other.At - at)));
            if (nearest < 0)
                continue;
            _right++;
            _edges += edge is null ? 0 : 1;
            _rightEdges += edge is not null && edge.Split('|').Contains(left[nearest].Edge) ? 1 : 0;
            left.RemoveAt(nearest);
        }
    }
}
