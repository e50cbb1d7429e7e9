using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Video.Tests;

/// <summary>Files that are no films, films that are broken, and films that want to do harm.</summary>
public sealed class BadInputTests
{
    private static string Film => Clips.H264();

    [Theory]
    [InlineData("text.mp4", "Just a text.\nNothing else.\n", "text")]
    [InlineData("empty.mp4", "", "empty")]
    [InlineData("list.m3u8", "#EXTM3U\n#EXTINF:10,\n{film}\n#EXT-X-ENDLIST\n", "playlist")]
    [InlineData("list.mp4", "#EXTM3U\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n", "playlist")]
    [InlineData("itself.mp4", "#EXTM3U\n#EXTINF:10,\nitself.mp4\n#EXT-X-ENDLIST\n", "playlist")]
    [InlineData("concat.txt", "ffconcat version 1.0\nfile '{film}'\n", "playlist")]
    [InlineData("concat.mkv", "ffconcat version 1.0\nfile '{film}'\n", "playlist")]
    [InlineData("dash.mpd", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><AdaptationSet><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{url}</BaseURL></Representation></AdaptationSet></Period></MPD>", "playlist")]
    [InlineData("session.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n", "session description")]
    public async Task Decoder_file_that_is_no_film_is_refused_and_opens_nothing_else(string name, string text, string word)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var path = Clips.Text(name, text.Replace("{film}", Film).Replace("{url}", $"http://{server.LocalEndpoint}/film.ts"));

        var failure = await Decoding.Fail(path);

        Assert.Equal(SourceFailureKind.NotVideo, failure.Kind);
        Assert.Contains(word, failure.Message);
        Assert.False(server.Pending(), "the playlist made the decoder open an address");
    }

    [Fact]
    public async Task Decoder_subtitle_stream_with_a_playlist_in_an_avi_opens_nothing_else()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var film = File.ReadAllBytes(Clips.Moving("gab2-host.avi", "-c:v mpeg4"));
        var playlist = Encoding.ASCII.GetBytes($"GAB2\0\u0002\0\0\0\0\0\u0004\0\0\0\0\0#EXTM3U\n#EXTINF:1,\nhttp://{server.LocalEndpoint}/a\n");
        film.AsSpan(film.AsSpan().IndexOf("movi"u8)).Slice(4 + 8 + 200)[..playlist.Length].Clear();
        playlist.CopyTo(film.AsSpan(film.AsSpan().IndexOf("movi"u8)).Slice(4 + 8 + 200));

        await Decoding.Decode(Clips.Bytes("gab2.avi", film));

        Assert.False(server.Pending());
    }

    [Fact]
    public async Task Decoder_sound_only_is_no_video()
    {
        var sound = Clips.Make("sound.m4a", "-f lavfi -i sine=d=2 -c:a aac");

        Assert.Equal(SourceFailureKind.NotVideo, (await Decoding.Fail(sound)).Kind);
    }

    [Fact]
    public async Task Decoder_sound_with_cover_art_is_no_video()
    {
        var cover = Clips.Make("cover.jpg", "-f lavfi -i testsrc2=s=64x64 -frames:v 1");
        var sound = Clips.Make("cover.m4a", $"-f lavfi -i sine=d=2 -i {cover} -map 0 -map 1 -c:a aac -c:v copy -disposition:v:0 attached_pic");

        Assert.Equal(SourceFailureKind.NotVideo, (await Decoding.Fail(sound)).Kind);
    }

    [Fact]
    public async Task Decoder_codec_outside_the_allow_list_is_named()
    {
        var film = Clips.Moving("prores.mov", "-c:v prores");

        var failure = await Decoding.Fail(film);

        Assert.Equal(SourceFailureKind.Undecodable, failure.Kind);
        Assert.Contains("prores", failure.Message);
    }

