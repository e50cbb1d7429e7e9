using System.Collections.Immutable;
using Streaming.Compression;
using Streaming.Models.Shapes;
using Streaming.Perception;

namespace Streaming.Pipelines.Watches;

/// <summary>What a question that stands found out at one moment.</summary>
/// <param name="Holds">Null: the answer tells neither.</param>
/// <param name="IsReused">Nothing had come into memory or left the window, so that the model was not asked again.</param>
public sealed record WatchFinding(bool? Holds, Answer Answer, bool IsReused);

/// <summary>
/// A question that is asked again and again about the newest stretch of a memory. Those of one stream that are asked one after the
/// other with the same window have the same pictures before them, so that the model reads these once; the notes that a question needs
/// stand behind them. Where yes or no is waited for, the model can answer nothing else than that, or that it cannot tell. One caller at a time.
/// </summary>
/// <param name="window">The stretch that it is asked about.</param>
/// <param name="firesOn">How the answer begins that is waited for.</param>
public sealed class StandingQuestion(Answering answering, string text, TimeSpan window, string firesOn)
{
    /// <summary>A verdict is a word or two; where a model begins with more, it is cut there.</summary>
    private const int MostTokens = 12;

    private static readonly AnswerShape YesOrNo = AnswerShape.OneOf("yes", "no", "cannot tell", "Yes", "No", "Cannot tell");

    private readonly AnswerShape? _shape = Verdict.IsYesOrNo(firesOn) ? YesOrNo : null;

    // A memory that has gone on is not kept for it.
    private readonly WeakReference<MemorySnapshot?> _memory = new(null);
    private (int First, int End, TimeSpan Noted) _read;
    private WatchFinding? _finding;

    /// <param name="memory">The memory as of <paramref name="until"/> or later.</param>
    /// <param name="until">The end of the window.</param>
    /// <param name="turn">Before what it goes.</param>
    /// <param name="unseen">What of the stream was not seen; null: nothing is known to be missing.</param>
    /// <param name="notes">What perception noted of the stream; null while it is off.</param>
    /// <exception cref="InferenceException">The model gave no answer.</exception>
    public async Task<WatchFinding> AskAsync(
        MemorySnapshot memory, TimeSpan until, InferenceClass turn, IReadOnlyList<Gap>? unseen, NotebookSnapshot? notes, CancellationToken cancellation)
    {
        TimeSpan from = until > window ? until - window : TimeSpan.Zero;
        // What is read, and so the answer, depends on these alone. Notes tell of every moment that they reach.
        TimeSpan noted = notes?.Between(from, until + TimeSpan.FromTicks(1)).Any() == true ? until : TimeSpan.Zero;
        var reads = (CountBefore(memory.Entries, from), CountBefore(memory.Entries, until + TimeSpan.FromTicks(1)), noted);
        if (_finding is { } known && reads == _read && _memory.TryGetTarget(out MemorySnapshot? before) && before == memory)
            return known with { IsReused = true };
        var question = new Question(text, from, until, MostTokens, Turn: turn) { Shape = _shape };
        Answer answer = await answering.AskAsync(question, memory, until, 0, null, unseen, cancellation, notes).ConfigureAwait(false);
        _finding = new WatchFinding(answer.Model is null ? null : Verdict.Of(answer.Text, firesOn), answer, IsReused: false);
        _read = reads;
        _memory.SetTarget(memory);
        return _finding;
    }

    private static int CountBefore(ImmutableArray<MemoryEntry> entries, TimeSpan time)
    {
        int low = 0, high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = entries[middle].Time < time ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
