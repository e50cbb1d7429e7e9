namespace Streaming.Pipelines;

/// <summary>Holds a film's frames back until a camera would have delivered them, counted from the first.</summary>
internal sealed class RealTimePace(TimeProvider clock)
{
    private (long Timestamp, TimeSpan Time)? _first;

    public Task WaitFor(TimeSpan time, CancellationToken cancellation)
    {
        _first ??= (clock.GetTimestamp(), time);
        TimeSpan ahead = time - _first.Value.Time - clock.GetElapsedTime(_first.Value.Timestamp);
        return ahead > TimeSpan.Zero ? Task.Delay(ahead, clock, cancellation) : Task.CompletedTask;
    }
}
