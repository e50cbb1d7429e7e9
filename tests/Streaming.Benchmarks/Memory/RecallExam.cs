using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.World;
using Streaming.World.Questions;

namespace Streaming.Benchmarks.Memory;

/// <summary>
/// Questions about a day that name a thing and no time, as often about one that was there as about one that was not: whether what was there
/// is found and told, and whether the clips that are recalled for it are among those that show it.
/// </summary>
internal sealed class RecallExam(MemoryExam exam, StreamDay day, ITextEmbedder embedder)
{
    /// <summary>What more films show than this share of them, any four clips would often show.</summary>
    private const double Rarely = 0.25;

    private readonly Dice _dice = new((ulong)day.Slots);
    private readonly List<bool> _found = [], _byTime = [], _right = [], _recent = [];
    private readonly List<double> _byChance = [];

    /// <summary>The names of all that few of the films show, and of as much that none does.</summary>
    public static IEnumerable<string> Rare(IReadOnlyList<Shot> reel)
    {
        string[] all = [.. from shape in Enum.GetValues<Shape>() from colour in Enum.GetValues<Colour>() select $"{Words.Of(colour)} {Words.Of(shape)}"];
        ILookup<int, string> showing = all.ToLookup(name => reel.Count(shot => shot.Seen.Contains(name)));
        string[] some = [.. showing.Where(group => group.Key > 0 && group.Key <= reel.Count * Rarely).SelectMany(group => group)];
        return some.Concat(showing[0].Take(some.Length));
    }

    public async Task AskAsync(string name, CancellationToken cancellation)
    {
        MemorySnapshot memory = day.Memory;
        HashSet<int> slots = [.. Enumerable.Range(0, day.Slots).Where(slot => day.Film(slot).Shot.Seen.Contains(name))];
        var question = new FilmQuestion("recall", Phrasings.Pick("existed", Split.Test, _dice, ("thing", name)), slots.Count > 0 ? "yes" : "no", 0, day.Now.TotalSeconds, true);
        _right.Add((await exam.AskAsync(question, memory, TimeSpan.Zero, day.Now, cancellation)).IsRight);
        _recent.Add((await exam.AskAsync(question, day.Recent(new RecallOptions().Recent), TimeSpan.Zero, day.Now, cancellation)).IsRight);
        if (slots.Count == 0)
            return;
        var scope = new RecallScope(TimeSpan.Zero, day.Now, RecallKind.Search, RecallEnd.None);
        var options = new RecallOptions();
        _found.Add(ClipSearch.Find(memory, scope, await embedder.EmbedAsync(name, cancellation), options).Any(clip => Shows(clip, slots)));
        _byTime.Add(ClipSearch.Find(memory, scope, [], options with { LeastScore = 0 }).Any(clip => Shows(clip, slots)));
        int showing = memory.Clips.Count(clip => Shows(clip, slots)), others = memory.Clips.Length - showing;
        // That of the most clips drawn at random at least one shows it.
        double none = 1;
        for (int drawn = 0; drawn < options.MostClips; drawn++)
            none *= Math.Max(0, (double)(others - drawn) / (memory.Clips.Length - drawn));
        _byChance.Add(1 - none);
    }

    public IEnumerable<BenchResult> Results() => _found.Count == 0 ? [] :
    [
        MemoryResults.Share("recall_answers", _right) with { Note = "of a thing that is named without a time, there and not there equally often" },
        MemoryResults.Share("recall_answers_recent", _recent),
        MemoryResults.Share("recall_right_clip", _found),
        MemoryResults.Share("recall_right_clip_by_time_alone", _byTime),
        new("recall_right_clip_by_chance", _byChance.Average(), "share"),
    ];

    /// <summary>A clip may be of several slots once it has been merged.</summary>
    private bool Shows(MemoryClip clip, HashSet<int> slots) => clip.Tokens > 0 && slots.Any(slot =>
        day.Film(slot) is var (film, start) && clip.From <= start + film.Length && clip.To >= start);
}