    [Theory]
    [InlineData("mkv")]
    [InlineData("ts")]
    [InlineData("avi")]
    [InlineData("gif")]
    public async Task Decoder_truncated_film_gives_what_decodes_and_says_what_is_missing(string container)
    {
        var whole = container switch
        {
            "avi" => Clips.Moving("whole.avi", "-c:v mpeg4 -g 25", 10),
            "gif" => Clips.Make("whole.gif", $"-i {Film} -pix_fmt pal8"),
            _ => Clips.H264(container),
        };
        var bytes = File.ReadAllBytes(whole);
        var film = Clips.Bytes($"truncated.{container}", bytes[..(bytes.Length * 6 / 10)]);

        var decoded = await Decoding.Decode(film);

        Assert.InRange(decoded.Report.Progress.Decoded, 50, 110);
        Assert.InRange(decoded.Pictures.Count, 8, 18);
        Assert.True(decoded.Report is { Remark: not null } or { Failure: not null }, "nothing says that the film is cut off");
    }

    [Fact]
    public async Task Decoder_mp4_without_its_end_gives_what_decodes_if_the_index_comes_first()
    {
        var bytes = File.ReadAllBytes(Clips.Make("faststart.mp4", $"-i {Film} -c copy -movflags +faststart"));

        var decoded = await Decoding.Decode(Clips.Bytes("truncated.mp4", bytes[..(bytes.Length * 6 / 10)]));

        Assert.InRange(decoded.Report.Progress.Decoded, 50, 110);
        Assert.True(decoded.Report is { Remark: not null } or { Failure: not null }, "nothing says that the film is cut off");
    }

    [Fact]
    public async Task Decoder_mp4_without_its_index_is_refused_in_words()
    {
        var bytes = File.ReadAllBytes(Film);

        var failure = await Decoding.Fail(Clips.Bytes("no-index.mp4", bytes[..(bytes.Length / 2)]));

        Assert.Contains("moov", failure.Message);
    }

    [Fact]
    public async Task Decoder_damage_in_the_middle_is_counted_and_decoding_goes_on()
    {
        var bytes = File.ReadAllBytes(Clips.H264("mkv"));
        new Random(7).NextBytes(bytes.AsSpan(bytes.Length * 4 / 10, bytes.Length / 10));

        var decoded = await Decoding.Decode(Clips.Bytes("damaged.mkv", bytes));

        Assert.InRange(decoded.Report.Progress.Decoded, 60, 124);
        Assert.True(decoded.Report.Progress.Time > TimeSpan.FromSeconds(8), "what follows the damage was not decoded");
    }

    [Fact]
    public async Task Decoder_picture_of_60000_by_60000_is_refused_before_memory_is_taken()
    {
        var film = File.ReadAllBytes(Clips.Moving("huge-host.avi", "-c:v mjpeg"));
        var header = film.AsSpan().IndexOf("strf"u8) + 8;
        BinaryPrimitives.WriteInt32LittleEndian(film.AsSpan(header + 4), 60000);
        BinaryPrimitives.WriteInt32LittleEndian(film.AsSpan(header + 8), 60000);
        for (var at = 0; (at = Find(film, [0xff, 0xc0], at)) >= 0; at += 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(film.AsSpan(at + 5), 60000);
            BinaryPrimitives.WriteUInt16BigEndian(film.AsSpan(at + 7), 60000);
        }

        var failure = await Decoding.Fail(Clips.Bytes("huge.avi", film));

        Assert.Equal(SourceFailureKind.LimitExceeded, failure.Kind);
        Assert.Contains("60000x60000", failure.Message);
    }

    [Fact]
    public async Task Decoder_header_that_understates_the_size_does_not_get_past_the_limit()
    {
        var film = File.ReadAllBytes(Clips.Moving("lying-host.avi", "-c:v mjpeg"));
        for (var at = 0; (at = Find(film, [0xff, 0xc0], at)) >= 0; at += 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(film.AsSpan(at + 5), 12000);
            BinaryPrimitives.WriteUInt16BigEndian(film.AsSpan(at + 7), 12000);
        }

        var failure = await Decoding.Fail(Clips.Bytes("lying.avi", film));

        Assert.Contains(failure.Kind, new[] { SourceFailureKind.LimitExceeded, SourceFailureKind.Undecodable });
    }

