namespace Streaming.Video.Tests;

/// <summary>Cameras that do what real RTSP servers do not do on demand.</summary>
public sealed class FaultyCameraTests
{
    private const int Rate = 10; // pictures a second
    private const uint Hour = 3600 * 90_000u;

    private static readonly DecodeRequest Every = new() { FramesPerSecond = 5, CameraTimeout = TimeSpan.FromSeconds(30) };

    /// <summary>For cameras that are silent in the end, which has to be waited for.</summary>
    private static readonly DecodeRequest UntilSilent = Every with { CameraTimeout = TimeSpan.FromSeconds(6) };

    [Theory]
    [InlineData(5 * Hour, 0u)]
    [InlineData(0u, Hour)]
    [InlineData(5 * Hour, 4 * Hour)]
    [InlineData(uint.MaxValue - 90_000, 90_000u)]
    public async Task Decoder_camera_whose_clock_jumps_in_mid_stream_delivers_all_and_time_goes_on(uint first, uint then)
    {
        IReadOnlyList<CodedPicture> pictures = Pictures("plain.h264");
        await using var camera = new ScriptedCamera(CameraCodec.H264, [.. Steps(pictures, first), .. Steps(pictures, then)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), Every);

        Assert.Equal(2 * pictures.Count, decoded.Report.Progress.Decoded);
        Assert.Equal(decoded.Seconds.Order(), decoded.Seconds);
        // Twice four seconds, and at the jump not more than the wrap of 32 bits has: two seconds.
        Assert.InRange(decoded.Seconds[^1], 7.5, 10.5);
    }

    [Fact]
    public async Task Decoder_camera_that_changes_its_resolution_delivers_both_and_says_so()
    {
        await using var camera = new ScriptedCamera(CameraCodec.H264, [.. Steps(Pictures("plain.h264"), 0), .. Steps(Pictures("large.h264", "-s 320x240"), 4 * 90_000)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), Every);

        Assert.Equal([(160, 120), (320, 240)], decoded.Pictures.Select(p => (p.Width, p.Height)).Distinct());
        Assert.Equal((320, 240), (decoded.Report.Facts!.Width, decoded.Report.Facts.Height));
    }

    [Fact]
    public async Task Decoder_camera_that_is_turned_delivers_upright_pictures_and_says_so()
    {
        await using var camera = new ScriptedCamera(CameraCodec.H264,
            [.. Steps(Pictures("plain.h264"), 0), .. Steps(Pictures("turned.h264", "-bsf:v h264_metadata=display_orientation=insert:rotate=90"), 4 * 90_000)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), Every);

        Assert.Equal([(160, 120), (120, 160)], decoded.Pictures.Select(p => (p.Width, p.Height)).Distinct());
        Assert.Equal(270, decoded.Report.Facts!.Rotation); // What the codec counts anticlockwise.
    }

    [Fact]
    public async Task Decoder_camera_that_changes_its_codec_ends_so_that_it_is_asked_anew()
    {
        await using var camera = new ScriptedCamera(CameraCodec.H264, [.. Steps(Pictures("plain.h264"), 0), .. Steps(Pictures("plain.h265"), 4 * 90_000), new CameraStep(null, 0)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), UntilSilent);

        Assert.Contains(decoded.Report.Failure?.Kind, new SourceFailureKind?[] { SourceFailureKind.Unreachable, SourceFailureKind.Undecodable });
        Assert.InRange(decoded.Seconds[^1], 3, 8);
    }

    [Fact]
    public async Task Decoder_camera_of_h265_delivers_all()
    {
        IReadOnlyList<CodedPicture> pictures = Pictures("plain.h265");
        await using var camera = new ScriptedCamera(CameraCodec.H265, [.. Steps(pictures, 0)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), Every);

        Assert.Equal(("hevc", pictures.Count), (decoded.Report.Facts?.Codec, (int)decoded.Report.Progress.Decoded));
    }

    [Fact]
    public async Task Decoder_camera_with_sound_only_is_no_video()
    {
        await using var camera = new ScriptedCamera(null, []);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), Every);

        Assert.Equal(SourceFailureKind.NotVideo, decoded.Report.Failure?.Kind);
        Assert.Contains("sound", decoded.Report.Failure!.Message);
    }

    [Fact]
    public async Task Decoder_camera_whose_datagrams_are_lost_goes_on_with_what_arrives()
    {
        IReadOnlyList<CodedPicture> pictures = Pictures("large.h264", "-s 320x240");
        CameraStep[] whole = [.. Steps(pictures, 0)];
        await using var camera = new ScriptedCamera(CameraCodec.H264,
            [.. whole, .. Steps(pictures, 4 * 90_000).Select(step => step with { IsLost = true }), .. Steps(pictures, 8 * 90_000), new CameraStep(null, 0)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url, RtspTransport.Udp), UntilSilent);

        Assert.InRange(decoded.Seconds[^1], 11, 12.5);
        Assert.InRange(decoded.Report.Progress.Decoded, 2 * pictures.Count, 3 * pictures.Count - 1);
    }

    [Fact]
    public async Task Decoder_camera_that_falls_silent_is_lost_after_the_time_that_was_chosen()
    {
        await using var camera = new ScriptedCamera(CameraCodec.H264, [.. Steps(Pictures("plain.h264"), 0), new CameraStep(null, 0)]);

        Decoded decoded = await Decoding.Decode(new CameraSource(camera.Url), Every with { CameraTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(SourceFailureKind.Unreachable, decoded.Report.Failure?.Kind);
        Assert.Contains("no answer in 1 s", decoded.Report.Failure!.Message);
    }

    /// <summary>The decoder process gives signs of life while it waits for the network: a camera may be slower than a hang.</summary>
    [Fact]
    public async Task Decoder_camera_that_may_be_silent_for_longer_than_a_decoder_is_not_killed_for_it()
    {
        await using var camera = new ScriptedCamera(CameraCodec.H264, [.. Steps(Pictures("plain.h264"), 0), new CameraStep(null, 0)]);

        Decoded decoded = await Decoding.Decode(
            new CameraSource(camera.Url), UntilSilent, Decoding.Patient with { ReadTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(SourceFailureKind.Unreachable, decoded.Report.Failure?.Kind);
    }

    /// <summary>Four seconds in which a lot moves, an intra frame every second.</summary>
    private static IReadOnlyList<CodedPicture> Pictures(string name, string more = "")
    {
        bool isH265 = name.EndsWith("h265", StringComparison.Ordinal);
        string coder = isH265 ? "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=10:bframes=0:slices=1" : "-c:v libx264 -preset ultrafast -g 10 -bf 0 -x264-params slices=1";
        string path = Clips.Make(name, $"-f lavfi -i testsrc2=s=160x120:r={Rate} -t 4 -pix_fmt yuv420p {coder} {more} -f {(isH265 ? "hevc" : "h264")}");
        return ElementaryStream.Read(path, isH265 ? CameraCodec.H265 : CameraCodec.H264);
    }

    private static IEnumerable<CameraStep> Steps(IReadOnlyList<CodedPicture> pictures, uint from) =>
        pictures.Select((picture, i) => new CameraStep(picture, unchecked(from + (uint)(i * 90_000 / Rate))));
}
