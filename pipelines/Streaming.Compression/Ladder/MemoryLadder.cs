namespace Streaming.Compression.Ladder;

/// <summary>
/// The memory of a stream as clips side by side. While all fits, nothing is given up; where only the clips are too many, neighbours join
/// and keep their tokens. When the tokens do not fit, the oldest clips are thinned to their share; then two neighbours of a step of the ladder that holds too many become one clip that spans twice as long; and once no
/// step holds too many, the two neighbours that are missed least. So the recent past stays fine, the distant past grows coarse, and
/// neither tokens nor clips ever exceed their cap.
/// </summary>
/// <remarks>
/// The newest keyframes stay as they were seen, and what is in sight now always does. The state is a pure function of the keyframes that
/// were added, in order. Steps that double and the penalty are those of hierarchical memories (StreamForest).
/// </remarks>
internal sealed class MemoryLadder
{
    /// <summary>From so many deviations above the mean novelty a clip counts twice where it is asked how much was merged already.</summary>
    private const double Anomaly = 3;

    private readonly MemoryOptions _options;
    private readonly List<MemoryClip> _clips;

    /// <summary>How alike each clip is to the one after it; NaN: nobody asked yet.</summary>
    private readonly List<double> _likeness;
    private int _tokens, _entries;

    public MemoryLadder(MemoryOptions options, IEnumerable<MemoryClip> clips)
    {
        (_options, _clips) = (options, [.. clips]);
        _likeness = [.. _clips.Select(_ => double.NaN)];
        (_tokens, _entries) = (_clips.Sum(clip => clip.Tokens), _clips.Sum(clip => clip.Entries.Length));
        Relieve();
    }

    /// <summary>A copy that goes its own way.</summary>
    public MemoryLadder(MemoryLadder other)
    {
        (_options, _clips, _likeness) = (other._options, [.. other._clips], [.. other._likeness]);
        (_tokens, _entries) = (other._tokens, other._entries);
    }

    /// <summary>The last of them is still open.</summary>
    public IReadOnlyList<MemoryClip> Clips => _clips;

    public int Tokens => _tokens;

    /// <exception cref="ArgumentException">The entry goes back in time, or alone exceeds the budget.</exception>
    public void Add(MemoryEntry entry)
    {
        if (entry.Tokens.Count > _options.BudgetOf(entry.Tokens.Hidden))
            throw new ArgumentException($"An entry of {entry.Tokens.Count} tokens exceeds the budget of {_options.BudgetOf(entry.Tokens.Hidden)}.", nameof(entry));
        if (_clips is [.., { } newest] && entry.Time < newest.To)
            throw new ArgumentException($"The entry at {entry.Time} is older than the last one at {newest.To}.", nameof(entry));
        if (_clips is not [.., { } open] || ClipCut.Before(entry, open))
            Append(MemoryClip.Of(entry));
        else
            Lengthen(open.With(entry));
        _tokens += entry.Tokens.Count;
        _entries++;
        Relieve();
    }

    private void Append(MemoryClip clip)
    {
        _clips.Add(clip);
        _likeness.Add(double.NaN);
    }

    private void Lengthen(MemoryClip open)
    {
        if (open.Entries.Length <= ClipCut.Longest)
        {
            _clips[^1] = open;
            return;
        }
        (_clips[^1], MemoryClip next) = open.CutAt(ClipCut.In(open));
        Append(next);
    }

    private bool IsOver => _clips.Count > 0 && (IsHeavy || _clips.Count > _options.MostClips);

    private bool IsHeavy => _tokens > Budget || _entries > _options.Budget;

    private int Budget => _options.BudgetOf(_clips[0].Entries[0].Tokens.Hidden);

    /// <summary>Each step makes a clip thinner for good or the clips fewer, so that there is an end.</summary>
    private void Relieve()
    {
        while (IsOver)
        {
            int past = ClipsBeforeTheWindow();
            if (!IsHeavy && past > 1)
                Unite(OnFullestStep(past) is var step and >= 0 ? step : LeastMissed(past), joined => joined);
            else if (_clips.FindIndex(0, past, clip => clip.IsWhole) is var whole and >= 0)
                Replace(whole, Thin(_clips[whole], Share));
            else if (OnFullestStep(past) is var pair and >= 0)
                Merge(pair);
            else if (past > 1)
                Merge(LeastMissed(past));
            else if (!ThinWindow(past))
                break;
        }
    }

    /// <summary>The tokens of a clip that has been thinned.</summary>
    private int Share => Math.Min(_options.ClipTokens, Math.Max(1, Budget / 16));

    private static MemoryClip Thin(MemoryClip clip, int tokens, int verbatim = 0) => clip.Thinned(ClipThinning.Fit(clip.Entries, tokens, verbatim));

