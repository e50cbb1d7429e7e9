using Streaming.Compression.Recall;

namespace Streaming.Pipelines.Conversation;

/// <summary>What of a stream a question of a conversation reads.</summary>
internal static class MeantScope
{
    /// <summary>The least that is read around what was seen before: the longest stretch that the shipped model was trained with.</summary>
    private static readonly TimeSpan LeastSeen = TimeSpan.FromSeconds(16);

    /// <param name="question">Its text is what it means by itself.</param>
    /// <param name="from">The first moment asked about.</param>
    /// <param name="until">The last moment asked about that was seen, included.</param>
    public static RecallScope Of(Question question, FollowUp meant, TimeSpan from, TimeSpan until, RecallOptions options)
    {
        TimeSpan now = question.Now ?? until;
        if (meant.IsNow)
            return new RecallScope(Later(from, until - options.Recent), until, RecallKind.Recent, RecallEnd.None);
        if (meant.Seen is [var first, ..] && TimeWords.Of(question.Text, now, question.Clock) is null)
            return Around(meant.Seen, first, from, until, options);
        TimeSpan start = meant.From is { } after && after <= until ? Later(from, after) : from;
        TimeSpan end = meant.Before is { } before && before > from ? Earlier(until, before - TimeSpan.FromTicks(1)) : until;
        RecallScope scope = RecallScope.Of(question.Text, start, end, now, question.Clock, options);
        // What lies before or after something else is in the past, however it is asked about.
        return meant.End == RecallEnd.None || scope.Kind == RecallKind.Whole ? scope
            : scope.Kind == RecallKind.Recent ? new RecallScope(start, end, RecallKind.Search, meant.End)
            : scope with { End = scope.End == RecallEnd.None ? meant.End : scope.End };
    }

    /// <summary>From the first sight to the last, of which only these are read where it is long.</summary>
    private static RecallScope Around(IReadOnlyList<Stretch> seen, Stretch first, TimeSpan from, TimeSpan until, RecallOptions options)
    {
        TimeSpan length = seen[^1].To - first.From, margin = length < LeastSeen ? (LeastSeen - length) / 2 : TimeSpan.Zero;
        TimeSpan start = Later(from, first.From - margin), end = Earlier(until, seen[^1].To + margin);
        return start > end
            ? RecallScope.Of("", from, until, until, null, options)
            : new RecallScope(start, end, end - start <= options.Whole ? RecallKind.Whole : RecallKind.Search, RecallEnd.None);
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
