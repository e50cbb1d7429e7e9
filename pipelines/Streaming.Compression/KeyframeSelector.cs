namespace Streaming.Compression;

/// <summary>
/// Keeps the frames in which something visibly changed since the last kept one, and one at least every
/// <see cref="KeyframeSelectorOptions.MaximumGap"/>. Causal and deterministic; one instance per stream, no allocation per dropped frame.
/// </summary>
/// <remarks>
/// The picture is compared as 16x16 cell means. What all cells share (drift and flicker of the light) is taken out as the median
/// difference; what a single cell does all the time (sensor noise, leaves, a clock's digits) as its running fluctuation from
/// frame to frame. What remains above <see cref="KeyframeSelectorOptions.CellChange"/> in some cells is change. Because the
/// comparison is with the last kept frame, slow motion adds up until it counts.
/// What has just begun to move counts at once; motion that goes on counts the more rarely the longer it does, so that people who
/// cross a street make a keyframe every few steps and the one who enters it makes one with each. A thing that turns another colour
/// while it moves counts at once again, by the mean colour of the picture.
/// </remarks>
/// <param name="firstNumber">What the first keyframe is numbered: how many the stream has kept before.</param>
public sealed class KeyframeSelector(KeyframeSelectorOptions options, int firstNumber = 0)
{
    // A cell's fluctuation is averaged over about 16 frames, 8 s at 2 frames/s; a thing that passes in fewer leaves little trace.
    private const float FluctuationRate = 1f / 16;

    // A thing that passes must not look like noise for long: one frame adds at most this many levels to the average.
    private const float LargestFluctuation = 12;

    private readonly PictureCells _now = new();
    private readonly PictureCells _before = new();
    private readonly PictureCells _kept = new();
    private readonly float[] _fluctuation = new float[PictureCells.Count];
    private readonly float[] _difference = new float[PictureCells.Count];
    private readonly float[] _sorted = new float[PictureCells.Count];
    private readonly bool[] _changed = new bool[PictureCells.Count];
    private readonly bool[] _moving = new bool[PictureCells.Count];
    private readonly BusyCells _busy = new();
    private TimeSpan _keptTime;
    private bool _hasKept;
    private int _number = firstNumber;

    /// <summary>Whether the next frame in time is a keyframe; null if it says nothing new.</summary>
    public Keyframe? Select(Frame frame)
    {
        _now.Read(frame.Rgb, frame.Width, frame.Height);
        var (reason, change) = _hasKept ? Compare(frame.Time) : (KeyframeReason.First, 1);
        _before.CopyFrom(_now);
        if (reason is null)
            return null;
        _kept.CopyFrom(_now);
        (_keptTime, _hasKept) = (frame.Time, true);
        return new Keyframe(_number++, frame.Time, reason.Value, change);
    }

    private (KeyframeReason? Reason, float Change) Compare(TimeSpan time)
    {
        float light = MeasureDifference(_kept);
        int changed = 0;
        for (int cell = 0; cell < PictureCells.Count; cell++)
        {
            _changed[cell] = _difference[cell] > Math.Max(options.CellChange, options.NoiseFactor * _fluctuation[cell]);
            changed += _changed[cell] ? 1 : 0;
        }

        bool hasNewColour = changed >= options.ChangedCells && ColourShift() > options.ColourChange;
        float share = Math.Max(changed / (float)PictureCells.Count, Math.Min(1, Math.Abs(light) / 255));
        ObserveMotion(time);

        if (Math.Abs(light) > options.LightChange || hasNewColour || SaysSomethingNew(time))
            return (KeyframeReason.Change, share);
        return (time - _keptTime >= options.MaximumGap ? KeyframeReason.MaximumGap : null, share);
    }

    /// <summary>Whether enough cells side by side changed that have waited as long as the age of their motion demands.</summary>
    private bool SaysSomethingNew(TimeSpan time)
    {
        var sinceKept = time - _keptTime;
        for (int cell = 0; cell < PictureCells.Count; cell++)
            if (_changed[cell] && Wait(_busy.Age(cell, time)) > sinceKept)
                _changed[cell] = false;
        for (int cell = 0; cell < PictureCells.Count; cell++)
        {
            int together = 0;
            foreach (int neighbour in new PictureCells.Window(cell))
                together += _changed[neighbour] ? 1 : 0;
            if (together >= options.ChangedCells)
                return true;
        }

        return false;
    }

    private TimeSpan Wait(TimeSpan age) => age * options.Habituation is var wait && wait < options.MaximumGap / 2 ? wait : options.MaximumGap / 2;

    /// <summary>Fills <see cref="_difference"/> with each cell's distance to <paramref name="other"/> beyond the light's, and returns the light's.</summary>
    private float MeasureDifference(PictureCells other)
    {
        for (int cell = 0; cell < PictureCells.Count; cell++)
            _sorted[cell] = _now.Luma[cell] - other.Luma[cell];
        _sorted.AsSpan().Sort();
        float light = _sorted[PictureCells.Count / 2];
        for (int cell = 0; cell < PictureCells.Count; cell++)
        {
            float luma = _now.Luma[cell] - other.Luma[cell] - light;
            float blue = _now.Blue[cell] - other.Blue[cell];
            float red = _now.Red[cell] - other.Red[cell];
            _difference[cell] = MathF.Sqrt(luma * luma + blue * blue + red * red);
        }

        return light;
    }

    /// <summary>How far the picture's mean colour lies from the kept frame's, beyond what all cells share (white balance), in levels.
    /// What moves takes its colour along and leaves the mean as it is.</summary>
    private float ColourShift() => Math.Max(Shift(_now.Blue, _kept.Blue), Shift(_now.Red, _kept.Red));

    private float Shift(ReadOnlySpan<float> now, ReadOnlySpan<float> kept)
    {
        float sum = 0;
        for (int cell = 0; cell < PictureCells.Count; cell++)
            sum += _sorted[cell] = now[cell] - kept[cell];
        _sorted.AsSpan().Sort();
        return Math.Abs(sum / PictureCells.Count - _sorted[PictureCells.Count / 2]);
    }

    /// <summary>Learns from the frame before where something moves and how much each cell fluctuates.</summary>
    private void ObserveMotion(TimeSpan time)
    {
        MeasureDifference(_before);
        for (int cell = 0; cell < PictureCells.Count; cell++)
        {
            float step = Math.Min(_difference[cell], LargestFluctuation);
            _fluctuation[cell] += FluctuationRate * (step - _fluctuation[cell]);
            _moving[cell] = _difference[cell] > options.CellChange;
        }

        _busy.Observe(_moving, time);
    }
}
