namespace Streaming.Contracts;

/// <summary>How finely a stream or film is remembered over time, and what of it was never seen.</summary>
/// <param name="UntilSeconds">How far it was seen, since its start.</param>
/// <param name="StartedAt">The moment of second 0; null for a film.</param>
/// <param name="VisualTokens">In memory now.</param>
/// <param name="Clips">Side by side, in order of time. What lies between two of them belongs to the first.</param>
/// <param name="Gaps">In order of time.</param>
public sealed record MemoryDocument(
    double UntilSeconds, DateTimeOffset? StartedAt, int VisualTokens, IReadOnlyList<ClipDocument> Clips, IReadOnlyList<GapDocument> Gaps);

/// <summary>A stretch that is remembered as one piece.</summary>
/// <param name="Keyframes">How many were written to it.</param>
/// <param name="Left">How many of them still have tokens.</param>
/// <param name="VisualTokens">Of all that are left.</param>
/// <param name="IsWhole">Nothing of it has been given up since it was written.</param>
public sealed record ClipDocument(double StartSeconds, double EndSeconds, long Keyframes, int Left, int VisualTokens, bool IsWhole);
