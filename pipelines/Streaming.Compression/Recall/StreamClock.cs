namespace Streaming.Compression.Recall;

/// <summary>What a stream's times mean on the clock and the calendar of the place where its camera stands.</summary>
/// <param name="StartedAt">The moment of second 0.</param>
public sealed record StreamClock(DateTimeOffset StartedAt, TimeZoneInfo Zone)
{
    /// <summary>The local date and time of a time of the stream.</summary>
    public DateTime Local(TimeSpan time) => TimeZoneInfo.ConvertTime(StartedAt + time, Zone).DateTime;

    /// <summary>The time of the stream at a local date and time; of an hour that the change of clocks repeats, its first passing, and of
    /// one that it leaves out, the moment that it would have been without the change.</summary>
    public TimeSpan At(DateTime local)
    {
        DateTime unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        TimeSpan offset = Zone.IsAmbiguousTime(unspecified) ? Zone.GetAmbiguousTimeOffsets(unspecified).Max() : Zone.GetUtcOffset(unspecified);
        return new DateTimeOffset(unspecified, offset) - StartedAt;
    }
}
