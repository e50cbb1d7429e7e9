using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines.Tests;

/// <summary>The one edge that may lose frames: a source that does not wait, before an encoder that cannot keep up.</summary>
public sealed class LossyEdgeTests : IDisposable
{
    private const double FramesPerSecond = 5;
    private const int Samples = 50;
    private const int QueuedFrames = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-lossy-").FullName;
    private readonly ManualClock _clock = new();
    private readonly LastTime _seen = new();

    [Fact]
    public async Task RunAsync_slow_encoder_loses_the_oldest_frames_and_every_one_is_counted_and_disposed()
    {
        using var gate = new ManualResetEventSlim();
        var stream = Stream(new MeanColourEncoder(_ => gate.Wait()));

        Task<StreamReport> running = stream.RunAsync(AsACamera());
        for (int sample = 1; sample < Samples; sample++)
            _clock.Advance(await _clock.NextWaitAsync());
        gate.Set();
        StreamReport report = await running;

        Assert.Null(report.Decode.Failure);
        Assert.Equal(Samples, report.Decode.Progress.Sampled);
        Assert.Equal(Samples, stream.Account.Sampled + stream.Account.Dropped);
        // At most all but what waits before the selector: on a busy machine it may begin when the last frame has come.
        Assert.InRange(report.FramesDropped, Samples / 2, Samples - QueuedFrames);
        Assert.Equal((Samples - 1) / FramesPerSecond, _seen.Time.TotalSeconds, 3);
        Assert.Equal(0, stream.FramesInUse);
    }

    [Fact]
    public async Task RunAsync_film_before_the_same_slow_encoder_loses_nothing()
    {
        using var gate = new ManualResetEventSlim();
        var stream = Stream(new MeanColourEncoder(_ => gate.Wait()));

        Task<StreamReport> running = stream.RunAsync(AsACamera() with { InRealTime = false });
        gate.Set();
        StreamReport report = await running;

        Assert.Equal((Samples, 0), (stream.Account.Sampled, report.FramesDropped));
        Assert.Equal(0, stream.FramesInUse);
    }

    [Fact]
    public async Task RunAsync_encoder_that_fails_leaves_no_frame_behind()
    {
        var stream = Stream(new MeanColourEncoder(_ => throw new InvalidDataException("broken encoder")));

        await Assert.ThrowsAsync<InferenceException>(() => stream.RunAsync(AsACamera() with { InRealTime = false }));

        Assert.Equal(0, stream.FramesInUse);
    }

    [Fact]
    public async Task RunAsync_encoder_that_fails_costs_a_camera_those_keyframes_and_nothing_else()
    {
        int runs = 0;
        var stream = Stream(new MeanColourEncoder(_ => _ = ++runs <= 2 ? throw new InvalidDataException("broken encoder") : runs));

        Task<StreamReport> running = stream.RunAsync(AsACamera());
        for (int sample = 1; sample < Samples; sample++)
            _clock.Advance(await _clock.NextWaitAsync());
        StreamReport report = await running;

        Assert.Null(report.Decode.Failure);
        Assert.Equal((2, runs - 2, 0), (stream.Account.Lost, stream.Account.Kept, stream.FramesInUse));
        Assert.Equal(stream.Account.Kept, stream.Memory.Entries.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private VideoStream Stream(IVisionEncoder encoder) => new(
        new Decoder(new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")] }),
        new FrameEncoder(encoder, MeanColourEncoder.Preprocessor, new InferenceQueue(), InferenceClass.Keyframe),
        new VideoStreamOptions { EncoderBatch = 1, QueuedFrames = QueuedFrames, Keyframes = new KeyframeSelectorOptions { Habituation = 0 } },
        _seen,
        clock: _clock);

    /// <summary>Ten seconds, of which five frames a second are looked at, at the pace of the clock.</summary>
    private SourceRun AsACamera() =>
        new(CrossingSquare.Film(_folder), new DecodeRequest { FramesPerSecond = FramesPerSecond }) { InRealTime = true };

    private sealed class LastTime : IVideoStreamObserver
    {
        public TimeSpan Time { get; private set; }

        public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress)
        {
        }

        public void Kept(MemoryEntry entry, DecodeProgress progress)
        {
        }

        public void Progressed(DecodeProgress progress, VideoFacts? facts) => Time = progress.Time;
    }
}
