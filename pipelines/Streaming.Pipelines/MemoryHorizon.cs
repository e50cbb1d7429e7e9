namespace Streaming.Pipelines;

/// <summary>
/// How far memory speaks for a stream: to the newest frame looked at, once every keyframe up to it is remembered. What has only been
/// decoded, or waits for the encoder, is not seen yet. Any thread may read.
/// </summary>
public sealed class MemoryHorizon
{
    private readonly Lock _gate = new();
    private TimeSpan? _looked, _seen;
    private int _waiting;
    private bool _isTorn;

    /// <summary>Null before anything was seen.</summary>
    public TimeSpan? SeenUntil
    {
        get
        {
            lock (_gate)
                return _seen;
        }
    }

    /// <param name="isKept">It is a keyframe, so that <see cref="Remember"/> follows.</param>
    public void Look(TimeSpan time, bool isKept)
    {
        lock (_gate)
        {
            _looked = time;
            _waiting += isKept ? 1 : 0;
            if (_waiting == 0 && !_isTorn)
                _seen = time;
        }
    }

    public void Remember(TimeSpan time)
    {
        lock (_gate)
        {
            _waiting--;
            _isTorn = false;
            _seen = _waiting == 0 ? _looked : time;
        }
    }

    /// <summary>A keyframe could not be remembered: what changed with it is not known before the next one.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _waiting--;
            _isTorn = true;
        }
    }

    /// <summary>A session ended; keyframes that still waited are lost.</summary>
    public void End()
    {
        lock (_gate)
            _waiting = 0;
    }
}
