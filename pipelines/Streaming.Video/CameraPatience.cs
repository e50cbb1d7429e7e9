namespace Streaming.Video;

/// <summary>How long a camera may send nothing: a few of its own frame intervals, so that a slow one is not taken for a dead one. Pure.</summary>
/// <param name="chosen">What an operator chose; null: by the intervals.</param>
/// <param name="known">The interval of an earlier session, for as long as this one does not know its own; zero: there was none.</param>
/// <param name="least">However many frames a second come: networks pause for seconds.</param>
internal struct CameraPatience(TimeSpan? chosen, TimeSpan least, TimeSpan known)
{
    /// <summary>Before the first packet, and before three where no earlier session knew: cameras with long groups of pictures send the first one after up to 20 s.</summary>
    internal static readonly TimeSpan AtFirst = TimeSpan.FromSeconds(20);

    /// <summary>A camera that sends less than four frames a minute needs a time of its own.</summary>
    internal static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    // One missing frame is a lost one, four are none.
    private const int Intervals = 4;

    // Of a camera that has become faster half is forgotten with every seven frames.
    private const double Forgetting = 0.9;

    private TimeSpan? _last;
    private TimeSpan _step, _interval;

    /// <summary>What this session, or else the one before, knows of the camera; zero: nothing.</summary>
    internal readonly TimeSpan Interval => _interval == TimeSpan.Zero ? known : _interval;

    /// <summary>The wait for the next packet.</summary>
    internal readonly TimeSpan Wait => chosen ?? (_last is null || Interval == TimeSpan.Zero ? Later(least, AtFirst) : Later(least, Earlier(Interval * Intervals, Most)));

    /// <summary>A packet came. A step counts if the one before was as long: a single one is a jump of the clock, as when the camera's reports set it.</summary>
    /// <param name="time">On the camera's own clock, which may jump; null: it has none.</param>
    internal void Arrive(TimeSpan? time)
    {
        if (time - _last is { } step && step > TimeSpan.Zero && step <= Most)
            (_interval, _step) = (Later(Earlier(step, _step), _interval * Forgetting), step);
        _last = time ?? _last;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
