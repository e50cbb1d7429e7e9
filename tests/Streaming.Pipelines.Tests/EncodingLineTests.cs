using System.Collections.Concurrent;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Pipelines.Tests;

/// <summary>Frames of several streams in front of one encoder.</summary>
public sealed class EncodingLineTests
{
    private readonly List<int> _runs = [];
    private readonly InferenceQueue _queue = new();

    [Fact]
    public async Task EncodeAsync_of_streams_that_wait_together_runs_once_and_gives_each_its_own()
    {
        (FrameEncoder[] streams, TaskCompletionSource free) = Busy(5, TimeSpan.FromHours(1));
        Task<VisualTokens[]>[] waiting = [.. streams.Select((stream, i) => stream.EncodeAsync([Grey(10 * i), Grey((10 * i) + 5)], default))];
        free.SetResult();

        VisualTokens[][] tokens = await Task.WhenAll(waiting);

        Assert.Equal([1, 10], _runs);
        for (int i = 0; i < 5; i++)
            Assert.Equal([Level(10 * i), Level((10 * i) + 5)], tokens[i].Select(frame => frame.Features.Span[0]), (a, b) => Math.Abs(a - b) < 1e-2);
    }

    [Fact]
    public async Task EncodeAsync_of_more_than_fits_takes_the_first_with_the_freshest()
    {
        var first = new ConcurrentQueue<int>();
        using var together = new CountdownEvent(32);
        var encoder = new MeanColourEncoder(frames =>
        {
            _runs.Add(frames);
            if (_runs.Count == 3)
                Assert.True(together.Wait(TimeSpan.FromMinutes(1)));
        });
        (FrameEncoder[] streams, TaskCompletionSource free) = Busy(40, TimeSpan.FromHours(1), InferenceClass.Keyframe, encoder);
        Task[] waiting = [.. streams.Select(async (stream, i) =>
        {
            await stream.EncodeAsync([Grey(i)], default);
            if (together.IsSet)
                return;
            first.Enqueue(i);
            together.Signal();
        })];
        free.SetResult();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 32, 8], _runs);
        Assert.Equal([0, .. Enumerable.Range(9, 31)], first.Order());
    }

    [Fact]
    public async Task EncodeAsync_where_runs_take_longer_than_a_question_may_wait_runs_one_by_one()
    {
        (FrameEncoder[] streams, TaskCompletionSource free) = Busy(3, TimeSpan.Zero);
        Task<VisualTokens[]>[] waiting = [.. streams.Select((stream, i) => stream.EncodeAsync([Grey(i), Grey(i)], default))];
        free.SetResult();
        await Task.WhenAll(waiting);
        Assert.Equal([1, 2, 2, 2], _runs);
    }

    [Fact]
    public async Task EncodeAsync_of_films_does_not_go_along_with_cameras()
    {
        (FrameEncoder[] streams, TaskCompletionSource free) = Busy(2, TimeSpan.FromHours(1), InferenceClass.Film);
        Task<VisualTokens[]>[] waiting = [.. streams.Select((stream, i) => stream.EncodeAsync([Grey(i)], default))];
        free.SetResult();
        await Task.WhenAll(waiting);
        Assert.Equal([1, 1, 1], _runs);
    }

    [Fact]
    public async Task EncodeAsync_of_one_that_is_cancelled_leaves_the_others_their_turn()
    {
        using var stop = new CancellationTokenSource();
        (FrameEncoder[] streams, TaskCompletionSource free) = Busy(3, TimeSpan.FromHours(1));
        Task<VisualTokens[]> given = streams[0].EncodeAsync([Grey(1)], stop.Token);
        Task<VisualTokens[]>[] waiting = [.. streams[1..].Select((stream, i) => stream.EncodeAsync([Grey(i)], default))];
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        free.SetResult();
        await Task.WhenAll(waiting);
        Assert.Equal([1, 2], _runs);
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task EncodeAsync_that_fails_fails_for_its_leader_alone()
    {
        bool fails = true;
        var encoder = new MeanColourEncoder(frames =>
        {
            if (frames > 1 && fails)
            {
                fails = false;
                throw new InvalidOperationException("out of device memory");
            }
            _runs.Add(frames);
        });
        (FrameEncoder[] streams, TaskCompletionSource free) = Busy(3, TimeSpan.FromHours(1), InferenceClass.Keyframe, encoder);
        Task<VisualTokens[]>[] waiting = [.. streams.Select((stream, i) => stream.EncodeAsync([Grey(i)], default))];
        free.SetResult();
        await Assert.ThrowsAsync<InferenceException>(() => waiting[0]);
        await Task.WhenAll(waiting[1..]);
        Assert.Equal([1, 2], _runs);
    }

    [Fact]
    public async Task EncodeAsync_of_questions_whose_turns_come_side_by_side_encodes_each_once_and_one_run_at_a_time()
    {
        const int questions = 200;
        int inside = 0, most = 0;
        var encoder = new MeanColourEncoder(frames =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Yield();
            _runs.Add(frames);
            Interlocked.Decrement(ref inside);
        });
        var line = new EncodingLine(encoder, new InferenceQueue(new InferenceLimits { AnswersAtOnce = 8 }), TimeSpan.FromHours(1));
        VisualTokens[][] tokens = await Task.WhenAll(Enumerable.Range(0, questions).Select(i => Task.Run(
            () => new FrameEncoder(line, MeanColourEncoder.Preprocessor, InferenceClass.Question).EncodeAsync([Grey(i)], default))));

        Assert.Equal((1, questions), (most, _runs.Sum()));
        Assert.Equal(Enumerable.Range(0, questions).Select(Level), tokens.Select(frame => frame[0].Features.Span[0]), (a, b) => Math.Abs(a - b) < 2e-3);
    }

    /// <summary>Streams before a line that knows how long a frame takes, and whose device is taken until it is free.</summary>
    private (FrameEncoder[] Streams, TaskCompletionSource Free) Busy(int streams, TimeSpan longest, InferenceClass other = InferenceClass.Keyframe, IVisionEncoder? encoder = null)
    {
        var line = new EncodingLine(encoder ?? new MeanColourEncoder(_runs.Add), _queue, longest);
        FrameEncoder[] all = [.. Enumerable.Range(0, streams).Select(i => new FrameEncoder(line, MeanColourEncoder.Preprocessor, i == 0 ? InferenceClass.Keyframe : other))];
        Assert.True(all[0].EncodeAsync([Grey(0)], default).Wait(TimeSpan.FromMinutes(1)));
        var free = new TaskCompletionSource();
        _ = _queue.RunAsync(InferenceClass.Question, async _ =>
        {
            await free.Task;
            return 0;
        });
        return (all, free);
    }

    private static float Level(int grey) => ((grey / 255f) - 0.5f) / 0.5f;

    private static Frame Grey(int level)
    {
        var pixels = new byte[MeanColourEncoder.Size * MeanColourEncoder.Size * 3];
        pixels.AsSpan().Fill((byte)level);
        return new Frame(pixels, MeanColourEncoder.Size, MeanColourEncoder.Size, TimeSpan.Zero, 0, default);
    }
}
