using System.Collections.Immutable;
using Streaming.Compression.Ladder;

namespace Streaming.Compression;

/// <summary>The memory at one moment, the reading half. Immutable: any thread may read it while the stream goes on.</summary>
public sealed class MemorySnapshot(ImmutableArray<MemoryClip> clips)
{
    private ImmutableArray<MemoryEntry> _entries;

    public static MemorySnapshot Empty { get; } = new([]);

    /// <summary>In order of time, side by side; the last may still grow.</summary>
    public ImmutableArray<MemoryClip> Clips => clips;

    /// <summary>The keyframes that are left of all clips, in order of time. Put together when somebody asks first.</summary>
    public ImmutableArray<MemoryEntry> Entries
    {
        get
        {
            if (_entries.IsDefault)
                ImmutableInterlocked.InterlockedInitialize(ref _entries, [.. clips.SelectMany(clip => clip.Entries)]);
            return _entries;
        }
    }

    public int Tokens => Entries.Sum(entry => entry.Tokens.Count);

    public long SizeBytes => Entries.Sum(entry => entry.Tokens.Count * BytesPerToken(entry.Tokens.Hidden));

    /// <summary>What a token takes: its features as float32, and 24 bytes of origin, weight and saliency.</summary>
    public static long BytesPerToken(int hidden) => (hidden * 4L) + 24;

    /// <summary>
    /// What a question about [<paramref name="from"/>, <paramref name="to"/>) reads: entries in order of time, the first of them
    /// with everything in sight at its time, thinned like the memory itself to the limits. If nothing new was seen in that span,
    /// the entry before it stands for it: since then nothing had changed. Empty only if nothing was seen before <paramref name="to"/>.
    /// </summary>
    /// <param name="tokens">The most tokens; at least those of one whole frame.</param>
    /// <param name="entries">The most entries.</param>
    /// <param name="recent">How many of the newest entries are thinned last.</param>
    public ImmutableArray<MemoryEntry> Recall(TimeSpan from, TimeSpan to, int tokens, int entries, int recent)
    {
        var thinning = new Thinning();
        foreach (var entry in Entries)
            if (entry.Time < to)
                thinning.Add(entry);
        thinning.FoldBefore(from);
        thinning.Fit(tokens, entries, recent);
        return [.. thinning.Entries];
    }
}
