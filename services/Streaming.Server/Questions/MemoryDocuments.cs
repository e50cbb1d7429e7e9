using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Contracts;

namespace Streaming.Server.Questions;

/// <summary>A memory as the API shows it: its clips and the gaps of what it was written from.</summary>
internal static class MemoryDocuments
{
    internal static MemoryDocument Of(Sighting sighting) => new(
        sighting.SeenUntil.TotalSeconds, sighting.StartedAt, sighting.Memory.Tokens, [.. sighting.Memory.Clips.Select(ClipOf)],
        [.. (sighting.Gaps ?? []).Select(gap => GapDocuments.Of(gap, sighting))]);

    private static ClipDocument ClipOf(MemoryClip clip) => new(
        clip.From.TotalSeconds, clip.To.TotalSeconds, clip.Keyframes, clip.Entries.Length, clip.Tokens, clip.IsWhole);
}
