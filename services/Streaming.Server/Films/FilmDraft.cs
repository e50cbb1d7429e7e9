using System.Globalization;
using System.Text.Json;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Video;

namespace Streaming.Server.Films;

/// <summary>
/// A film while it is being seen. Disposed without having been published or kept, it leaves nothing behind.
/// </summary>
public sealed class FilmDraft : IVideoStreamObserver, IDisposable
{
    private readonly string _draft, _final;
    private readonly IVideoStreamObserver? _observer;
    private readonly KeyframeLog _log;
    private bool _isKept;

    internal FilmDraft(string draft, string final, int hidden, IVideoStreamObserver? observer)
    {
        (_draft, _final, _observer) = (draft, final, observer);
        _log = KeyframeLog.Continue(Path.Combine(draft, FilmStore.TokensName), hidden, record =>
        {
            Index.Add(record);
            Last = record;
        });
    }

    public string Folder => _draft;

    /// <summary>The last keyframe that is stored; null before the first.</summary>
    public KeyframeRecord? Last { get; private set; }

    /// <summary>The keyframes so far.</summary>
    public KeyframeIndex Index { get; } = new();

    public static string PictureName(int number) => string.Create(CultureInfo.InvariantCulture, $"keyframe_{number:000000}.jpg");

    /// <summary>What an interrupted reading left.</summary>
    public StreamPast Past(MemoryOptions options) => PastOf(_draft, options);

    /// <summary>What a reading has left in a folder so far; may be asked while another reads on.</summary>
    /// <param name="index">Told every keyframe.</param>
    public static StreamPast PastOf(string folder, MemoryOptions options, KeyframeIndex? index = null)
    {
        var memory = new StreamMemory(options);
        int kept = 0;
        long tokens = 0;
        DecodeProgress last = default;
        foreach (KeyframeRecord record in KeyframeLog.ReadWhole(Path.Combine(folder, FilmStore.TokensName)))
        {
            memory.Write(record.Entry);
            index?.Add(record);
            (kept, tokens, last) = (kept + 1, tokens + record.TokensKept, record.Progress);
        }
        return new StreamPast(memory.Snapshot, kept, new StreamAccount(last.Decoded, last.Sampled, 0, 0, kept, last.Unreadable, 0, tokens));
    }

    public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress)
    {
        File.WriteAllBytes(Path.Combine(_draft, PictureName(keyframe.Number)), jpeg);
        Index.Add(keyframe, progress.Sampled);
        _observer?.Seen(keyframe, jpeg, encoded, progress);
    }

    public void Kept(MemoryEntry entry, DecodeProgress progress)
    {
        var record = new KeyframeRecord(entry, entry.Tokens.Count, progress);
        _log.Append(record);
        Index.Settle(entry.Keyframe.Number, entry.Tokens.Count);
        Last = record;
        _observer?.Kept(entry, progress);
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts) => _observer?.Progressed(progress, facts);

    /// <summary>Makes the film visible and returns it. If another process was faster, what it wrote is as good.</summary>
    public SeenFilm Publish(FilmFacts facts)
    {
        File.WriteAllBytes(Path.Combine(_draft, FilmStore.FactsName), JsonSerializer.SerializeToUtf8Bytes(facts, FilmJson.Default.FilmFacts));
        _log.FlushToDisk();
        _log.Dispose();
        try
        {
            Directory.Move(_draft, _final);
        }
        catch (IOException) when (Directory.Exists(_final))
        {
        }
        return SeenFilm.Load(_final, facts);
    }

    /// <summary>What was seen so far stays, to be gone on with.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        _log.Dispose();
        if (!_isKept && Directory.Exists(_draft))
            Directory.Delete(_draft, recursive: true);
    }
}
