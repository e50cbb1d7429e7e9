using System.Globalization;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>
/// What a stream has seen, on disk: the pictures of its keyframes, and a log from which its memory is rebuilt. Both are bounded:
/// a picture goes when memory has let go of its keyframe and enough newer ones are there, and the log is written anew, with what
/// memory holds then, when it has grown.
/// </summary>
public sealed class StreamArchive : IVideoStreamObserver, IDisposable
{
    /// <summary>Size at which the log is written anew. What is left then is at most a memory of 8,192 tokens, about 4 MiB at 256 float16 each.</summary>
    public const long LargestLog = 16 << 20;

    /// <summary>Pictures are tidied up after this many keyframes, because it looks at the whole memory.</summary>
    private const int TidyEvery = 256;

    private readonly StreamFolder _folder;
    private readonly int _hidden, _mostPictures;
    private readonly Action<string> _warn;
    private readonly long _largestLog;
    private KeyframeLog _log;
    private DecodeProgress _last = new(0, 0, 0, TimeSpan.MinValue);
    private int _untidy, _lastKept;
    private volatile string? _problem;

    /// <param name="mostPictures">Pictures that stay although memory has let go of their keyframes.</param>
    public StreamArchive(StreamFolder folder, int hidden, MemoryOptions options, int mostPictures, Action<string> warn, long largestLog = LargestLog)
    {
        (_folder, _hidden, _mostPictures, _warn, _largestLog) = (folder, hidden, mostPictures, warn, largestLog);
        Directory.CreateDirectory(folder.Pictures);
        var memory = new MemoryReplay(options);
        int next = 0;
        long tokens = 0;
        _log = KeyframeLog.Continue(folder.Log, hidden, record =>
        {
            memory.Add(record);
            if (record.Keyframe.Number >= next)
            {
                Index.Add(record);
                (next, _last, tokens) = (record.Keyframe.Number + 1, record.Progress, tokens + record.TokensKept);
            }
        });
        HashSet<string> pictures = [.. new DirectoryInfo(folder.Pictures).EnumerateFiles().Where(file => file.Length > 0).Select(file => file.Name)];
        Index.Remove([.. Index.All().Select(k => k.Keyframe.Number).Where(number => !pictures.Contains(Path.GetFileName(PictureOf(number))))]);
        _lastKept = next - 1;
        Past = new StreamPast(memory.Snapshot, next, new StreamAccount(_last.Decoded, _last.Sampled, 0, 0, next, _last.Unreadable, 0, tokens));
    }

    /// <summary>What earlier runs left.</summary>
    public StreamPast Past { get; }

    /// <summary>Time of the last keyframe of earlier runs; null: there was none.</summary>
    public TimeSpan? PastEnd => Past.Keyframes > 0 ? _last.Time : null;

    /// <summary>The keyframes whose pictures are there.</summary>
    public KeyframeIndex Index { get; } = new();

    /// <summary>Why what is seen cannot be stored, in words; null if it can.</summary>
    public string? Problem => _problem;

    /// <summary>What of the stream's memory is final; set once, before the stream runs.</summary>
    public Func<MemorySnapshot> Memory { get; set; } = () => MemorySnapshot.Empty;

    public string PictureOf(int number) => Path.Combine(_folder.Pictures, string.Create(CultureInfo.InvariantCulture, $"{number:000000000}.jpg"));

    public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress) => Store(() =>
    {
        // Before the next keyframe, when memory holds what the log holds.
        if (_log.SizeBytes > _largestLog)
            WriteAnew();
        File.WriteAllBytes(PictureOf(keyframe.Number), jpeg);
        Index.Add(keyframe, progress.Sampled);
        if (++_untidy >= TidyEvery)
            Tidy();
    });

    public void Kept(MemoryEntry entry, DecodeProgress progress)
    {
        (_last, _lastKept) = (progress, entry.Keyframe.Number);
        Store(() =>
        {
            _log.Append(new KeyframeRecord(entry, entry.Tokens.Count, progress));
            Index.Settle(entry.Keyframe.Number, entry.Tokens.Count);
            _problem = Index.Contains(entry.Keyframe.Number) ? null : _problem;
        });
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts)
    {
    }

    public void Dispose()
    {
        _log.FlushToDisk();
        _log.Dispose();
    }

    /// <summary>What the disk does not take is lost; the stream goes on in memory, and has no past after a restart.</summary>
    private void Store(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_problem is null)
                _warn($"what is seen cannot be stored: {e.Message}");
            _problem = "what is seen cannot be stored: the disk is full or not writable";
        }
    }

    /// <summary>Deletes the pictures that nobody can cite any more, the oldest first.</summary>
    private void Tidy()
    {
        _untidy = 0;
        HashSet<int> remembered = [.. Memory().Entries.Select(entry => entry.Keyframe.Number)];
        IndexedKeyframe[] all = Index.All();
        HashSet<int> gone = [.. all.Take(Math.Max(0, all.Length - _mostPictures)).Select(k => k.Keyframe.Number).Where(n => n <= _lastKept && !remembered.Contains(n))];
        foreach (int number in gone)
            File.Delete(PictureOf(number));
        Index.Remove(gone);
    }

    /// <summary>One log of what is left: the keyframes that only have a picture, and the memory's clips, as they are there now.</summary>
    private void WriteAnew()
    {
        Tidy();
        string draft = _folder.Log + ".new";
        KeyframeLog? log = null;
        try
        {
            log = KeyframeLog.Create(draft, _hidden);
            foreach (KeyframeRecord record in Left())
                log.Append(record);
            log.FlushToDisk();
            File.Move(draft, _folder.Log, overwrite: true);
        }
        catch
        {
            log?.Dispose();
            File.Delete(draft);
            throw;
        }
        _log.Dispose();
        _log = log;
    }

    private IEnumerable<KeyframeRecord> Left()
    {
        Dictionary<int, IndexedKeyframe> known = Index.All().Where(k => k.Keyframe.Number <= _lastKept).ToDictionary(k => k.Keyframe.Number);
        IEnumerable<KeyframeRecord> remembered = Memory().Clips.SelectMany(clip => clip.Entries.Select((entry, i) => Of(known, entry, true, i == 0 ? ClipHeader.Of(clip) : null)));
        Dictionary<int, KeyframeRecord> records = remembered.ToDictionary(record => record.Keyframe.Number);
        foreach (IndexedKeyframe picture in known.Values)
            records.TryAdd(picture.Keyframe.Number, Of(known, new MemoryEntry(picture.Keyframe, NoTokens()), false, null));
        return records.Values.OrderBy(record => record.Keyframe.Number);
    }

    private KeyframeRecord Of(Dictionary<int, IndexedKeyframe> known, MemoryEntry entry, bool isRemembered, ClipHeader? clip)
    {
        IndexedKeyframe keyframe = known.GetValueOrDefault(entry.Keyframe.Number, new IndexedKeyframe(entry.Keyframe, entry.Tokens.Count, _last.Sampled));
        return new KeyframeRecord(entry, keyframe.TokensKept, _last with { Sampled = keyframe.Sampled }, isRemembered, clip);
    }

    private VisualTokens NoTokens() => new(_hidden, default, default, default, default);
}
