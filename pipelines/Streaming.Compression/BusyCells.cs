namespace Streaming.Compression;

/// <summary>
/// Since when something has been moving at each cell of a picture. A moving thing takes its age along: a cell that it enters
/// inherits from its neighbours, so what is new in the picture is young wherever it appears, and a passer-by is old wherever he gets.
/// What is faster than a cell a frame stays young: it shows much that is new.
/// </summary>
internal sealed class BusyCells
{
    // What pauses for less goes on as the same motion: longer than people on a busy street do (vtest.avi), shorter than it takes
    // another to come where one has been.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly TimeSpan[] _since = new TimeSpan[PictureCells.Count];
    private readonly TimeSpan[] _inherited = new TimeSpan[PictureCells.Count];
    private readonly TimeSpan[] _last = new TimeSpan[PictureCells.Count];

    public BusyCells() => Array.Fill(_since, TimeSpan.MaxValue);

    /// <param name="moving">[Count]: which cells move at <paramref name="time"/>, which is later than all before.</param>
    public void Observe(ReadOnlySpan<bool> moving, TimeSpan time)
    {
        for (int cell = 0; cell < PictureCells.Count; cell++)
            if (time - _last[cell] > Memory)
                _since[cell] = TimeSpan.MaxValue;
        for (int cell = 0; cell < PictureCells.Count; cell++)
            _inherited[cell] = moving[cell] ? OldestAround(cell, time) : _since[cell];
        for (int cell = 0; cell < PictureCells.Count; cell++)
        {
            _since[cell] = _inherited[cell];
            if (moving[cell])
                _last[cell] = time;
        }
    }

    /// <summary>How long something has been moving there; zero where nothing does.</summary>
    public TimeSpan Age(int cell, TimeSpan time) => _since[cell] == TimeSpan.MaxValue ? TimeSpan.Zero : time - _since[cell];

    private TimeSpan OldestAround(int cell, TimeSpan time)
    {
        var oldest = time;
        foreach (int neighbour in new PictureCells.Window(cell))
            oldest = _since[neighbour] < oldest ? _since[neighbour] : oldest;
        return oldest;
    }
}
