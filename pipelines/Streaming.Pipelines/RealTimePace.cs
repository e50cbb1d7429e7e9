namespace Streaming.Pipelines;

/// <summary>Holds a film's frames back until a camera would have delivered them, counted from the first.</summary>
internal sealed class RealTimePace(TimeProvider clock)
{
    private (long Timestamp, TimeSpan Time)? _first;

    /// <summary>Waits until it is time for a frame; the first one waits for nothing.</summary>
    public Task WaitFor(TimeSpan time, CancellationToken cancellation)
    {
        TimeSpan ahead = _first is { } first ? time - first.Time - clock.GetElapsedTime(first.Timestamp) : TimeSpan.Zero;
        return ahead > TimeSpan.Zero ? Task.Delay(ahead, clock, cancellation) : Task.CompletedTask;
    }

    /// <summary>A frame has its place in the stream's time. From the first one's on the others are counted: from any earlier they would come before their time.</summary>
    public void Passed(TimeSpan time) => _first ??= (clock.GetTimestamp(), time);
}
