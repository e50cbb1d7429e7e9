namespace Streaming.Models;

/// <summary>
/// The last step of a CenterNet: a heat map for each class, whose peaks are the centres of things, and the distances from each place to
/// the edges of a box around it -> detections.
/// </summary>
/// <param name="side">Of the maps, in places.</param>
/// <param name="stride">Pixels of the input from one place to the next.</param>
/// <param name="labels">One for each class.</param>
public sealed class CenterNetPeaks(int side, int stride, IReadOnlyList<string> labels)
{
    /// <summary>Less sure peaks are not told: there are hundreds.</summary>
    public const float LeastScore = 0.15f;

    // What the source network keeps, too.
    private const int Most = 100;

    // Two boxes of any class that share more are one thing.
    private const float SameThing = 0.5f;

    // A box over more of the square is no thing: it is the scene.
    private const float LargestShare = 0.5f;

    /// <param name="heat">[classes, side, side] 0..1.</param>
    /// <param name="reach">[4, side, side] pixels from a centre to the left, top, right and bottom edge.</param>
    /// <returns>The surest first; boxes in shares of the input.</returns>
    public IReadOnlyList<Detection> Find(ReadOnlySpan<float> heat, ReadOnlySpan<float> reach)
    {
        List<(float Score, int At)> peaks = Peaks(heat);
        peaks.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.At.CompareTo(b.At));
        var found = new List<Detection>();
        foreach (var (score, at) in peaks.Take(Most))
        {
            Box box = BoxAt(at % (side * side), reach);
            if (box.Area <= LargestShare && box is { Width: > 0, Height: > 0 } && found.TrueForAll(other => other.Box.Overlap(box) <= SameThing))
                found.Add(new Detection(box, labels[at / (side * side)], score));
        }
        return found;
    }

    /// <summary>Places that are no less than their eight neighbours.</summary>
    private List<(float Score, int At)> Peaks(ReadOnlySpan<float> heat)
    {
        var peaks = new List<(float, int)>();
        int places = side * side;
        for (int at = 0; at < labels.Count * places; at++)
            if (heat[at] >= LeastScore && IsPeak(heat.Slice(at / places * places, places), at % places))
                peaks.Add((heat[at], at));
        return peaks;
    }

    private bool IsPeak(ReadOnlySpan<float> map, int at)
    {
        int x = at % side, y = at / side;
        for (int row = Math.Max(0, y - 1); row <= Math.Min(side - 1, y + 1); row++)
            for (int column = Math.Max(0, x - 1); column <= Math.Min(side - 1, x + 1); column++)
                if (map[row * side + column] > map[at])
                    return false;
        return true;
    }

    private Box BoxAt(int place, ReadOnlySpan<float> reach)
    {
        float x = place % side * stride, y = place / side * stride, all = side * stride;
        int places = side * side;
        return new Box(
            (x - reach[place]) / all, (y - reach[places + place]) / all, (x + reach[2 * places + place]) / all, (y + reach[3 * places + place]) / all).InPicture();
    }
}
