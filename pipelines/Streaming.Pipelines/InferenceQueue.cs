namespace Streaming.Pipelines;

/// <summary>What waits for the device; the earlier one in this list goes first.</summary>
public enum InferenceClass
{
    Question,

    /// <summary>Of a camera.</summary>
    Keyframe,

    /// <summary>A keyframe of a film that is being read as fast as it goes.</summary>
    Film,
}

/// <summary>
/// The one line in front of a device: one inference at a time, questions before keyframes before films, first come first served within a class.
/// </summary>
public sealed class InferenceQueue
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (InferenceClass, long)> _waiting = new();
    private long _arrivals;
    private bool _busy;

    /// <summary>How many wait.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Runs <paramref name="inference"/> when its turn comes; gives the turn up if cancelled while waiting.</summary>
    public async Task<T> RunAsync<T>(InferenceClass inferenceClass, Func<Task<T>> inference, CancellationToken cancellation = default)
    {
        await TakeTurn(inferenceClass, cancellation).ConfigureAwait(false);
        try
        {
            return await inference().ConfigureAwait(false);
        }
        finally
        {
            PassOn();
        }
    }

    private Task TakeTurn(InferenceClass inferenceClass, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (!_busy)
            {
                _busy = true;
                return Task.CompletedTask;
            }
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, (inferenceClass, _arrivals++));
        }
        return Wait(turn, cancellation);
    }

    private static async Task Wait(TaskCompletionSource turn, CancellationToken cancellation)
    {
        // Whoever cancels first wins: a turn that was passed to a waiter is always taken and always passed on.
        await using CancellationTokenRegistration registration = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await turn.Task.ConfigureAwait(false);
    }

    private void PassOn()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? next, out _))
            {
                if (next.TrySetResult())
                    return;
            }
            _busy = false;
        }
    }
}
