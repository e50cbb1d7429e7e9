using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines.Tests;

/// <summary>The writing half on a film that the ffmpeg program made, with the real decoder process.</summary>
public sealed class VideoStreamTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-pipelines-").FullName;
    private readonly Recorder _seen = new();

    [Fact]
    public async Task RunAsync_film_is_read_to_its_end_and_nothing_is_lost()
    {
        // This policy keeps the first frame whole.
        var report = await Stream(new VideoStreamOptions { Reducer = new ReducerOptions { Name = "dtd" } }).RunAsync(CrossingSquare.Film(_folder));
        Assert.Null(report.Decode.Failure);
        Assert.Equal((250, 20, 0), (report.Decode.Progress.Decoded, report.Decode.Progress.Sampled, report.FramesDropped));
        Assert.Equal(_seen.Keyframes.Count, report.KeyframesKept);
        Assert.Equal(report.KeyframesKept * 16, report.VisualTokensEncoded);
        Assert.InRange(report.KeyframesKept, 5, 20);
        Assert.InRange(report.VisualTokensKept, 16, report.VisualTokensEncoded - 1);
    }

    [Fact]
    public async Task RunAsync_keyframes_are_numbered_in_order_and_each_has_its_picture()
    {
        await Stream().RunAsync(CrossingSquare.Film(_folder));
        Assert.Equal(Enumerable.Range(0, _seen.Keyframes.Count), _seen.Keyframes.Select(k => k.Number));
        Assert.Equal(_seen.Keyframes.Select(k => k.Time).Order(), _seen.Keyframes.Select(k => k.Time));
        Assert.Equal(KeyframeReason.First, _seen.Keyframes[0].Reason);
        Assert.All(_seen.Pictures, jpeg => Assert.Equal([0xFF, 0xD8, 0xFF], jpeg[..3]));
    }

    [Fact]
    public async Task RunAsync_result_does_not_depend_on_batching()
    {
        var film = CrossingSquare.Film(_folder);
        var single = Stream(new VideoStreamOptions { EncoderBatch = 1, QueuedFrames = 1 });
        await single.RunAsync(film);
        var batched = Stream(new VideoStreamOptions { EncoderBatch = 8 });
        await batched.RunAsync(film);
        Assert.Equal(single.Memory.Entries.Select(e => e.Keyframe), batched.Memory.Entries.Select(e => e.Keyframe));
        Assert.Equal(
            single.Memory.Entries.SelectMany(e => e.Tokens.Features.ToArray()), batched.Memory.Entries.SelectMany(e => e.Tokens.Features.ToArray()));
    }

    [Theory]
    [InlineData("holitom-causal")]
    [InlineData("divprune")]
    [InlineData("none")]
    public async Task RunAsync_by_any_policy_keeps_one_entry_of_each_keyframe_and_its_share_of_tokens(string policy)
    {
        var stream = Stream(new VideoStreamOptions { Reducer = new ReducerOptions { Name = policy, RetainRatio = 0.25 } });
        StreamReport report = await stream.RunAsync(CrossingSquare.Film(_folder));

        Assert.Equal(_seen.Keyframes, _seen.Kept.Select(entry => entry.Keyframe));
        Assert.Equal(_seen.Keyframes, stream.Memory.Entries.Select(entry => entry.Keyframe));
        Assert.Equal(report.VisualTokensKept, _seen.Kept.Sum(entry => entry.Tokens.Count));
        Assert.InRange(report.VisualTokensKept, 1, policy == "none" ? report.VisualTokensEncoded : report.VisualTokensEncoded / 4);
    }

    [Fact]
    public async Task RunAsync_faulty_encoder_ends_all_stages_and_its_fault_is_the_one_thrown()
    {
        var stream = Stream(encoder: new MeanColourEncoder(_ => throw new InvalidDataException("broken encoder")));
        var fault = await Assert.ThrowsAsync<InferenceException>(() => stream.RunAsync(CrossingSquare.Film(_folder)));
        Assert.Equal("broken encoder", fault.InnerException!.Message);
    }

    [Fact]
    public async Task RunAsync_faulty_observer_ends_all_stages()
    {
        _seen.Fault = new InvalidDataException("disk full");
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => Stream().RunAsync(CrossingSquare.Film(_folder)));
        Assert.Equal("disk full", fault.Message);
    }

    [Fact]
    public async Task RunAsync_cancelled_stops_and_says_so()
    {
        using var cancel = new CancellationTokenSource();
        var stream = Stream(encoder: new MeanColourEncoder(_ => cancel.Cancel()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.RunAsync(CrossingSquare.Film(_folder), cancel.Token));
    }

    [Fact]
    public async Task RunAsync_second_session_goes_on_numbering_and_remembering_after_a_gap()
    {
        var clock = new ManualClock();
        var timeline = new StreamTimeline(clock);
        var stream = Stream();
        var run = new SourceRun(CrossingSquare.Film(_folder), new DecodeRequest()) { Timeline = timeline };
        await stream.RunAsync(run);
        int first = _seen.Keyframes.Count;
        clock.Advance(TimeSpan.FromSeconds(100));
        await stream.RunAsync(run);
        Assert.Equal(Enumerable.Range(0, _seen.Keyframes.Count), _seen.Keyframes.Select(k => k.Number));
        Assert.Equal(_seen.Keyframes.Select(k => k.Time).Order().Distinct(), _seen.Keyframes.Select(k => k.Time));
        Assert.True(_seen.Keyframes.Count > first);
        Assert.InRange(_seen.Keyframes[first].Time.TotalSeconds, 100, 101);
        Assert.Equal((500, 40, _seen.Keyframes.Count), (stream.Account.Decoded, stream.Account.Sampled, stream.Account.Kept));
        Assert.Equal(_seen.Keyframes[^1], stream.Memory.Entries[^1].Keyframe);
    }

    [Fact]
    public async Task RunAsync_after_a_restart_goes_on_from_its_past()
    {
        var before = Stream();
        await before.RunAsync(CrossingSquare.Film(_folder));
        var past = new StreamPast(before.Memory, _seen.Keyframes.Count, before.Account);
        int first = _seen.Keyframes.Count;
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromSeconds(60));
        await Stream(past: past).RunAsync(new SourceRun(CrossingSquare.Film(_folder), new DecodeRequest()) { Timeline = new StreamTimeline(clock, ManualClock.Start, TimeSpan.FromSeconds(10)) });
        Assert.Equal((first, KeyframeReason.First), (_seen.Keyframes[first].Number, _seen.Keyframes[first].Reason));
        Assert.InRange(_seen.Keyframes[first].Time.TotalSeconds, 60, 61);
    }

    [Fact]
    public async Task RunAsync_in_real_time_a_film_waits_for_its_frames_to_be_due()
    {
        var clock = new ManualClock();
        int shown = 0;
        var stream = Stream(clock: clock);
        Task run = stream.RunAsync(new SourceRun(CrossingSquare.Film(_folder), new DecodeRequest()) { InRealTime = true, OnFirstFrame = () => shown++ });
        for (int frame = 1; frame < 20; frame++)
        {
            TimeSpan wait = await clock.NextWaitAsync();
            Assert.InRange(wait.TotalSeconds, 0.45, 0.55);
            Assert.InRange(stream.Account.Sampled, 0, frame);
            clock.Advance(wait);
        }
        await run;
        Assert.Equal((20, 0, 1), (stream.Account.Sampled + stream.Account.Dropped, stream.Account.Thinned, shown));
    }

    [Fact]
    public async Task RunAsync_in_real_time_a_film_whose_first_frame_was_held_up_keeps_its_own_times()
    {
        var clock = new ManualClock();
        var timeline = new StreamTimeline(new LateAtFirst(clock, TimeSpan.FromSeconds(2)));
        Task run = Stream(clock: clock).RunAsync(new SourceRun(CrossingSquare.Film(_folder), new DecodeRequest()) { InRealTime = true, Timeline = timeline });
        while (clock.NextWaitAsync() is var wait && await Task.WhenAny(run, wait) == wait)
            clock.Advance(await wait);
        await run;
        Assert.InRange(timeline.Last!.Value.TotalSeconds, 9, 10);
    }

    [Fact]
    public async Task RunAsync_text_named_mp4_is_a_failure_value()
    {
        string path = Path.Combine(_folder, "text.mp4");
        await File.WriteAllTextAsync(path, "no film at all");
        var report = await Stream().RunAsync(new FileSource(path));
        Assert.NotNull(report.Decode.Failure);
        Assert.Equal(0, report.KeyframesKept);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private VideoStream Stream(VideoStreamOptions? options = null, IVisionEncoder? encoder = null, StreamPast? past = null, TimeProvider? clock = null) => new(
        new Decoder(new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")] }),
        new FrameEncoder(encoder ?? new MeanColourEncoder(), MeanColourEncoder.Preprocessor, new InferenceQueue()),
        options ?? new VideoStreamOptions(),
        _seen,
        past,
        clock);

    /// <summary>The clock of somebody who is held up before looking at it for the first time.</summary>
    private sealed class LateAtFirst(ManualClock clock, TimeSpan by) : TimeProvider
    {
        private TimeSpan _by = by;

        public override DateTimeOffset GetUtcNow()
        {
            clock.Advance(_by);
            _by = TimeSpan.Zero;
            return clock.GetUtcNow();
        }
    }

    private sealed class Recorder : IVideoStreamObserver
    {
        public List<Keyframe> Keyframes { get; } = [];

        public List<byte[]> Pictures { get; } = [];

        public Exception? Fault { get; set; }

        public List<MemoryEntry> Kept { get; } = [];

        public List<long> Sampled { get; } = [];

        public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress)
        {
            if (Fault is not null)
                throw Fault;
            Keyframes.Add(keyframe);
            Pictures.Add(jpeg);
            Sampled.Add(progress.Sampled);
        }

        void IVideoStreamObserver.Kept(MemoryEntry entry, DecodeProgress progress)
        {
            Assert.Equal(Sampled[Kept.Count], progress.Sampled);
            Kept.Add(entry);
        }

        public void Progressed(DecodeProgress progress, VideoFacts? facts)
        {
        }
    }
}
