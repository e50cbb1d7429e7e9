namespace Streaming.Perception;

/// <summary>Where things stood, for how long: seconds for each cell of the picture. One writer; readers take copies. Of constant size.</summary>
public sealed class HeatMap
{
    public const int Columns = 64, Rows = 36;

    private readonly Lock _writing = new();
    private readonly float[] _seconds = new float[Columns * Rows];

    /// <summary>Adds that something stood at each of some spots.</summary>
    public void Add(IEnumerable<Spot> spots, TimeSpan duration)
    {
        lock (_writing)
            foreach (Spot spot in spots)
                _seconds[Math.Clamp((int)(spot.Y * Rows), 0, Rows - 1) * Columns + Math.Clamp((int)(spot.X * Columns), 0, Columns - 1)] += (float)duration.TotalSeconds;
    }

    /// <summary>[<see cref="Rows"/>, <see cref="Columns"/>] seconds.</summary>
    public float[] Seconds()
    {
        lock (_writing)
            return [.. _seconds];
    }

    /// <summary>Takes the seconds of an earlier run.</summary>
    /// <param name="seconds">As <see cref="Seconds"/> gave them.</param>
    public void Restore(ReadOnlySpan<float> seconds)
    {
        lock (_writing)
            seconds.CopyTo(_seconds);
    }
}
