using System.Threading.Channels;

namespace Streaming.Pipelines.Tests;

/// <summary>A clock that stands still until it is advanced; its timers fire inside <see cref="Advance"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
            return _now.Ticks;
    }

    /// <summary>How far somebody has set the wall clock; timestamps do not know.</summary>
    public TimeSpan WallStep { get; set; }

    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(GetTimestamp()) + WallStep;

    /// <summary>How long the next one who waits on this clock wants to wait; completes when somebody does.</summary>
    public async Task<TimeSpan> NextWaitAsync() => await _waits.Reader.ReadAsync();

    public void Advance(TimeSpan by)
    {
        ManualTimer[] timers;
        lock (_gate)
        {
            _now += by;
            timers = [.. _timers];
        }
        foreach (var timer in timers)
            timer.FireIfDue(by);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan? _left;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
                _left = dueTime < TimeSpan.Zero ? null : dueTime;
            if (dueTime >= TimeSpan.Zero)
                clock._waits.Writer.TryWrite(dueTime);
            return true;
        }

        public void FireIfDue(TimeSpan passed)
        {
            lock (clock._gate)
            {
                _left -= passed;
                if (_left is null || _left > TimeSpan.Zero)
                    return;
                _left = null;
            }
            callback(state);
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
