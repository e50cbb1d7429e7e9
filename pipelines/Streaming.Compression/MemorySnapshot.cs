using System.Collections.Immutable;
using Streaming.Compression.Ladder;
using Streaming.Compression.Recall;
using Streaming.Models;

namespace Streaming.Compression;

/// <summary>The memory at one moment, the reading half. Immutable: any thread may read it while the stream goes on.</summary>
/// <param name="source">Which state of which memory it is; null: of none that changes.</param>
public sealed class MemorySnapshot(ImmutableArray<MemoryClip> clips, PrefixSource? source = null)
{
    private ImmutableArray<MemoryEntry> _entries;

    public static MemorySnapshot Empty { get; } = new([]);

    /// <summary>Which state of which memory it is; null: of none that changes.</summary>
    public PrefixSource? Source => source;

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
    public ImmutableArray<MemoryEntry> Recall(TimeSpan from, TimeSpan to, int tokens, int entries, int recent) =>
        Recall(new RecallPlan([new Stretch(from, to)], recent), tokens, entries);

    /// <summary>What a question about several stretches reads: as of one, and the first entry of each later stretch also shows what
    /// changed between the two.</summary>
    public ImmutableArray<MemoryEntry> Recall(RecallPlan plan, int tokens, int entries)
    {
        List<MemoryEntry> read = Fold([.. Entries.TakeWhile(entry => entry.Time < plan.Stretches[^1].To)], entry => plan.Holds(entry.Time));
        var thinning = new Thinning();
        foreach (MemoryEntry entry in Sparse(read, MostLookedAt * entries, plan.RecentFrames))
            thinning.Add(entry);
        thinning.Fit(tokens, entries, plan.RecentFrames);
        return [.. thinning.Entries];
    }

    // Thinning looks at every entry for each one that goes: of very many, those at even times are looked at.
    private const int MostLookedAt = 4;

    private static List<MemoryEntry> Sparse(List<MemoryEntry> entries, int most, int recent)
    {
        if (entries.Count <= most || entries.Count <= recent)
            return entries;
        int verbatim = Math.Min(recent, most - 1);
        HashSet<MemoryEntry> looked = [.. entries.TakeLast(verbatim)];
        TimeSpan first = entries[0].Time, length = entries[^1].Time - first;
        for (int slot = 0, at = 0; slot < most - verbatim; slot++)
        {
            while (entries[at].Time < first + (length * slot / (most - verbatim)))
                at++;
            looked.Add(entries[at]);
        }
        return Fold(entries, looked.Contains);
    }

    /// <summary>Entries that are not read fold into the next one that is; those after the last such, where there is none, into the last.</summary>
    private static List<MemoryEntry> Fold(List<MemoryEntry> entries, Predicate<MemoryEntry> isRead)
    {
        var read = new List<MemoryEntry>();
        var passed = new List<MemoryEntry>();
        foreach ((int index, MemoryEntry entry) in entries.Index())
        {
            if (!isRead(entry) && (index < entries.Count - 1 || read.Count > 0))
            {
                passed.Add(entry);
                continue;
            }
            read.Add(entry.Absorb(passed));
            passed.Clear();
        }
        return read;
    }
}