    /// <summary>How many clips lie wholly before the newest entries.</summary>
    private int ClipsBeforeTheWindow()
    {
        int clip = _clips.Count - 1;
        for (int entries = _clips[clip].Entries.Length; clip > 0 && entries < _options.RecentEntries; entries += _clips[clip].Entries.Length)
            clip--;
        return clip;
    }

    /// <summary>The oldest two neighbours on the lowest step that holds more than its number of clips; -1: none does.</summary>
    private int OnFullestStep(int past)
    {
        var counts = new int[64];
        for (int i = 0; i < past; i++)
            counts[_clips[i].Level]++;
        for (int level = 0; level < counts.Length; level++)
        {
            if (counts[level] <= _options.ClipsPerLevel)
                continue;
            for (int i = 0; i + 1 < past; i++)
            {
                if (_clips[i].Level == level && _clips[i + 1].Level == level)
                    return i;
            }
        }
        return -1;
    }

    /// <summary>The two neighbours with the least penalty; of equals the oldest.</summary>
    private int LeastMissed(int past)
    {
        (double mean, double deviation) = Novelty(past);
        double merged(MemoryClip clip) => clip.Clips * (clip.Novelty > mean + (Anomaly * deviation) ? 2 : 1);
        double most = _clips.Take(past).Max(clip => clip.Clips);
        double age = Math.Max(1, (_clips[^1].To - _clips[0].From).Ticks);
        (int best, double least) = (0, double.PositiveInfinity);
        for (int i = 0; i + 1 < past; i++)
        {
            (MemoryClip one, MemoryClip other) = (_clips[i], _clips[i + 1]);
            double middle = (one.From + one.To + other.From + other.To).Ticks / 4.0;
            double penalty = (0.4 * (1 - Likeness(i))) + (0.4 * (merged(one) + merged(other)) / (2 * most)) + (0.2 * (middle - _clips[0].From.Ticks) / age);
            if (penalty < least)
                (best, least) = (i, penalty);
        }
        return best;
    }

    private double Likeness(int clip) => double.IsNaN(_likeness[clip]) ? _likeness[clip] = ClipLikeness.Of(_clips[clip], _clips[clip + 1]) : _likeness[clip];

    private (double Mean, double Deviation) Novelty(int past)
    {
        double mean = _clips.Take(past).Average(clip => clip.Novelty);
        return (mean, Math.Sqrt(_clips.Take(past).Average(clip => (clip.Novelty - mean) * (clip.Novelty - mean))));
    }

    /// <summary>Where the newest entries alone are too many: the older of them first, then all but the newest.</summary>
    private bool ThinWindow(int past)
    {
        for (int clip = past, after = _clips.Skip(past).Sum(c => c.Entries.Length); clip < _clips.Count; clip++)
        {
            int verbatim = Math.Min(_clips[clip].Entries.Length, Math.Max(1, _options.RecentEntries - (after -= _clips[clip].Entries.Length)));
            if (verbatim < _clips[clip].Entries.Length && Gains(clip, verbatim))
                return true;
        }
        if (_clips.Count == 1)
            return Gains(0, verbatim: 1);
        Merge(0);
        return true;
    }

    /// <summary>Thins a clip as far as it must; false if that gains nothing.</summary>
    private bool Gains(int clip, int verbatim)
    {
        MemoryClip thinned = Thin(_clips[clip], Math.Max(0, _clips[clip].Tokens - (_tokens - Budget)), verbatim);
        bool gains = thinned.Tokens < _clips[clip].Tokens || thinned.Entries.Length < _clips[clip].Entries.Length;
        if (gains)
            Replace(clip, thinned);
        return gains;
    }

    /// <summary>The newest entry stays, even if it holds nothing new.</summary>
    private void Merge(int first) => Unite(first, joined => Thin(joined, Share, verbatim: first + 2 == _clips.Count ? 1 : 0));

    private void Unite(int first, Func<MemoryClip, MemoryClip> shape)
    {
        MemoryClip merged = shape(_clips[first].Join(_clips[first + 1]));
        Count(_clips[first + 1], -1);
        _clips.RemoveAt(first + 1);
        _likeness.RemoveAt(first + 1);
        Replace(first, merged);
    }

    private void Replace(int index, MemoryClip clip)
    {
        Count(_clips[index], -1);
        Count(clip, 1);
        _clips[index] = clip;
        _likeness[index] = double.NaN;
        if (index > 0)
            _likeness[index - 1] = double.NaN;
    }

    private void Count(MemoryClip clip, int sign)
    {
        _tokens += sign * clip.Tokens;
        _entries += sign * clip.Entries.Length;
    }
}
