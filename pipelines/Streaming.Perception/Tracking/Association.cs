using Streaming.Models;

namespace Streaming.Perception;

/// <summary>Which detections continue which tracks: the best pairs first, each used once. Deterministic.</summary>
internal static class Association
{
    // How far beside its guess a thing may be found, in sizes of its own, and how much farther for each second that it was not seen.
    private const float Reach = 0.7f, ReachPerSecond = 1.0f, LongestReach = 3;

    // Pairs that overlap less must look alike; below this likeness a thing that was lost is another one.
    private const float EnoughOverlap = 0.2f, LeastLikeness = 0.4f;

    // Boxes that differ more in size are different things, unless an edge of the picture cuts one.
    private const float LargestGrowth = 3;

    private const float LikenessWeight = 0.4f, NearnessWeight = 0.5f, LabelWeight = 0.1f, GrowthWeight = 0.15f;

    /// <returns>Pairs of indices, the best first.</returns>
    public static List<(int Track, int Seen)> Match(IReadOnlyList<Track> tracks, IReadOnlyList<Observation> seen, TimeSpan time, float aspect)
    {
        var pairs = new List<(float Score, int Track, int Seen)>();
        for (int t = 0; t < tracks.Count; t++)
        {
            Box guess = tracks[t].Predict(time);
            for (int s = 0; s < seen.Count; s++)
                if (Score(tracks[t], guess, seen[s], time, aspect) is { } score)
                    pairs.Add((score, t, s));
        }
        pairs.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Track != b.Track ? a.Track.CompareTo(b.Track) : a.Seen.CompareTo(b.Seen));
        var usedTracks = new bool[tracks.Count];
        var usedSeen = new bool[seen.Count];
        var matched = new List<(int, int)>();
        foreach (var (_, track, one) in pairs)
        {
            if (usedTracks[track] || usedSeen[one])
                continue;
            usedTracks[track] = usedSeen[one] = true;
            matched.Add((track, one));
        }
        return matched;
    }

    /// <summary>How well a detection continues a track; null if it cannot.</summary>
    public static float? Score(Track track, Box guess, Observation seen, TimeSpan time, float aspect)
    {
        if (!TrackerOptions.AreAlike(track.Label, seen.Detection.Label))
            return null;
        float overlap = guess.Overlap(seen.Box);
        float growth = Growth(track.LastBox, seen.Box);
        float away = (float)(time - track.LastTime).TotalSeconds;
        float reach = Math.Min(Reach + ReachPerSecond * away, LongestReach);
        float distance = Distance(guess, seen.Box, aspect) / MathF.Sqrt(Math.Max(1e-6f, (track.LastBox.Area + seen.Box.Area) / 2 * aspect));
        float likeness = track.Colours.Likeness(seen.Colours);
        if (overlap < EnoughOverlap && (distance > reach || likeness < LeastLikeness || growth > LargestGrowth))
            return null;
        bool isSame = track.Label == seen.Detection.Label;
        return overlap + NearnessWeight * Math.Max(0, 1 - distance / reach) + LikenessWeight * likeness + (isSame ? LabelWeight : 0) - GrowthWeight * MathF.Log(growth);
    }

    /// <summary>Between centres, in picture heights.</summary>
    public static float Distance(Box a, Box b, float aspect)
    {
        float x = (a.CentreX - b.CentreX) * aspect, y = a.CentreY - b.CentreY;
        return MathF.Sqrt(x * x + y * y);
    }

    /// <summary>The larger area over the smaller one; 1 where an edge of the picture cuts a box.</summary>
    public static float Growth(Box a, Box b)
    {
        if (Places.TouchesEdge(a) || Places.TouchesEdge(b))
            return 1;
        float small = Math.Max(1e-6f, Math.Min(a.Area, b.Area)), large = Math.Max(1e-6f, Math.Max(a.Area, b.Area));
        return large / small;
    }
}
