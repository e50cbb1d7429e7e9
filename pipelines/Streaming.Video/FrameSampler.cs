namespace Streaming.Video;

/// <summary>Chooses the first picture at or after each tick k / rate since the stream's start, within [from, to). Pure.</summary>
public struct FrameSampler(double framesPerSecond, TimeSpan from, TimeSpan? to)
{
    // Containers round times, Matroska to whole milliseconds: a picture this little before its tick is the tick's.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(0.5);

    private long _nextTick = (long)Math.Ceiling(from.TotalSeconds * framesPerSecond - 1e-6);

    public bool IsWanted(TimeSpan time)
    {
        if (time + Rounding < from || IsPast(time))
            return false;
        var tick = (long)Math.Floor((time + Rounding).TotalSeconds * framesPerSecond);
        if (tick < _nextTick)
            return false;
        _nextTick = tick + 1;
        return true;
    }

    /// <summary>True once no later picture can be wanted.</summary>
    public readonly bool IsPast(TimeSpan time) => time >= to;
}
