using Streaming.Compression;

namespace Streaming.Pipelines;

/// <summary>What an earlier run of a stream left, so that the next one goes on after it.</summary>
/// <param name="Keyframes">How many were kept: the number of the next one.</param>
/// <param name="Account">Counts of the earlier runs.</param>
public sealed record StreamPast(MemorySnapshot Memory, int Keyframes, StreamAccount Account)
{
    public static StreamPast None { get; } = new(MemorySnapshot.Empty, 0, new StreamAccount());

    /// <summary>What the earlier runs did not see.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>Time of their newest frame; null: there was none.</summary>
    public TimeSpan? End { get; init; }
}
