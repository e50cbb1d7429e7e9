using System.Collections.Immutable;
using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines.Conversation;

namespace Streaming.Pipelines;

/// <summary>Finds in a memory what a question is about.</summary>
/// <param name="embedder">Tells how the model reads words; null: it does not.</param>
internal sealed class Recollection(AnsweringOptions options, InferenceQueue queue, ITextEmbedder? embedder)
{
    /// <summary>The words of a question that say what it is about, [words, hidden]; none where the model does not tell.</summary>
    public async Task<float[]> WordsAsync(Question question, CancellationToken cancellation) => embedder is null
        ? []
        : await queue.RunAsync(question.Turn, stop => embedder.EmbedAsync(QuestionWords.Of(question.Text), stop), cancellation).ConfigureAwait(false);

    /// <param name="meant">What it means by itself, which is its text.</param>
    /// <param name="from">The first moment asked about.</param>
    /// <param name="until">The last moment asked about: a frame at that very moment was seen by then.</param>
    /// <param name="unseen">What of the stream was not seen.</param>
    /// <param name="notes">What was noted of the stream; null: nothing.</param>
    public async Task<Recalled> ReadAsync(
        Question question, FollowUp meant, MemorySnapshot memory, TimeSpan from, TimeSpan until, IReadOnlyList<Gap> unseen, NotebookSnapshot? notes, CancellationToken cancellation)
    {
        // Watches of one stream share what is read only if their words do not choose it.
        RecallScope scope = question.Turn is InferenceClass.Watch or InferenceClass.Note
            ? new RecallScope(from, until, RecallKind.Whole, RecallEnd.None)
            : MeantScope.Of(question, meant, from, until, options.Recall);
        // What was in sight before the camera went away may be gone: it does not stand for a stretch in which nobody looked.
        if (scope.From > scope.Until || unseen.Hides(scope))
            return new Recalled([], scope, null);
        RecallPlan plan = RecallPlan.Whole(scope, options.RecentFrames);
        // A policy that chooses among the tokens gets all there are.
        int most = question.Reduction?.Policy is null ? options.VisualTokenBudget : int.MaxValue;
        if (scope.Kind == RecallKind.Search && !Fits(memory, scope) && await FindAsync(question, meant, memory, scope, notes, cancellation).ConfigureAwait(false) is { Count: > 0 } clips)
            plan = RecallPlan.Of(memory, scope, clips, options.Recall.RecentFrames);
        return new Recalled(memory.Recall(plan, most, options.MostFrames), scope, plan);
    }

    /// <summary>All of it can be read.</summary>
    private bool Fits(MemorySnapshot memory, RecallScope scope)
    {
        MemoryEntry[] entries = [.. memory.Entries.Where(entry => entry.Time >= scope.From && entry.Time <= scope.Until)];
        return entries.Length <= options.MostFrames && entries.Sum(entry => entry.Tokens.Count) <= options.VisualTokenBudget;
    }

    /// <summary>The clips in which that was seen which is talked of, or those that go best with the words, by their tokens or by notes.</summary>
    private async Task<IReadOnlyList<MemoryClip>> FindAsync(Question question, FollowUp meant, MemorySnapshot memory, RecallScope scope, NotebookSnapshot? notes, CancellationToken cancellation)
    {
        if (meant.Seen.Count > 0)
            return [.. memory.Clips.Where(clip => meant.Seen.Any(span => clip.From < span.To && clip.To >= span.From)).TakeLast(options.Recall.MostClips)];
        float[] words = await WordsAsync(question, cancellation).ConfigureAwait(false);
        return ClipSearch.Find(memory, scope, words, options.Recall, notes is null ? [] : Noted(notes, QuestionWords.Of(question.Text), scope));
    }

    /// <summary>When that could be seen which notes tell in the words of a question.</summary>
    private static List<(TimeSpan Moment, double Score)> Noted(NotebookSnapshot notes, string words, RecallScope scope)
    {
        Note[] told = [.. notes.Between(scope.From, scope.Until).Where(note => note.Source != NoteSource.User)];
        double[] scores = NoteSearch.Score([.. told.Select(note => NoteLine.Of(note.Fact))], words);
        return [.. told.Zip(scores).Where(pair => pair.Second > 0)
            .SelectMany(pair => new[] { pair.First.Sights.First, pair.First.Sights.Clearest, pair.First.Sights.Last }.Distinct().Select(moment => (moment, pair.Second)))];
    }
}

/// <summary>What a question reads.</summary>
/// <param name="Entries">In order of time; none where nothing was seen.</param>
/// <param name="Plan">Null: the stretch that the question names lies outside of what is asked about, or all of it where nobody looked.</param>
internal sealed record Recalled(ImmutableArray<MemoryEntry> Entries, RecallScope Scope, RecallPlan? Plan);
