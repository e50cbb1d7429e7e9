namespace Streaming.Compression.Ladder;

/// <summary>Tells each clip of a memory once, when it is closed. One caller at a time.</summary>
public sealed class ClosedClips
{
    private TimeSpan? _open;

    /// <summary>The clips that were open when last asked and are closed now, in order of time; at first none.</summary>
    /// <param name="written">The memory, later than when last asked.</param>
    public IReadOnlyList<MemoryClip> In(MemorySnapshot written)
    {
        if (written.Clips is not [.., var open] || open.From == _open)
            return [];
        MemoryClip[] closed = _open is { } from ? [.. written.Clips.Where(clip => clip.From >= from && clip != open)] : [];
        _open = open.From;
        return closed;
    }
}
