using System.Globalization;
using Streaming.Contracts;
using Streaming.Pipelines;

namespace Streaming.Server.Questions;

/// <summary>Gaps as the API and people are told of them.</summary>
internal static class GapDocuments
{
    /// <param name="clock">How a time of the source is written.</param>
    internal static GapDocument Of(Gap gap, Func<TimeSpan, string> clock, SourceName? source = null, DateTimeOffset? startedAt = null) => new(
        gap.From.TotalSeconds, gap.To.TotalSeconds, gap.Reason.ToString().ToLowerInvariant(), gap.Frames, Say(gap, clock), source?.Name,
        startedAt + gap.From, startedAt + gap.To);

    /// <summary>A gap of a source, at its clock.</summary>
    internal static GapDocument Of(Gap gap, Sighting sighting) => Of(gap, time => Clock(sighting, time), startedAt: sighting.StartedAt);

    /// <summary>One sentence for each gap of a source.</summary>
    internal static GapDocument[] Of(Answer answer, Sighting sighting, bool isOneOfSeveral) => [.. answer.Gaps.Select(gap => Of(
        gap, time => Clock(sighting, time), isOneOfSeveral || sighting.Source.Kind == SourceKind.Stream ? sighting.Source : null, sighting.StartedAt))];

    private static string Say(Gap gap, Func<TimeSpan, string> clock)
    {
        string span = $"{clock(gap.From)}–{clock(gap.To)}";
        return gap.Reason switch
        {
            GapReason.Offline => $"not seen: camera offline {span}",
            GapReason.Dropped => $"not seen: {Count("frame")} dropped {span}, faster than they could be looked at",
            GapReason.Lost => $"not seen: {Count("keyframe")} lost {span}, which the model did not encode",
            _ => $"remembered coarsely: {Count("keyframe")} given up {span}",
        };

        string Count(string what) => $"{gap.Frames} {what}{(gap.Frames == 1 ? "" : "s")}";
    }

    /// <summary>Local time of day, with the date where it is not that of the newest picture; of a film its own time.</summary>
    private static string Clock(Sighting sighting, TimeSpan time)
    {
        if (sighting.Clock is not { } clock)
            return time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
        DateTime local = clock.Local(time);
        bool isToday = local.Date == clock.Local(sighting.SeenUntil).Date;
        return local.ToString(isToday ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
