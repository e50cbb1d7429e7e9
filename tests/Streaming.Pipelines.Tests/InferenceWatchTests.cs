namespace Streaming.Pipelines.Tests;

/// <summary>A model that hangs, takes too long or fails: nobody waits for ever, and the line says what is wrong.</summary>
public sealed class InferenceWatchTests
{
    private static readonly InferenceLimits Limits = new();

    private readonly ManualClock _clock = new();
    private readonly List<string> _notes = [];
    private readonly InferenceQueue _queue;

    public InferenceWatchTests() => _queue = new InferenceQueue(Limits, _clock, _notes.Add);

    [Fact]
    public async Task RunAsync_inference_that_hangs_is_given_up_and_all_others_are_refused_until_it_ends()
    {
        var hanging = new TaskCompletionSource<int>();
        Task<int> first = _queue.RunAsync(InferenceClass.Keyframe, _ => hanging.Task);
        Task<int> waiting = _queue.RunAsync(InferenceClass.Film, _ => Task.FromResult(1));
        await TimerAsync(Limits.Run);
        _clock.Advance(Limits.Run);
        await TimerAsync(Limits.Grace);
        Assert.Null(_queue.Trouble);
        _clock.Advance(Limits.Grace);

        Assert.Equal(InferenceFault.Stuck, await FaultAsync(first));
        Assert.Equal(InferenceFault.Stuck, await FaultAsync(waiting));
        Assert.Equal(InferenceFault.Stuck, await FaultAsync(_queue.RunAsync(InferenceClass.Question, _ => Task.FromResult(1))));
        Assert.Contains("hangs", _queue.Trouble);
        Assert.Equal(
            [(InferenceClass.Question, 1L), (InferenceClass.Keyframe, 1L), (InferenceClass.Film, 1L)],
            _queue.Faults.OrderBy(count => count.Class).Select(count => (count.Class, count.Count)));

        hanging.SetResult(0);
        // Ended inferences are noticed on another thread.
        while (_queue.Trouble is not null)
            await Task.Yield();
        Assert.Equal(7, await _queue.RunAsync(InferenceClass.Question, _ => Task.FromResult(7)));
        Assert.Equal(["the model does not answer: one of its runs hangs", "the model answers again"], _notes);
    }

    [Fact]
    public async Task RunAsync_inference_that_takes_too_long_is_stopped_and_the_next_one_runs()
    {
        Task<int> slow = _queue.RunAsync<int>(InferenceClass.Question, async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return 0;
        });
        Task<int> next = _queue.RunAsync(InferenceClass.Keyframe, _ => Task.FromResult(7));
        await TimerAsync(Limits.Run);
        _clock.Advance(Limits.Run);
        Assert.Equal(InferenceFault.Overdue, await FaultAsync(slow));
        Assert.Equal(7, await next);
        Assert.Null(_queue.Trouble);
    }

    [Fact]
    public async Task RunAsync_question_waits_its_turn_for_so_long_and_a_keyframe_for_longer()
    {
        var device = new TaskCompletionSource<int>();
        Task<int> first = _queue.RunAsync(InferenceClass.Film, _ => device.Task);
        Task<int> question = _queue.RunAsync(InferenceClass.Question, _ => Task.FromResult(1));
        Task<int> keyframe = _queue.RunAsync(InferenceClass.Keyframe, _ => Task.FromResult(2));
        _clock.Advance(Limits.QuestionWait);
        Assert.Equal(InferenceFault.Overdue, await FaultAsync(question));
        device.SetResult(0);
        Assert.Equal((0, 2), (await first, await keyframe));
    }

    [Fact]
    public async Task RunAsync_caller_who_leaves_a_hanging_inference_waits_for_the_grace_only()
    {
        using var leaving = new CancellationTokenSource();
        var hanging = new TaskCompletionSource<int>();
        Task<int> left = _queue.RunAsync(InferenceClass.Question, _ => hanging.Task, leaving.Token);
        await leaving.CancelAsync();
        await TimerAsync(Limits.Grace);
        _clock.Advance(Limits.Grace);
        Assert.Equal(InferenceFault.Stuck, await FaultAsync(left));
        hanging.SetResult(0);
    }

    [Fact]
    public async Task RunAsync_answer_that_hangs_beside_another_keeps_the_line_closed_until_it_ends()
    {
        var queue = new InferenceQueue(new InferenceLimits { AnswersAtOnce = 2 }, _clock, _notes.Add);
        using var leaving = new CancellationTokenSource();
        TaskCompletionSource<int> hanging = new(), other = new();
        Task<int> left = queue.RunAsync(InferenceClass.Question, _ => hanging.Task, leaving.Token), beside = queue.RunAsync(InferenceClass.Question, _ => other.Task);
        await leaving.CancelAsync();
        await TimerAsync(Limits.Grace);
        _clock.Advance(Limits.Grace);
        Assert.Equal(InferenceFault.Stuck, await FaultAsync(left));
        other.SetResult(1);
        Assert.Equal(1, await beside);
        Assert.True(queue.IsStuck);
        Assert.Equal(InferenceFault.Stuck, await FaultAsync(queue.RunAsync(InferenceClass.Question, _ => Task.FromResult(1))));
        hanging.SetResult(0);
        while (queue.Trouble is not null)
            await Task.Yield();
        Assert.Equal(7, await queue.RunAsync(InferenceClass.Keyframe, _ => Task.FromResult(7)));
    }

    [Fact]
    public async Task Trouble_model_that_fails_again_and_again_is_told_until_it_succeeds()
    {
        for (int time = 0; time < Limits.FailuresInARow; time++)
        {
            Assert.Null(_queue.Trouble);
            Assert.Equal(InferenceFault.Failed, await FaultAsync(_queue.RunAsync<int>(InferenceClass.Keyframe, _ => throw new InvalidOperationException("no memory"))));
        }
        Assert.Contains("again and again", _queue.Trouble);
        await _queue.RunAsync(InferenceClass.Keyframe, _ => Task.FromResult(0));
        Assert.Null(_queue.Trouble);
        Assert.Equal(["the model fails again and again (InvalidOperationException: no memory)", "the model answers again"], _notes);
        Assert.Equal(new InferenceFaultCount(InferenceClass.Keyframe, InferenceFault.Failed, Limits.FailuresInARow), Assert.Single(_queue.Faults));
    }

    /// <summary>Completes when somebody waits for so long on the clock.</summary>
    private async Task TimerAsync(TimeSpan length)
    {
        while (await _clock.NextWaitAsync() != length)
        {
        }
    }

    private static async Task<InferenceFault> FaultAsync(Task<int> run) => (await Assert.ThrowsAsync<InferenceException>(() => run)).Fault;
}
