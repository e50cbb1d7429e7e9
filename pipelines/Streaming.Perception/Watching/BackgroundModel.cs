namespace Streaming.Perception;

/// <summary>
/// What a fixed camera shows when nothing is there: the median of each cell over the last half minute. What differs from it is
/// foreground. Deterministic; of constant size.
/// </summary>
public sealed class BackgroundModel
{
    // Fifteen pictures two seconds apart: what stands for less than a quarter of a minute never becomes background.
    private const int Pictures = 15;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    // While there are few, sooner: so that what was there at the start is soon known to have gone.
    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(0.4);

    // In levels, beyond what all cells share; and in multiples of the cell's own mean deviation.
    private const int LeastDifference = 18;
    private const float NoiseFactor = 4;
    private const float NoiseRate = 1f / 32;

    private readonly byte[][] _pictures = new byte[Pictures][];
    private readonly byte[] _median = new byte[Thumbnail.Count];
    private readonly float[] _noise = new float[Thumbnail.Count];
    private readonly byte[] _column = new byte[Pictures];
    private readonly int[] _shifts = new int[Thumbnail.Shifts];
    private int _taken;
    private TimeSpan _takenAt;

    /// <summary>Which cells are foreground now.</summary>
    public Foreground Foreground { get; } = new();

    /// <summary>Whether there is a background to compare with: some pictures have been taken.</summary>
    public bool IsReady => _taken >= 5;

    public void Look(Thumbnail now, TimeSpan time)
    {
        Compare(now.Grey);
        TimeSpan step = _taken < Pictures ? FirstStep : Step;
        if (_taken > 0 && time - _takenAt < step)
            return;
        now.Grey.CopyTo(_pictures[_taken++ % Pictures] ??= new byte[Thumbnail.Count]);
        _takenAt = time;
        TakeMedian();
    }

    /// <summary>Begins anew: the picture is another one.</summary>
    public void Forget()
    {
        _taken = 0;
        Array.Clear(Foreground.Cells);
        Array.Clear(_noise);
    }

    private void Compare(ReadOnlySpan<byte> now)
    {
        if (!IsReady)
            return;
        int light = Thumbnail.Shift(now, _median, _shifts);
        bool[] cells = Foreground.Cells;
        for (int i = 0; i < now.Length; i++)
        {
            int difference = Math.Abs(now[i] - _median[i] - light);
            cells[i] = difference > Math.Max(LeastDifference, NoiseFactor * _noise[i]);
            // What passes must not look like noise: its share is capped.
            _noise[i] += NoiseRate * (Math.Min(difference, LeastDifference) - _noise[i]);
        }
    }

    private void TakeMedian()
    {
        int pictures = Math.Min(_taken, Pictures);
        Span<byte> column = _column.AsSpan(0, pictures);
        for (int i = 0; i < _median.Length; i++)
        {
            for (int p = 0; p < pictures; p++)
                column[p] = _pictures[p][i];
            column.Sort();
            _median[i] = column[pictures / 2];
        }
    }
}
