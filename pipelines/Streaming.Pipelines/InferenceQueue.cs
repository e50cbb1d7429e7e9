using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>What waits for the device; the earlier one in this list goes first.</summary>
public enum InferenceClass
{
    Question,

    /// <summary>A question that stands. Before keyframes, because there are only so many and they say what others wait for; where they
    /// are too many for the machine, cameras are sampled less, and what shows nothing new is not asked about again.</summary>
    Watch,

    /// <summary>Of a camera.</summary>
    Keyframe,

    /// <summary>A keyframe of a film that is being read as fast as it goes.</summary>
    Film,

    /// <summary>What the model notes of a clip by itself: nobody waits for it.</summary>
    Note,
}

/// <summary>
/// The one line in front of a device: one inference at a time, questions before watches before keyframes before films before notes, first come first served within a class.
/// Where the model writes several answers together, so many of them run side by side, but nothing else beside them, and nobody overtakes who stands before them.
/// Nobody waits for ever: an inference that takes too long is told to end, and while one hangs although it was told, all others are
/// refused at once. When it ends after all, the line goes on.
/// </summary>
/// <param name="note">Told in one line when the device stops answering and when it answers again.</param>
public sealed class InferenceQueue(InferenceLimits? limits = null, TimeProvider? clock = null, Action<string>? note = null)
{
    private readonly InferenceLimits _limits = limits ?? new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly InferenceHealth _health = new((limits ?? new()).FailuresInARow, note);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (InferenceClass, long)> _waiting = new();
    private long _arrivals;
    private int _running, _answering, _stuck;

    /// <summary>How many wait. Who has gone away stands in the line until it gets there, and does not count.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
                return _waiting.UnorderedItems.Count(place => !place.Element.Task.IsCompleted);
        }
    }

    /// <summary>Why no inference can be expected to succeed now, in words; null if they can.</summary>
    public string? Trouble => _health.Trouble;

    /// <summary>An inference hangs, so that what it uses must not be disposed.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_gate)
                return _stuck > 0;
        }
    }

    /// <summary>How often inferences came to nothing since the start.</summary>
    public IReadOnlyList<InferenceFaultCount> Faults => _health.Faults;

    /// <summary>Runs <paramref name="inference"/> on a thread of its own when its turn comes; gives the turn up if cancelled while waiting.</summary>
    /// <param name="inference">Ends when its token says so, because it was cancelled or is overdue.</param>
    /// <exception cref="InferenceException">It came to nothing: overdue, refused because the device hangs, or failed.</exception>
    public async Task<T> RunAsync<T>(InferenceClass inferenceClass, Func<CancellationToken, Task<T>> inference, CancellationToken cancellation = default)
    {
        try
        {
            await TakeTurn(inferenceClass, cancellation).ConfigureAwait(false);
            return await Watch(IsAnswer(inferenceClass), inference, cancellation).ConfigureAwait(false);
        }
        catch (InferenceException e)
        {
            _health.Count(inferenceClass, e.Fault);
            throw;
        }
    }

    private Task TakeTurn(InferenceClass inferenceClass, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stuck > 0)
                throw Stuck();
            _waiting.Enqueue(turn, (inferenceClass, _arrivals++));
            Grant();
        }
        // Who is refused at this very moment has no turn either.
        return turn.Task.IsCompletedSuccessfully
            ? Task.CompletedTask
            : Wait(turn, inferenceClass == InferenceClass.Question ? _limits.QuestionWait : Timeout.InfiniteTimeSpan, cancellation);
    }

    private static bool IsAnswer(InferenceClass inferenceClass) => inferenceClass is InferenceClass.Question or InferenceClass.Watch or InferenceClass.Note;

    /// <summary>Lets those at the head of the line start as long as they can.</summary>
    private void Grant()
    {
        while (_waiting.TryPeek(out TaskCompletionSource? next, out (InferenceClass Class, long) place))
        {
            bool isAnswer = IsAnswer(place.Class);
            if (_running > 0 && !next.Task.IsCompleted && !(isAnswer && _answering == _running && _running < _limits.AnswersAtOnce))
                return;
            _waiting.Dequeue();
            if (!next.TrySetResult())
                continue;
            _running++;
            _answering += isAnswer ? 1 : 0;
        }
    }

    private async Task Wait(TaskCompletionSource turn, TimeSpan longest, CancellationToken cancellation)
    {
        // Whoever ends the wait first wins: a turn that was passed to a waiter is always taken and always passed on.
        await using CancellationTokenRegistration registration = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await using ITimer patience = _clock.CreateTimer(
            _ => turn.TrySetException(new InferenceException(InferenceFault.Overdue, $"the model was busy for {longest.TotalSeconds:0.#} s; ask again later")),
            null, longest, Timeout.InfiniteTimeSpan);
        await turn.Task.ConfigureAwait(false);
    }

    /// <summary>Runs an inference whose turn it is. The turn is passed on when it has ended, whether or not anybody still waits for it.</summary>
    private async Task<T> Watch<T>(bool isAnswer, Func<CancellationToken, Task<T>> inference, CancellationToken cancellation)
    {
        var overdue = new CancellationTokenSource(_limits.Run, _clock);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(overdue.Token, cancellation);
        CancellationToken told = stop.Token;
        var turn = new Turn(isAnswer);
        Task<T> run = Task.Run(() => RunToEnd(), CancellationToken.None);
        await ((Task)run).WaitAsync(told).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!run.IsCompleted)
            await ((Task)run).WaitAsync(_limits.Grace, _clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!run.IsCompleted && Stick(turn))
            throw Stuck();
        try
        {
            T result = await run.ConfigureAwait(false);
            _health.Succeed();
            return result;
        }
        catch (OperationCanceledException) when (overdue.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new InferenceException(InferenceFault.Overdue, $"the model took more than {_limits.Run.TotalSeconds:0.#} s and was stopped");
        }
        catch (Exception e) when (e is not (OperationCanceledException or PromptTooLongException or InferenceException))
        {
            _health.Fail(e);
            throw new InferenceException(InferenceFault.Failed, "the model failed", e);
        }

        async Task<T> RunToEnd()
        {
            try
            {
                return await inference(told).ConfigureAwait(false);
            }
            finally
            {
                stop.Dispose();
                overdue.Dispose();
                PassOn(turn);
            }
        }
    }

    /// <summary>The inference whose turn it is hangs: whoever waits is refused. False if it has just ended.</summary>
    private bool Stick(Turn turn)
    {
        var refused = new List<TaskCompletionSource>();
        lock (_gate)
        {
            if (turn.HasEnded)
                return false;
            turn.IsStuck = true;
            _stuck++;
            while (_waiting.TryDequeue(out TaskCompletionSource? waiting, out _))
                refused.Add(waiting);
            _health.Stick();
        }
        foreach (TaskCompletionSource waiting in refused)
            waiting.TrySetException(Stuck());
        return true;
    }

    private void PassOn(Turn turn)
    {
        lock (_gate)
        {
            turn.HasEnded = true;
            _running--;
            _answering -= turn.IsAnswer ? 1 : 0;
            if (turn.IsStuck && --_stuck == 0)
                _health.Unstick();
            Grant();
        }
    }

    private static InferenceException Stuck() => new(InferenceFault.Stuck, "the model does not answer: one of its runs hangs; ask again later");

    /// <summary>The time in which the device belongs to one inference, or to it among other answers.</summary>
    private sealed class Turn(bool isAnswer)
    {
        public bool IsAnswer => isAnswer;

        public bool HasEnded { get; set; }

        public bool IsStuck { get; set; }
    }
}
