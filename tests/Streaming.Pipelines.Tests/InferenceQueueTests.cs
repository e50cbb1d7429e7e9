namespace Streaming.Pipelines.Tests;

public class InferenceQueueTests
{
    private readonly InferenceQueue _queue = new();
    private readonly List<string> _ran = [];

    [Fact]
    public async Task RunAsync_questions_go_before_keyframes_each_in_order_of_arrival()
    {
        var device = new TaskCompletionSource();
        var first = _queue.RunAsync(InferenceClass.Keyframe, _ => Wait(device));
        Task[] waiting =
        [
            Queue(InferenceClass.Keyframe, "k1"), Queue(InferenceClass.Question, "q1"),
            Queue(InferenceClass.Keyframe, "k2"), Queue(InferenceClass.Question, "q2"),
        ];
        Assert.Equal(4, _queue.Depth);
        device.SetResult();
        await first;
        await Task.WhenAll(waiting);
        Assert.Equal(["q1", "q2", "k1", "k2"], _ran);
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task RunAsync_many_at_once_run_one_at_a_time()
    {
        int running = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => _queue.RunAsync((InferenceClass)(i % 2), async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            return Interlocked.Decrement(ref running);
        }))));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task RunAsync_cancelled_while_waiting_gives_its_turn_up()
    {
        var device = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var first = _queue.RunAsync(InferenceClass.Keyframe, _ => Wait(device));
        var given = _queue.RunAsync(InferenceClass.Question, _ => Run("cancelled"), cancel.Token);
        var last = Queue(InferenceClass.Keyframe, "last");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(1, _queue.Depth);
        device.SetResult();
        await Task.WhenAll(first, last);
        Assert.Equal(["last"], _ran);
    }

    [Fact]
    public async Task RunAsync_failed_inference_throws_to_its_caller_and_the_next_one_runs()
    {
        var failed = await Assert.ThrowsAsync<InferenceException>(() =>
            _queue.RunAsync<int>(InferenceClass.Question, _ => throw new InvalidDataException()));
        Assert.Equal(InferenceFault.Failed, failed.Fault);
        Assert.IsType<InvalidDataException>(failed.InnerException);
        await Queue(InferenceClass.Question, "next");
        Assert.Equal(["next"], _ran);
    }

    [Fact]
    public async Task RunAsync_answers_run_side_by_side_up_to_the_limit_and_a_keyframe_alone()
    {
        var queue = new InferenceQueue(new InferenceLimits { AnswersAtOnce = 2 });
        TaskCompletionSource[] devices = [.. Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource())];
        bool[] started = new bool[6];
        InferenceClass[] classes =
            [InferenceClass.Watch, InferenceClass.Keyframe, InferenceClass.Note, InferenceClass.Question, InferenceClass.Question, InferenceClass.Keyframe];
        var begun = devices.Select(_ => new TaskCompletionSource()).ToArray();
        Task[] all = [.. classes.Select((turn, i) => queue.RunAsync(turn, async _ =>
        {
            started[i] = true;
            begun[i].SetResult();
            await devices[i].Task;
            return i;
        }))];
        // The watch runs; a question overtakes the keyframe and joins it; the second question, the keyframes and the note wait.
        await Task.WhenAll(begun[0].Task, begun[3].Task);
        Assert.Equal([true, false, false, true, false, false], started);
        devices[0].SetResult();
        await begun[4].Task;
        devices[3].SetResult();
        await all[3];
        Assert.False(started[1]);
        devices[4].SetResult();
        await begun[1].Task;
        Assert.False(started[2] || started[5]);
        devices[1].SetResult();
        await begun[5].Task;
        Assert.False(started[2]);
        devices[5].SetResult();
        devices[2].SetResult();
        await Task.WhenAll(all);
        Assert.Equal(0, queue.Depth);
    }

    private Task Queue(InferenceClass inferenceClass, string name) => _queue.RunAsync(inferenceClass, _ => Run(name));

    private Task<int> Run(string name)
    {
        _ran.Add(name);
        return Task.FromResult(0);
    }

    private static async Task<int> Wait(TaskCompletionSource device)
    {
        await device.Task;
        return 0;
    }
}
