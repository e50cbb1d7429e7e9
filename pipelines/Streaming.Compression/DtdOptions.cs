namespace Streaming.Compression;

/// <summary>Settings of <see cref="DtdReducer"/>.</summary>
public sealed record DtdOptions
{
    /// <summary>A token is dropped if its cosine with the last kept token of the same place exceeds this.
    /// 0.95 cost three points at 26 % of the tokens in the trial of the scenes model; -1 drops all repeats, 1 none.</summary>
    public float Threshold { get; init; } = 0.95f;

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() =>
        Threshold is >= -1 and <= 1 ? null : $"{nameof(Threshold)} must lie in [-1, 1]";
}
