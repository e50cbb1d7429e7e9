using System.Text.Json;
using Streaming.Contracts;
using Streaming.Perception;

namespace Streaming.Server.Streams;

/// <summary>A notebook as the API shows it.</summary>
/// <param name="at">The moment of a time of the stream.</param>
internal sealed class PerceptionAnswers(NotebookSnapshot notes, Func<TimeSpan, DateTimeOffset> at)
{
    internal static IEnumerable<string> Kinds => Enum.GetValues<FactKind>().Where(kind => kind != FactKind.Total).Select(WordOf);

    /// <param name="to">The end of the stretch, itself outside.</param>
    internal EventList Events(TimeSpan from, TimeSpan to, EventQuery query) => new(
        [
            .. notes.Between(from, to)
                .Where(note => query.Class is null || note.Fact.Thing?.Label == query.Class)
                .Where(note => query.Kind is null || WordOf(note.Fact.Kind) == query.Kind)
                .TakeLast(query.Most).Select(Document),
        ],
        notes.Forgotten);

    /// <param name="to">The end of the stretch, itself outside.</param>
    internal CountTable Counts(TimeSpan from, TimeSpan to, CountQuery query) => new(
        query.Bucket.TotalSeconds,
        [.. notes.TotalsBetween(from, to).Where(total => query.Class is null || total.Label == query.Class).Select(Document)],
        [
            .. from history in notes.History
               where query.Class is null || history.Key == query.Class
               from row in history.Value.Rows(@from, to, query.Bucket)
               select new CountRow(history.Key, row.Start.TotalSeconds, at(row.Start), row.Length.TotalSeconds, row.Entered, row.Left, row.Most),
        ]);

    private TotalDocument Document(ClassTotal total) => new(
        total.Label, total.Now, total.SoFar, total.AtMost, at(total.First), at(total.Last), total.Longest.TotalSeconds, at(total.BusiestMinute), total.BusiestCount);

    private EventDocument Document(Note note) => new(
        note.From.TotalSeconds, note.To.TotalSeconds, at(note.From), at(note.To), WordOf(note.Fact.Kind),
        note.Fact.Thing?.Label, note.Fact.Thing is { Number: > 0 } one ? one.Number : null, note.Times, note.Fact.Detail, note.Sure / 100.0,
        note.Source.ToString().ToLowerInvariant(), [note.Sights.First.TotalSeconds, note.Sights.Clearest.TotalSeconds, note.Sights.Last.TotalSeconds],
        NoteLine.Write(note));

    private static string WordOf(FactKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}");
}
