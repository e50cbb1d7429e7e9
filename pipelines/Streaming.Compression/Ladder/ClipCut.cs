namespace Streaming.Compression.Ladder;

/// <summary>
/// Where one clip ends and the next begins. Depends on nothing but the clip that is open and the next keyframe, so that a stream cuts
/// alike however its keyframes come in.
/// </summary>
/// <remarks>Lengths are those of InternLM-XComposer2.5-OmniLive (3 to 16 frames); a clip that was cut because of its length is cut at the
/// weakest link of its last 8 frames, as StreamForest does.</remarks>
internal static class ClipCut
{
    /// <summary>Most keyframes of a clip.</summary>
    public const int Longest = 16;

    /// <summary>Least keyframes of a clip that ends because the picture changes.</summary>
    private const int Shortest = 3;

    /// <summary>Where in the last frames of a clip that has become too long it may be cut.</summary>
    private const int Looked = 8;

    /// <summary>Share of the picture that changes at once where a new scene begins: no thing that moves covers so much.</summary>
    private const float SceneChange = 0.3f;

    /// <summary>After so long without a keyframe, five times the longest gap that the selector leaves, the stream had stopped.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    /// <summary>Whether a keyframe begins a new clip.</summary>
    /// <param name="open">The clip it would belong to.</param>
    public static bool Before(MemoryEntry next, MemoryClip open) =>
        !open.IsWhole || open.Clips > 1 || next.Keyframe.Reason == KeyframeReason.First || next.Time - open.To > Silence ||
        (open.Entries.Length >= Shortest && next.Keyframe.Change >= SceneChange);

    /// <summary>Where a clip that is too long is cut: before the entry that differs most from the one before it; of equals before the latest.</summary>
    public static int In(MemoryClip tooLong)
    {
        int best = tooLong.Entries.Length - Looked;
        for (int index = best + 1; index < tooLong.Entries.Length; index++)
        {
            if (tooLong.Entries[index].Keyframe.Change >= tooLong.Entries[best].Keyframe.Change)
                best = index;
        }
        return best;
    }
}
