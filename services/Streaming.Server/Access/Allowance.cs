namespace Streaming.Server.Access;

/// <summary>
/// What may be used of something in a time: what was used is forgiven evenly. Something that costs more than was thought leaves a debt,
/// which has to be forgiven first. Any thread may ask.
/// </summary>
/// <param name="capacity">As much as may be used at once, and in <paramref name="period"/>; 0: without limit.</param>
internal sealed class Allowance(double capacity, TimeSpan period, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _used;
    private long _at = clock.GetTimestamp();

    /// <summary>All that was used is forgiven: whoever forgets this loses nothing.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_gate)
                return capacity <= 0 || Forgive() <= 0;
        }
    }

    /// <summary>Uses an amount if it is there.</summary>
    /// <returns>Null if it was; else how long to wait until it is.</returns>
    public TimeSpan? Take(double amount)
    {
        lock (_gate)
        {
            if (capacity <= 0)
                return null;
            double lacks = Forgive() + amount - capacity;
            if (lacks > 0)
                return period * (lacks / capacity);
            _used += amount;
            return null;
        }
    }

    /// <summary>Counts an amount that was used already.</summary>
    public void Spend(double amount)
    {
        lock (_gate)
            _used = Forgive() + amount;
    }

    private double Forgive()
    {
        long now = clock.GetTimestamp();
        _used = Math.Max(0, _used - capacity * (clock.GetElapsedTime(_at, now) / period));
        _at = now;
        return _used;
    }
}
