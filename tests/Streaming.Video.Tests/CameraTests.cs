using System.Net;
using System.Net.Sockets;

namespace Streaming.Video.Tests;

/// <summary>Live RTSP cameras: real servers in processes of their own.</summary>
public sealed class CameraTests
{
    [Theory]
    [InlineData("h264", RtspTransport.Tcp)]
    [InlineData("h264", RtspTransport.Udp)]
    [InlineData("h265", RtspTransport.Tcp)]
    public async Task Decoder_live_camera_delivers_pictures_at_the_rate_asked_for(string codec, RtspTransport transport)
    {
        using var camera = new Camera("--codec", codec);

        var decoded = await Decoding.Decode(new CameraSource(camera.Url, transport), atMost: 4);

        Assert.Equal(SourceFailureKind.Stopped, decoded.Report.Failure?.Kind);
        Assert.Equal(codec == "h265" ? "hevc" : codec, decoded.Report.Facts?.Codec);
        Assert.Equal((320, 240), (decoded.Pictures[0].Width, decoded.Pictures[0].Height));
        Assert.Equal(0, decoded.Seconds[0]);
        Assert.All(decoded.Seconds.Zip(decoded.Seconds.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.05, 3));
    }

    [Fact]
    public async Task Decoder_camera_that_plays_a_film_delivers_its_pictures()
    {
        var film = Clips.Moving("for-camera.mp4", "-c:v libx264 -preset veryfast -bf 0 -g 12", 4);
        using var camera = new Camera("--file", film);

        var decoded = await Decoding.Decode(new CameraSource(camera.Url), atMost: 3);

        Assert.Equal((160, 120), (decoded.Report.Facts?.Width, decoded.Report.Facts?.Height));
    }

    [Theory]
    [InlineData("right", "user:right", true)]
    [InlineData("p@ss/w:rd", "user:p%40ss%2Fw%3Ard", true)]
    [InlineData("right", "user:wrong", false)]
    [InlineData("right", "", false)]
    public async Task Decoder_camera_with_a_password_opens_for_the_right_one_only(string password, string credentials, bool opens)
    {
        using var camera = new Camera("--user", "user", "--password", password);
        var url = credentials.Length > 0 ? camera.Url.Replace("//", $"//{credentials}@") : camera.Url;

        var decoded = await Decoding.Decode(new CameraSource(url), atMost: 1);

        Assert.Equal(opens ? SourceFailureKind.Stopped : SourceFailureKind.Unauthorized, decoded.Report.Failure?.Kind);
        Assert.DoesNotContain("right", decoded.Report.ToString());
    }

    [Theory]
    [InlineData("right", true)]
    [InlineData("wrong", false)]
    public async Task Decoder_camera_behind_tls_opens_for_the_right_password_only(string password, bool opens)
    {
        using var camera = new Camera("--user", "user", "--password", "right");
        await using var proxy = new TlsProxy(camera.Url);

        var decoded = await Decoding.Decode(new CameraSource(proxy.Url.Replace("//", $"//user:{password}@")), atMost: 2);

        Assert.Equal(opens ? SourceFailureKind.Stopped : SourceFailureKind.Unauthorized, decoded.Report.Failure?.Kind);
        Assert.Equal(opens ? 2 : 0, decoded.Pictures.Count);
        Assert.True(proxy.Encrypted > 0);
        Assert.DoesNotContain(password, decoded.Report.ToString());
    }

    [Fact]
    public async Task Decoder_camera_without_tls_asked_for_it_is_a_failure_in_words()
    {
        using var camera = new Camera();

        var decoded = await Decoding.Decode(new CameraSource(camera.Url.Replace("rtsp://", "rtsps://")), limits: Decoding.Patient with { ReadTimeout = TimeSpan.FromSeconds(5) });

        Assert.Equal(SourceFailureKind.Unreachable, decoded.Report.Failure?.Kind);
    }

    [Fact]
    public async Task Decoder_camera_where_nobody_listens_is_unreachable()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var decoded = await Decoding.Decode(new CameraSource($"rtsp://127.0.0.1:{port}/cam"));

        Assert.Equal(SourceFailureKind.Unreachable, decoded.Report.Failure?.Kind);
    }

    [Fact]
    public async Task Decoder_camera_that_listens_and_is_silent_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var source = new CameraSource($"rtsp://{listener.LocalEndpoint}/cam");

        var decoded = await Decoding.Decode(source, limits: Decoding.Patient with { ReadTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(SourceFailureKind.Unreachable, decoded.Report.Failure?.Kind);
        Assert.Contains("no answer", decoded.Report.Failure!.Message);
    }

    [Fact]
    public async Task Decoder_camera_without_that_stream_is_unreachable()
    {
        using var camera = new Camera();

        var decoded = await Decoding.Decode(new CameraSource(camera.Url.Replace("/cam", "/other")));

        Assert.Equal(SourceFailureKind.Unreachable, decoded.Report.Failure?.Kind);
        Assert.Contains("no stream of that path", decoded.Report.Failure!.Message);
    }

    [Theory]
    [InlineData("-KILL")]
    [InlineData("-STOP")]
    public async Task Decoder_camera_that_dies_or_freezes_ends_with_a_failure(string signal)
    {
        using var camera = new Camera();
        var limits = Decoding.Patient with { ReadTimeout = TimeSpan.FromSeconds(8) };
        await using var session = Decoding.Decoder(limits).Open(new CameraSource(camera.Url), new DecodeRequest());
        await using var frames = session.Frames().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync(), $"{(session.Completion.IsCompleted ? (await session.Completion).Failure : null)}");
        frames.Current.Dispose();

        Clips.Run("kill", [signal, $"{camera.ProcessId}"]);
        while (await frames.MoveNextAsync())
            frames.Current.Dispose();

        var failure = (await session.Completion).Failure;
        Assert.Contains(failure?.Kind, new SourceFailureKind?[] { SourceFailureKind.Unreachable, SourceFailureKind.EndOfStream });
    }
}
