namespace Streaming.Compression.HoliTom;

/// <summary>Settings of HoliTom's outer stage (arXiv 2505.21334); the defaults are the authors' scripts'.</summary>
public sealed record HoliTomOptions
{
    /// <summary>Share of all tokens to keep, (0, 1].</summary>
    public double RetainRatio { get; init; } = 0.1;

    /// <summary>A place is still between two frames if the cosine of its features exceeds this. Null: the authors' choice,
    /// 0.65 up to 10 % retained and 0.8 above.</summary>
    public double? Tau { get; init; }

    /// <summary>Weight of the centre in a merged token; the mean of the other members has the rest.</summary>
    public float Beta { get; init; } = 0.6f;

    /// <summary>Neighbours that a token's density is measured by.</summary>
    public int Neighbours { get; init; } = 7;

    /// <summary>Most frames in one window; the authors' 1024 means no limit.</summary>
    public int LongestWindow { get; init; } = 1024;

    /// <summary>
    /// The authors' decisions as their code takes them. Otherwise the token budget is met exactly (largest remainder instead of rounding
    /// up frame by frame), what stands still is never dropped entirely, density leaves the token itself out, and ties go to the lower place.
    /// </summary>
    public bool Published { get; init; }

    /// <summary>The threshold in use.</summary>
    public double Threshold => Tau ?? (RetainRatio <= 0.1 ? 0.65 : 0.8);

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { RetainRatio: not (> 0 and <= 1) } => $"{nameof(RetainRatio)} must lie in (0, 1]",
        { Tau: not (null or (>= -1 and <= 1)) } => $"{nameof(Tau)} must lie in [-1, 1]",
        { Beta: not (>= 0 and <= 1) } => $"{nameof(Beta)} must lie in [0, 1]",
        { Neighbours: < 1 } => $"{nameof(Neighbours)} must be at least 1",
        { LongestWindow: < 1 } => $"{nameof(LongestWindow)} must be at least 1",
        _ => null,
    };
}
