using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Pipelines.Conversation;
using Streaming.World;

namespace Streaming.Benchmarks.Memory;

/// <summary>Puts the questions about one film to what a memory holds of it.</summary>
internal sealed partial class MemoryExam(Answering answering)
{
    /// <param name="start">When the film began in the stream that the memory is of.</param>
    /// <param name="notes">What was noted of the stream; null: nothing.</param>
    public Task<Mark> AskAsync(FilmQuestion question, MemorySnapshot memory, TimeSpan start, TimeSpan now, CancellationToken cancellation, NotebookSnapshot? notes = null) => AskAsync(
        question, start, new Question(question.Question, start + TimeSpan.FromSeconds(question.FromSeconds), start + TimeSpan.FromSeconds(question.ToSeconds)), memory, now, cancellation, notes);

    /// <summary>Asks in other words, after other turns, as of the end of what the question is about.</summary>
    /// <param name="isNamed">The stretch is named, too; else it is left to the turns to say where it is.</param>
    public Task<Mark> AskAsync(
        FilmQuestion question, string words, IReadOnlyList<Turn> turns, bool isNamed, MemorySnapshot memory, TimeSpan start, TimeSpan now, CancellationToken cancellation) => AskAsync(
        question, start,
        new Question(words, isNamed ? start + TimeSpan.FromSeconds(question.FromSeconds) : null, start + TimeSpan.FromSeconds(question.ToSeconds)) { Turns = turns }, memory, now, cancellation);

    /// <summary>Asks with what is there now before it, whatever the question is about.</summary>
    public Task<Mark> AskNowAsync(FilmQuestion question, MemorySnapshot memory, TimeSpan start, TimeSpan now, CancellationToken cancellation)
    {
        TimeSpan from = now - new RecallOptions().Recent;
        return AskAsync(question, start, new Question(question.Question, from > TimeSpan.Zero ? from : TimeSpan.Zero, now), memory, now, cancellation);
    }

    private async Task<Mark> AskAsync(FilmQuestion question, TimeSpan start, Question asked, MemorySnapshot memory, TimeSpan now, CancellationToken cancellation, NotebookSnapshot? notes = null)
    {
        Answer answer = await answering.AskAsync(asked, memory, now, 0, cancellation: cancellation, notes: notes);
        // The answer tells times of the stream, the key those of the film.
        return new Mark(question, answer with { Text = Moment().Replace(answer.Text, match => FormattableString.Invariant($"at {Seconds(match) - (long)start.TotalSeconds} s")) });
    }

    private static long Seconds(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bat (\d{1,9}) s\b")]
    private static partial Regex Moment();
}
