using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>Where a stream stands.</summary>
public enum StreamPhase
{
    /// <summary>No frame has come yet.</summary>
    Connecting,
    Running,

    /// <summary>The source was lost and is tried again.</summary>
    Retrying,

    /// <summary>A film was played to its end.</summary>
    Ended,

    /// <summary>It cannot work without a change. A camera is still tried, rarely.</summary>
    Failed,

    /// <summary>Stopped by its owner.</summary>
    Stopped,
}

/// <summary>A stream's standing at one moment.</summary>
/// <param name="Reconnects">How often a lost source came back.</param>
/// <param name="LastError">Why it was lost last, in words; kept after it came back.</param>
/// <param name="Failure">Of what kind that is while it is away; null: it is not.</param>
public sealed record StreamStanding(StreamPhase Phase, long Reconnects, string? LastError, SourceFailureKind? Failure = null);

/// <summary>
/// Keeps one stream alive: runs a session after another, waits longer while they fail, and says where the stream stands. Waits count
/// from the beginning of an attempt, so that one which took its time until it failed does not make the next one later.
/// </summary>
/// <param name="endsByItself">A film ends; a camera that ends its stream is lost.</param>
/// <param name="changed">Told when the phase changes.</param>
/// <param name="reconnects">How often a lost source had come back before.</param>
/// <param name="chance">Draws from [0, 1).</param>
public sealed class StreamSupervisor(
    TimeProvider clock, Backoff backoff, bool endsByItself, Action<StreamStanding>? changed = null, long reconnects = 0, Func<double>? chance = null)
{
    /// <summary>So many decoders of one stream may die within the window; on a machine that is short of memory a few do without the camera's fault.</summary>
    private const int MostCrashes = 10;

    private static readonly TimeSpan CrashWindow = TimeSpan.FromMinutes(10);

    private readonly Func<double> _chance = chance ?? Random.Shared.NextDouble;
    private volatile StreamStanding _standing = new(StreamPhase.Connecting, reconnects, null);
    private readonly Queue<long> _crashes = new();
    private int _failures;
    private bool _hasRun, _runs;

    public StreamStanding Standing
    {
        get => _standing;
        private set
        {
            bool isNews = value.Phase != _standing.Phase;
            _standing = value;
            if (isNews)
                changed?.Invoke(value);
        }
    }

    /// <summary>Runs sessions until the film ends or <paramref name="cancellation"/>; then the stream is ended, failed or stopped. Only bugs throw.</summary>
    /// <param name="session">Runs one session to its end and says why it ended; null: a film came to its end. It calls its first argument when the first frame came.</param>
    public async Task RunAsync(Func<Action, CancellationToken, Task<SourceFailure?>> session, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                _runs = false;
                long begun = clock.GetTimestamp();
                SourceFailure? failure = await session(Show, cancellation).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
                if (Next(failure) is not { } wait)
                    return;
                TimeSpan left = _runs ? wait : wait - clock.GetElapsedTime(begun);
                await Task.Delay(left > backoff.First / 2 ? left : backoff.First / 2, clock, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Standing = _standing with { Phase = StreamPhase.Stopped, Failure = null };
        }
        catch (Exception e)
        {
            Standing = _standing with { Phase = StreamPhase.Failed, LastError = $"an error in the server: {e.GetType().Name}" };
            throw;
        }
    }

    /// <summary>The first frame of a session came.</summary>
    private void Show()
    {
        bool isBack = _hasRun;
        (_hasRun, _runs, _failures) = (true, true, 0);
        Standing = _standing with { Phase = StreamPhase.Running, Reconnects = _standing.Reconnects + (isBack ? 1 : 0), Failure = null };
    }

    /// <summary>How long to wait after a session that ended; null: not again.</summary>
    private TimeSpan? Next(SourceFailure? failure)
    {
        _failures++;
        if (endsByItself)
        {
            Standing = _standing with { Phase = _hasRun ? StreamPhase.Ended : StreamPhase.Failed, LastError = failure?.Message ?? _standing.LastError, Failure = failure?.Kind };
            return null;
        }
        bool keepsCrashing = failure?.Kind == SourceFailureKind.DecoderLost && IsBeyondBudget();
        bool needsChange = keepsCrashing || (failure is not null && NeedsChange(failure.Kind));
        StreamPhase phase = needsChange ? StreamPhase.Failed : _hasRun ? StreamPhase.Retrying : StreamPhase.Connecting;
        Standing = _standing with { Phase = phase, LastError = failure?.Message ?? "the camera ended the stream", Failure = failure?.Kind ?? SourceFailureKind.EndOfStream };
        return needsChange ? backoff.RareWait(_failures, _hasRun && !keepsCrashing, _chance()) : backoff.Wait(_failures, _chance());
    }

    /// <summary>Decoders that die again and again are being killed by what the camera sends: it is tried rarely, so that they cost little and somebody looks.</summary>
    private bool IsBeyondBudget()
    {
        _crashes.Enqueue(clock.GetTimestamp());
        while (clock.GetElapsedTime(_crashes.Peek()) > CrashWindow)
            _crashes.Dequeue();
        return _crashes.Count > MostCrashes;
    }

    /// <summary>A camera that showed pictures in this session can; what went wrong then may pass.</summary>
    private bool NeedsChange(SourceFailureKind kind) => kind switch
    {
        SourceFailureKind.Unauthorized or SourceFailureKind.LibrariesUnusable => true,
        SourceFailureKind.NotVideo or SourceFailureKind.Undecodable or SourceFailureKind.LimitExceeded => !_runs,
        _ => false,
    };
}
