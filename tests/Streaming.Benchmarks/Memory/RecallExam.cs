using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.World;

namespace Streaming.Benchmarks.Memory;

/// <summary>Whether the clips that are recalled for a question without a time are among those that show its film, by the model's embeddings and without them.</summary>
internal sealed class RecallExam(StreamDay day, ITextEmbedder embedder)
{
    private readonly List<bool> _byWords = [], _byTime = [];
    private readonly List<double> _byChance = [];

    public async Task AskAsync(FilmQuestion question, Shot shot, CancellationToken cancellation)
    {
        MemorySnapshot memory = day.Memory;
        var scope = new RecallScope(TimeSpan.Zero, day.Now, RecallKind.Search, RecallEnd.None);
        float[] words = await embedder.EmbedAsync(question.Question, cancellation);
        var options = new RecallOptions();
        _byWords.Add(ClipSearch.Find(memory, scope, words, options).Any(clip => Shows(clip, shot)));
        _byTime.Add(ClipSearch.Find(memory, scope, [], options with { LeastScore = 0 }).Any(clip => Shows(clip, shot)));
        int showing = memory.Clips.Count(clip => Shows(clip, shot)), others = memory.Clips.Length - showing;
        // That of the most clips drawn at random at least one shows it.
        double none = 1;
        for (int drawn = 0; drawn < options.MostClips; drawn++)
            none *= Math.Max(0, (double)(others - drawn) / (memory.Clips.Length - drawn));
        _byChance.Add(1 - none);
    }

    public IEnumerable<BenchResult> Results() => _byWords.Count == 0 ? [] :
    [
        MemoryResults.Share("recall_right_clip", _byWords),
        MemoryResults.Share("recall_right_clip_by_time_alone", _byTime),
        new("recall_right_clip_by_chance", _byChance.Average(), "share"),
    ];

    private bool Shows(MemoryClip clip, Shot shot) => Enumerable.Range(0, day.Slots).Any(slot =>
        day.Film(slot) is var (film, start) && ReferenceEquals(film, shot) && clip.From <= start + film.Length && clip.To >= start && clip.Tokens > 0);
}
