namespace Streaming.Compression;

/// <summary>When a frame says something new. Levels are of 8-bit pictures, averaged over a cell.</summary>
/// <remarks>The values were set on vtest.avi (a fixed camera over a path) and on rendered scenes with noise and flicker: a thing of
/// 10 pixels radius that moves in a 128x128 picture passes all of them, noise of standard deviation 12 passes none.</remarks>
public sealed record KeyframeSelectorOptions
{
    /// <summary>A keyframe at least this often. 8 s is the longest blind gap that tiered selectors keep.</summary>
    public TimeSpan MaximumGap { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The least difference of a cell's mean, in levels, that counts as change where the picture is quiet.</summary>
    public float CellChange { get; init; } = 8;

    /// <summary>A cell's difference must also exceed this many times its own running fluctuation.</summary>
    public float NoiseFactor { get; init; } = 5;

    /// <summary>How many of the 16x16 cells must have changed within a window of 3x3.</summary>
    public int ChangedCells { get; init; } = 2;

    /// <summary>Motion makes no keyframe until this share of its age has passed since the last one, half of <see cref="MaximumGap"/> at
    /// most; 0: every change does. At 0.1 vtest.avi keeps 60 of 159 samples instead of 158, and all 168 arrivals, departures and changes
    /// of colour or light in 70 rendered validation films are still kept with the first sample that shows them.</summary>
    public float Habituation { get; init; } = 0.1f;

    /// <summary>Shift of the picture's mean Cb or Cr, in levels, with which a change counts whatever the age of its motion: a hundredth of
    /// the picture that turns from one strong colour to another shifts it by about one.</summary>
    public float ColourChange { get; init; } = 0.3f;

    /// <summary>Change of the light over the whole picture, in levels, that counts by itself: a lamp, no drift or flicker.</summary>
    public float LightChange { get; init; } = 16;

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { MaximumGap.Ticks: <= 0 } => $"{nameof(MaximumGap)} must be positive",
        { CellChange: not (> 0 and <= 255) } => $"{nameof(CellChange)} must lie in (0, 255]",
        { NoiseFactor: not (>= 0 and <= 100) } => $"{nameof(NoiseFactor)} must lie in [0, 100]",
        { ChangedCells: < 1 or > 9 } => $"{nameof(ChangedCells)} must lie in 1..9",
        { Habituation: not (>= 0 and <= 1) } => $"{nameof(Habituation)} must lie in [0, 1]",
        { ColourChange: not (> 0 and <= 255) } => $"{nameof(ColourChange)} must lie in (0, 255]",
        { LightChange: not (> 0 and <= 255) } => $"{nameof(LightChange)} must lie in (0, 255]",
        _ => null,
    };
}
