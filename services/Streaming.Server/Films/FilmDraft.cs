using System.Text.Json;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Films;

/// <summary>A film while it is being seen. Disposed without having been published, it leaves nothing behind.</summary>
public sealed class FilmDraft : IVideoStreamObserver, IDisposable
{
    private readonly string _draft, _final;
    private readonly IVideoStreamObserver? _observer;
    private readonly List<MemoryEntry> _keyframes = [];

    internal FilmDraft(string draft, string final, IVideoStreamObserver? observer)
    {
        (_draft, _final, _observer) = (draft, final, observer);
        Directory.CreateDirectory(draft);
    }

    public void Kept(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, VisualTokens kept)
    {
        File.WriteAllBytes(Path.Combine(_draft, FilmArchive.PictureName(keyframe)), jpeg);
        _keyframes.Add(new MemoryEntry(keyframe, kept));
        _observer?.Kept(keyframe, jpeg, encoded, kept);
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts) => _observer?.Progressed(progress, facts);

    /// <summary>Makes the film visible and returns it. If another process was faster, what it wrote is as good.</summary>
    public SeenFilm Publish(FilmFacts facts, int hidden)
    {
        File.WriteAllBytes(Path.Combine(_draft, FilmStore.FactsName), JsonSerializer.SerializeToUtf8Bytes(facts, FilmJson.Default.FilmFacts));
        using (FileStream tokens = File.Create(Path.Combine(_draft, FilmStore.TokensName)))
        {
            FilmArchive.Write(tokens, hidden, _keyframes);
            tokens.Flush(flushToDisk: true);
        }
        try
        {
            Directory.Move(_draft, _final);
        }
        catch (IOException) when (Directory.Exists(_final))
        {
        }
        return new SeenFilm(_final, facts, _keyframes);
    }

    public void Dispose()
    {
        if (Directory.Exists(_draft))
            Directory.Delete(_draft, recursive: true);
    }
}
