using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Films;
using Streaming.Video;

namespace Streaming.Benchmarks.Memory;

/// <summary>A film as decoder, encoder and reducer gave it to a memory, with the questions about it.</summary>
/// <param name="Kept">What was written to memory: each keyframe with the tokens that were new in it.</param>
/// <param name="Whole">The same keyframes with all their tokens.</param>
internal sealed record Shot(IReadOnlyList<MemoryEntry> Kept, IReadOnlyList<MemoryEntry> Whole, TimeSpan Length, IReadOnlyList<World.FilmQuestion> Questions)
{
    /// <summary>All questions that there are about it.</summary>
    public IReadOnlyList<World.FilmQuestion> All { get; init; } = [];

    /// <summary>The names of all things in it, such as "red circle".</summary>
    public required IReadOnlySet<string> Seen { get; init; }

    public static async Task<Shot> OfAsync(FilmService service, ExamPaper paper, CancellationToken cancellation)
    {
        var witness = new Witness();
        Sight sight = await service.SeeAsync(new FileSource(paper.Film), observer: witness, cancellation: cancellation);
        SeenFilm film = sight.Film ?? throw new InvalidOperationException($"{paper.Film}: {sight.Problem}");
        return new Shot(witness.Left, witness.Whole, film.Facts.LastSample, paper.Questions) { All = paper.All, Seen = paper.Seen };
    }

    /// <summary>A keyframe in a stream in which the film begins later.</summary>
    public static MemoryEntry At(MemoryEntry entry, int number, TimeSpan start)
    {
        VisualTokens tokens = entry.Tokens;
        TimeSpan time = start + entry.Time;
        TokenOrigin[] origins = [.. tokens.Origins.ToArray().Select(origin => origin with { Time = time })];
        return new MemoryEntry(entry.Keyframe with { Number = number, Time = time }, new VisualTokens(tokens.Hidden, tokens.Features, origins, tokens.Weights, tokens.Saliency));
    }

    private sealed class Witness : IVideoStreamObserver
    {
        public List<MemoryEntry> Left { get; } = [];

        public List<MemoryEntry> Whole { get; } = [];

        public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress) => Whole.Add(new MemoryEntry(keyframe, encoded));

        public void Kept(MemoryEntry entry, DecodeProgress progress) => Left.Add(entry);

        public void Progressed(DecodeProgress progress, VideoFacts? facts)
        {
        }
    }
}
