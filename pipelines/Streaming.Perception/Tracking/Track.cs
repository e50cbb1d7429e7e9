using Streaming.Models;

namespace Streaming.Perception;

/// <summary>One thing over time, as the tracker believes. Mutable, owned by the tracker, bounded in size.</summary>
internal sealed class Track
{
    private const int LongestTrail = 32;
    private const int MostLabels = 8;

    // What background subtraction sees has no name: a detector's name wins as soon as it was half sure of it.
    private const float UnnamedWeight = 0.04f;

    // Another name must be this much more likely: no flutter between car and truck.
    private const float Doubt = 1.25f;

    // The velocity is that of about the last second.
    private static readonly TimeSpan VelocitySpan = TimeSpan.FromSeconds(1);

    // What is hidden goes on as it went, but not for ever.
    private static readonly TimeSpan LongestGuess = TimeSpan.FromSeconds(3);

    private readonly Queue<(TimeSpan Time, Box Box)> _trail = new();
    private readonly Dictionary<string, float> _votes = new(StringComparer.Ordinal);
    private float _scores;
    private float _best;

    public Track(TimeSpan time, Observation seen)
    {
        (FirstTime, FirstBox, Label) = (time, seen.Box, seen.Detection.Label);
        Take(time, seen);
    }

    /// <summary>0 until it counts.</summary>
    public int Number { get; set; }

    public string Label { get; private set; }

    public TimeSpan FirstTime { get; }

    public Box FirstBox { get; }

    public TimeSpan LastTime { get; private set; }

    public Box LastBox { get; private set; }

    public TimeSpan ClearestTime { get; private set; }

    public int Hits { get; private set; }

    public ColourShares Colours { get; private set; } = ColourShares.Empty;

    /// <summary>Sum of the scores, an unnamed thing's being half.</summary>
    public float Evidence => _scores;

    /// <summary>Per cent.</summary>
    public int Sure => (int)Math.Round(100 * Math.Clamp(_scores / Hits, 0, 1));

    /// <summary>Whether it has ever been elsewhere than where it began, by half its size: both of two opposite edges, so that growing is no moving.</summary>
    public bool HasMoved { get; private set; }

    public TrackConduct Conduct { get; } = new();

    /// <summary>Shares of width and height per second, over about the last second before it was lost.</summary>
    public (float X, float Y) Velocity
    {
        get
        {
            var from = _trail.First(at => LastTime - at.Time <= VelocitySpan);
            float seconds = (float)(LastTime - from.Time).TotalSeconds;
            return seconds <= 0 ? (0, 0) : ((LastBox.CentreX - from.Box.CentreX) / seconds, (LastBox.CentreY - from.Box.CentreY) / seconds);
        }
    }

    public Box Predict(TimeSpan time)
    {
        TimeSpan ahead = time - LastTime < LongestGuess ? time - LastTime : LongestGuess;
        float seconds = (float)ahead.TotalSeconds;
        var (x, y) = Velocity;
        return LastBox.Moved(x * seconds, y * seconds);
    }

    public void Take(TimeSpan time, Observation seen)
    {
        Colours = Colours.Mix(Math.Min(Hits, LongestTrail), seen.Colours);
        (LastTime, LastBox) = (time, seen.Box);
        HasMoved |= Shift(LastBox.Left - FirstBox.Left, LastBox.Right - FirstBox.Right) > FirstBox.Width / 2
            || Shift(LastBox.Top - FirstBox.Top, LastBox.Bottom - FirstBox.Bottom) > FirstBox.Height / 2;
        Hits++;
        _scores += seen.Detection.Score;
        if (seen.Detection.Score > _best)
            (_best, ClearestTime) = (seen.Detection.Score, time);
        Remember(time);
        Vote(seen.Detection);
    }

    /// <summary>Was seen where it is, although nobody looked for it: nothing has moved since.</summary>
    public void Stay(TimeSpan time)
    {
        LastTime = time;
        Remember(time);
    }

    /// <summary>Takes over what another track saw of the same thing after this one lost it.</summary>
    public void Continue(Track later)
    {
        (LastTime, LastBox, Colours) = (later.LastTime, later.LastBox, Colours.Mix(Math.Min(Hits, LongestTrail), later.Colours));
        Hits += later.Hits;
        _scores += later._scores;
        if (later._best > _best)
            (_best, ClearestTime) = (later._best, later.ClearestTime);
        foreach (var (label, votes) in later._votes)
            _votes[label] = _votes.GetValueOrDefault(label) + votes;
        _trail.Clear();
        foreach (var at in later._trail)
            _trail.Enqueue(at);
    }

    /// <summary>Whether the votes name it otherwise than before.</summary>
    public bool Relabel()
    {
        var best = _votes.MaxBy(vote => (vote.Value, vote.Key));
        if (best.Key == Label || best.Value < _votes.GetValueOrDefault(Label) * Doubt)
            return false;
        Label = best.Key;
        return true;
    }

    private static float Shift(float one, float other) => one * other <= 0 ? 0 : Math.Min(Math.Abs(one), Math.Abs(other));

    private void Remember(TimeSpan time)
    {
        _trail.Enqueue((time, LastBox));
        if (_trail.Count > LongestTrail)
            _trail.Dequeue();
    }

    private void Vote(Detection seen)
    {
        float weight = seen.Label == TrackerOptions.Unnamed ? UnnamedWeight : seen.Score;
        if (_votes.Count < MostLabels || _votes.ContainsKey(seen.Label))
            _votes[seen.Label] = _votes.GetValueOrDefault(seen.Label) + weight;
    }
}
