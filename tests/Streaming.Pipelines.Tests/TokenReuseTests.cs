using Streaming.Compression;
using Streaming.Compression.Codec;
using Streaming.Video;

namespace Streaming.Pipelines.Tests;

/// <summary>Keyframes that are not encoded, on real films.</summary>
public sealed class TokenReuseTests : IDisposable
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "veryfast", "-g", "48"];

    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-reuse-").FullName;
    private int _encoded;

    [Fact]
    public async Task RunAsync_camera_at_rest_encodes_its_first_keyframe_and_few_more()
    {
        VideoStream stream = Stream();
        StreamReport report = await stream.RunAsync(CrossingSquare.AtRest(_folder, "still.mp4", isDisturbed: false, H264));

        Assert.Equal(CodecEvidence.PacketSizes, report.Evidence);
        Assert.InRange(report.KeyframesKept, 7, 12);
        Assert.Equal(report.KeyframesKept - _encoded, stream.Account.Reused);
        Assert.InRange(stream.Account.Reused, report.KeyframesKept / 2, report.KeyframesKept - 1);
        Assert.Equal(_encoded * 16, report.VisualTokensEncoded);
    }

    [Fact]
    public async Task RunAsync_camera_at_rest_remembers_what_it_would_have_by_encoding_all()
    {
        FileSource film = CrossingSquare.AtRest(_folder, "still.mp4", isDisturbed: false, H264);
        VideoStream reusing = Stream(), encoding = Stream(new CodecWatchOptions { LongestReuse = TimeSpan.Zero });
        await reusing.RunAsync(film);
        await encoding.RunAsync(film);

        Assert.Equal(0, encoding.Account.Reused);
        Assert.Equal(encoding.Memory.Entries.Select(entry => entry.Keyframe), reusing.Memory.Entries.Select(entry => entry.Keyframe));
        Assert.Equal(encoding.Memory.Tokens, reusing.Memory.Tokens);
    }

    [Fact]
    public async Task RunAsync_what_happens_is_encoded()
    {
        VideoStream stream = Stream();
        await stream.RunAsync(CrossingSquare.AtRest(_folder, "disturbed.mp4", isDisturbed: true, H264));

        MemoryEntry[] during = [.. stream.Memory.Entries.Where(entry => entry.Time.TotalSeconds is >= 30 and < 31)];
        Assert.Contains(during, entry => entry.Tokens.Count > 0);
        Assert.Contains(stream.Memory.Entries, entry => entry.Time.TotalSeconds is >= 31 and < 32 && entry.Tokens.Count > 0);
    }

    [Fact]
    public async Task RunAsync_keyframes_know_what_the_codec_told()
    {
        VideoStream stream = Stream();
        await stream.RunAsync(CrossingSquare.AtRest(_folder, "disturbed.mp4", isDisturbed: true, H264));

        Keyframe[] keyframes = [.. stream.Memory.Entries.Select(entry => entry.Keyframe)];
        Assert.All(keyframes, keyframe => Assert.NotNull(keyframe.Codec));
        Assert.All(keyframes.Skip(1), keyframe => Assert.InRange(keyframe.Codec!.Value.Size!.Value, -1, 1));
        Assert.Contains(keyframes, keyframe => keyframe.Reason == KeyframeReason.Change && keyframe.Codec!.Value is { IsIntra: false, Size: > 0.2f });
    }

    [Fact]
    public async Task RunAsync_codec_without_predicted_pictures_hides_change_and_all_is_encoded()
    {
        VideoStream stream = Stream();
        StreamReport report = await stream.RunAsync(CrossingSquare.AtRest(_folder, "intra.avi", isDisturbed: false, "-c:v", "mjpeg"));

        Assert.Equal(CodecEvidence.Features, report.Evidence);
        Assert.Equal((0, report.KeyframesKept), (stream.Account.Reused, _encoded));
    }

    [Fact]
    public async Task RunAsync_stream_that_is_filled_up_to_a_constant_rate_hides_change_and_all_is_encoded()
    {
        VideoStream stream = Stream();
        StreamReport report = await stream.RunAsync(CrossingSquare.AtRest(
            _folder, "constant.ts", isDisturbed: false, [.. H264, "-x264-params", "nal-hrd=cbr", "-b:v", "3M", "-maxrate", "3M", "-bufsize", "300k"]));

        Assert.Equal(CodecEvidence.Features, report.Evidence);
        Assert.Equal((0, report.KeyframesKept), (stream.Account.Reused, _encoded));
    }

    [Fact]
    public async Task RunAsync_second_session_encodes_anew()
    {
        VideoStream stream = Stream();
        FileSource film = CrossingSquare.AtRest(_folder, "still.mp4", isDisturbed: false, H264);
        var clock = new ManualClock();
        var run = new SourceRun(film, new DecodeRequest()) { Timeline = new StreamTimeline(clock) };
        await stream.RunAsync(run);
        int before = _encoded;
        clock.Advance(TimeSpan.FromMinutes(2));
        await stream.RunAsync(run);
        Assert.True(_encoded > before);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private VideoStream Stream(CodecWatchOptions? codec = null) => new(
        new Decoder(new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")] }),
        new FrameEncoder(new MeanColourEncoder(frames => Interlocked.Add(ref _encoded, frames)), MeanColourEncoder.Preprocessor, new InferenceQueue()),
        new VideoStreamOptions { Codec = codec ?? new CodecWatchOptions() });
}