    [Fact]
    public async Task Decoder_limits_of_frames_duration_and_pixels_hold()
    {
        var frames = await Decoding.Fail(Film, limits: new DecodeLimits { MaxFrames = 40 });
        var duration = await Decoding.Fail(Film, limits: new DecodeLimits { MaxDuration = TimeSpan.FromSeconds(9) });
        var pixels = await Decoding.Fail(Film, limits: new DecodeLimits { MaxPixels = 160 * 119 });

        Assert.All([frames, duration, pixels], failure => Assert.Equal(SourceFailureKind.LimitExceeded, failure.Kind));
    }

    [Fact]
    public async Task Decoder_film_without_a_first_intra_frame_is_a_failure_and_not_an_empty_success()
    {
        // Only the packets after the single intra frame.
        var film = Clips.Make("no-intra.ts", $"-i {Clips.Moving("one-intra.ts", "-c:v libx264 -preset veryfast -g 1000 -bf 0")} -c copy -bsf:v noise=drop=key");

        var decoded = await Decoding.Decode(film);

        if (decoded.Report.Progress.Decoded == 0)
            Assert.Equal(SourceFailureKind.Undecodable, decoded.Report.Failure?.Kind);
    }

    [Theory]
    [InlineData("-dash first.mp4")]
    [InlineData("a:colon and http:text.mp4")]
    [InlineData("new\nline.mp4")]
    [InlineData("Übung 100%d 片 '\"$(x)`.mp4")]
    public async Task Decoder_file_name_of_any_characters_opens(string name)
    {
        var path = Path.Combine(Clips.Folder, name);
        File.Copy(Film, path, overwrite: true);

        var decoded = await Decoding.Decode(path);

        Assert.Null(decoded.Report.Failure);
        Assert.Equal(20, decoded.Pictures.Count);
    }

    [Fact]
    public async Task Decoder_missing_file_and_folder_are_named_as_such()
    {
        Assert.Contains("no such file", (await Decoding.Fail(Path.Combine(Clips.Folder, "nowhere.mp4"))).Message);
        Assert.Contains("folder", (await Decoding.Fail(Clips.Folder)).Message);
    }

    [Fact]
    public async Task Decoder_pipe_device_and_socket_are_refused_without_being_opened()
    {
        var pipe = Path.Combine(Clips.Folder, "nobody-writes.mp4");
        Clips.Run("mkfifo", [pipe]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var bound = Path.Combine(Clips.Folder, "socket.mp4");
        socket.Bind(new UnixDomainSocketEndPoint(bound));

        foreach (var path in (string[])[pipe, bound, "/dev/zero"])
        {
            Assert.Equal(SourceFailureKind.NotVideo, (await Decoding.Fail(path)).Kind);
            Assert.Equal(SourceFailureKind.NotVideo, new FileSource(path).Examine()?.Kind);
        }
    }

    [Fact]
    public void FileSource_links_are_followed_and_what_cannot_be_opened_is_said_in_words()
    {
        var link = Path.Combine(Clips.Folder, "link.mp4");
        File.CreateSymbolicLink(link, Film);
        var circle = Path.Combine(Clips.Folder, "circle.mp4");
        File.CreateSymbolicLink(circle, circle);
        var locked = Clips.Text("locked.mp4", "x");
        Clips.Run("chmod", ["000", locked]);

        Assert.Null(new FileSource(link).Examine());
        Assert.Contains("links", new FileSource(circle).Examine()?.Message);
        Assert.Contains("no such file", new FileSource(Film + "/film.mp4").Examine()?.Message);
        Assert.Contains("too long", new FileSource("/" + new string('x', 300)).Examine()?.Message);
        Assert.Equal(Environment.IsPrivilegedProcess ? null : SourceFailureKind.Unauthorized, new FileSource(locked).Examine()?.Kind);
    }

    [Fact]
    public async Task Decoder_large_file_of_nothing_is_refused_without_being_read()
    {
        var path = Clips.Bytes("sparse.mkv", []);
        using (var file = File.OpenWrite(path))
            file.SetLength(1L << 40);

        Assert.Equal(SourceFailureKind.NotVideo, (await Decoding.Fail(path)).Kind);
    }

    private static int Find(byte[] bytes, ReadOnlySpan<byte> pattern, int from) =>
        bytes.AsSpan(from).IndexOf(pattern) is >= 0 and var at ? from + at : -1;
}
