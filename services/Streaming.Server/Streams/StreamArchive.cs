using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>How a stream's archive is kept.</summary>
/// <param name="Hidden">The width of a token.</param>
/// <param name="Pictures">How many pictures stay.</param>
/// <param name="Warn">Told, in one line, what an operator should know.</param>
public sealed record StreamArchiveOptions(int Hidden, MemoryOptions Memory, PictureQuota Pictures, Action<string> Warn)
{
    /// <summary>Size at which the log is written anew. What is left then is at most a memory of 24,576 tokens, about 13 MiB at 256 float16 each.</summary>
    public long LargestLog { get; init; } = 16 << 20;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The disk that the pictures lie on; null: there is always room.</summary>
    internal DiskRoom? Disk { get; init; }

    /// <summary>How often a store that fails is tried again.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;
}

/// <summary>
/// What a stream has seen: the pictures of its keyframes on disk, and in the memory store a log from which its memory is rebuilt. Both
/// are bounded.
/// </summary>
public sealed class StreamArchive : IVideoStreamObserver, IAsyncDisposable
{
    /// <summary>Pictures are tidied up after this many keyframes, because it looks at the whole memory.</summary>
    private const int TidyEvery = 256;

    private readonly PictureShelf _pictures;
    private readonly StreamArchiveOptions _options;
    private readonly IMemoryStore _store;
    private readonly MemoryJournal _journal;
    private int _untidy;
    private volatile Newest _newest;
    private volatile string? _problem;

    private StreamArchive(PictureShelf pictures, IMemoryStore store, StreamArchiveOptions options, StoredStream stored)
    {
        (_pictures, _store, _options, _newest) = (pictures, store, options, new Newest(stored.Keyframes - 1, stored.Last));
        DecodeProgress last = stored.Last;
        Past = new StreamPast(stored.Memory.Snapshot, stored.Keyframes, new StreamAccount(last.Decoded, last.Sampled, 0, 0, stored.Keyframes, last.Unreadable, 0, stored.Tokens));
        PastEnd = stored.Keyframes > 0 ? last.Time : null;
        Memory = () => Past.Memory;
        _journal = new MemoryJournal(
            store, stored.SizeBytes, PastEnd, Left, new MemoryJournalOptions(options.Hidden, options.LargestLog, options.Backoff, options.Clock, options.Warn));
        if (stored.IsSetAside)
            _journal.WriteAnew();
    }

    /// <summary>The newest keyframe of which it is decided what is kept.</summary>
    private sealed record Newest(int Number, DecodeProgress Progress);

    /// <summary>What earlier runs left.</summary>
    public StreamPast Past { get; }

    /// <summary>Time of the last keyframe of earlier runs; null: there was none.</summary>
    public TimeSpan? PastEnd { get; }

    /// <summary>The keyframes whose pictures are there.</summary>
    public KeyframeIndex Index => _pictures.Index;

    /// <summary>Why pictures cannot be stored, in words; null if they can.</summary>
    public string? Problem => _problem;

    /// <summary>How many pictures are kept, what they take, and how many went since the start, by why.</summary>
    public (int Kept, long Bytes, PictureDeletions Deleted) Pictures => (Index.Count, _pictures.SizeBytes, _pictures.Deleted);

    /// <summary>How well the memory is stored.</summary>
    public JournalStanding Stored => _journal.Standing;

    /// <summary>Completes when another server took over what is stored of the stream.</summary>
    public Task Taken => _journal.Taken;

    /// <summary>What of the stream's memory is final; set once, before the stream runs.</summary>
    public Func<MemorySnapshot> Memory { get; set; }

    /// <param name="store">Owned by the archive from now on.</param>
    /// <exception cref="StoreException">What earlier runs left cannot be read now.</exception>
    public static async Task<StreamArchive> OpenAsync(StreamFolder folder, IMemoryStore store, StreamArchiveOptions options)
    {
        StoredStream stored = await StoredStream.ReadAsync(store, options).ConfigureAwait(false);
        return new StreamArchive(new PictureShelf(folder.Pictures, options.Pictures, stored.Index), store, options, stored);
    }

    public string PictureOf(int number) => _pictures.PathOf(number);

    public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress)
    {
        if (_options.Disk is { IsLow: true } disk)
        {
            _problem = $"pictures are not stored: {disk.Words}";
            return;
        }
        try
        {
            _pictures.Put(keyframe.Number, jpeg);
            Index.Add(keyframe, progress.Sampled);
            if (++_untidy >= TidyEvery || _pictures.IsFull)
                Tidy();
            _problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The stream goes on; this picture cannot be shown.
            if (_problem is null)
                _options.Warn($"pictures cannot be stored: {e.Message}");
            _problem = "pictures cannot be stored: the disk is full or not writable";
        }
    }

    public void Kept(MemoryEntry entry, DecodeProgress progress)
    {
        _newest = new Newest(entry.Keyframe.Number, progress);
        Index.Settle(entry.Keyframe.Number, entry.Tokens.Count);
        _journal.Add(new KeyframeRecord(entry, entry.Tokens.Count, progress));
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts)
    {
    }

    /// <summary>Forgets what is stored elsewhere than in the stream's folder.</summary>
    /// <exception cref="StoreException">It cannot be removed now.</exception>
    public Task ForgetAsync() => _store.DeleteAsync();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    /// <summary>Lets go of so many bytes of pictures, the oldest that nobody remembers first.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void MakeRoom(long bytes) => Tidy(bytes);

    private void Tidy(long roomBytes = 0)
    {
        _untidy = 0;
        int newest = _newest.Number;
        _pictures.Tidy([.. Memory().Entries.Select(entry => entry.Keyframe.Number)], newest, roomBytes);
    }

    /// <summary>All that is left: the keyframes that only have a picture, and the memory's clips, as they are now.</summary>
    private IEnumerable<KeyframeRecord> Left()
    {
        // In this order: what is added meanwhile may be missing in the index, but nothing in memory.
        Newest newest = _newest;
        Dictionary<int, IndexedKeyframe> known = Index.All().Where(k => k.Keyframe.Number <= newest.Number).ToDictionary(k => k.Keyframe.Number);
        IEnumerable<KeyframeRecord> remembered = Memory().Clips.SelectMany(clip => clip.Entries.Select((entry, i) => Of(entry, true, i == 0 ? ClipHeader.Of(clip) : null)));
        Dictionary<int, KeyframeRecord> records = remembered.ToDictionary(record => record.Keyframe.Number);
        foreach (IndexedKeyframe picture in known.Values)
            records.TryAdd(picture.Keyframe.Number, Of(new MemoryEntry(picture.Keyframe, NoTokens()), false, null));
        return records.Values.OrderBy(record => record.Keyframe.Number);

        KeyframeRecord Of(MemoryEntry entry, bool isRemembered, ClipHeader? clip)
        {
            IndexedKeyframe keyframe = known.GetValueOrDefault(entry.Keyframe.Number, new IndexedKeyframe(entry.Keyframe, entry.Tokens.Count, newest.Progress.Sampled));
            return new KeyframeRecord(entry, keyframe.TokensKept, newest.Progress with { Sampled = keyframe.Sampled }, isRemembered, clip);
        }
    }

    private VisualTokens NoTokens() => new(_options.Hidden, default, default, default, default);
}
