using System.Text.RegularExpressions;

namespace Streaming.Compression.Recall;

/// <summary>How the memory of a stretch is read.</summary>
public enum RecallKind
{
    /// <summary>All of it, evenly: the stretch is short.</summary>
    Whole,

    /// <summary>Its end only: the question is about now.</summary>
    Recent,

    /// <summary>The clips that the question is about, and then its end.</summary>
    Search,
}

/// <summary>Which end of the stretch a question is about.</summary>
public enum RecallEnd
{
    None,
    First,
    Last,
}

/// <summary>What a question reads: a stretch of the stream, and how.</summary>
/// <param name="From">The first moment.</param>
/// <param name="Until">The last moment, included.</param>
public sealed partial record RecallScope(TimeSpan From, TimeSpan Until, RecallKind Kind, RecallEnd End)
{
    /// <param name="from">The first moment asked about.</param>
    /// <param name="until">The last moment asked about that was seen, included.</param>
    /// <param name="now">What the question's times are told from; not before <paramref name="until"/>.</param>
    /// <param name="clock">Null: the stream knows no clock.</param>
    public static RecallScope Of(string question, TimeSpan from, TimeSpan until, TimeSpan now, StreamClock? clock, RecallOptions options)
    {
        (TimeSpan From, TimeSpan To)? named = until - from > options.Whole ? TimeWords.Of(question, now, clock) : null;
        if (named is { } span)
            (from, until) = (span.From > from ? span.From : from, span.To < until ? span.To : until);
        if (until - from <= options.Whole)
            return new RecallScope(from, until, RecallKind.Whole, RecallEnd.None);
        if (named is null && !RecallGate.Opens(question))
            return new RecallScope(until - options.Recent, until, RecallKind.Recent, RecallEnd.None);
        return new RecallScope(from, until, RecallKind.Search, EndOf(question));
    }

    private static RecallEnd EndOf(string question) => First().IsMatch(question) ? RecallEnd.First : Last().IsMatch(question) ? RecallEnd.Last : RecallEnd.None;

    [GeneratedRegex(@"\b(first|earliest|before all|at the (beginning|start))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex First();

    [GeneratedRegex(@"\b(last|latest|lately|just|after all)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Last();
}

/// <summary>How much of a memory a question reads.</summary>
public sealed record RecallOptions
{
    /// <summary>A stretch up to this is read as a whole.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is read for a question about now: the longest stretch that the shipped model was trained with.</summary>
    public TimeSpan Recent { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>How many of the newest frames are read after clips of the past.</summary>
    public int RecentFrames { get; init; } = 4;

    /// <summary>Most clips that are read: the more there are, the fewer frames of each.</summary>
    public int MostClips { get; init; } = 4;

    /// <summary>How many of a clip's tokens have to resemble a word.</summary>
    public int BestTokens { get; init; } = 4;

    /// <summary>A clip is read if it scores so many deviations above the mean of all.</summary>
    public double LeastScore { get; init; } = 1;

    /// <summary>What lies at the end of the stretch that the question names scores so much more.</summary>
    public double EndWeight { get; init; } = 0.5;

    /// <summary>What was just seen scores so much more.</summary>
    public double RecencyWeight { get; init; } = 0.2;

    /// <summary>After this time the weight of recency has fallen to a third.</summary>
    public TimeSpan RecencySpan { get; init; } = TimeSpan.FromMinutes(10);
}
