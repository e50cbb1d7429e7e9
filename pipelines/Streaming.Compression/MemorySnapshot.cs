using System.Collections.Immutable;

namespace Streaming.Compression;

/// <summary>The memory at one moment, the reading half. Immutable: any thread may read it while the stream goes on.</summary>
/// <param name="Entries">In order of time.</param>
public sealed record MemorySnapshot(ImmutableArray<MemoryEntry> Entries)
{
    public static MemorySnapshot Empty { get; } = new([]);

    public int Tokens => Entries.Sum(entry => entry.Tokens.Count);

    /// <summary>What the tokens take: features as float32, and 24 bytes of origin, weight and saliency each.</summary>
    public long SizeBytes => Entries.Sum(entry => entry.Tokens.Count * (entry.Tokens.Hidden * 4L + 24));

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
