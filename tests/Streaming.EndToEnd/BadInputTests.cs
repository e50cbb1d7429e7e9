namespace Streaming.EndToEnd;

public sealed class BadInputTests : IDisposable
{
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("missing.mp4", null)]
    [InlineData("empty.mp4", "")]
    [InlineData("text.mp4", "this is no film")]
    [InlineData("playlist.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfilm.mp4\n#EXT-X-ENDLIST\n")]
    [InlineData("playlist.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfilm.mp4\n#EXT-X-ENDLIST\n")]
    [InlineData("concat.mp4", "ffconcat version 1.0\nfile film.mp4\n")]
    [InlineData("dash.mpd", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><BaseURL>film.mp4</BaseURL></Period></MPD>")]
    [InlineData("session.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    public async Task Ask_file_that_is_no_film_is_refused_in_one_line(string name, string? content)
    {
        await _cli.FilmAsync();
        string path = Path.Combine(_cli.Folder, name);
        if (content is not null)
            await File.WriteAllTextAsync(path, content);
        AssertRefused(await _cli.RunAsync("ask", path, "what is there?"), name);
    }

    [Fact]
    public async Task Ask_noise_is_refused()
    {
        string path = Path.Combine(_cli.Folder, "noise.mkv");
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(path, noise);
        AssertRefused(await _cli.RunAsync("ask", path, "what is there?"), "noise.mkv");
    }

    [Fact]
    public async Task Ask_sound_only_is_refused()
    {
        string path = await _cli.MakeAsync("sound.mp4", "-f lavfi -i sine=d=2 -c:a aac");
        AssertRefused(await _cli.RunAsync("ask", path, "what is there?"), "sound.mp4");
    }

    [Fact]
    public async Task Ask_film_without_its_index_is_refused()
    {
        string path = Truncate(await _cli.FilmAsync(), 0.5);
        AssertRefused(await _cli.RunAsync("ask", path, "what is there?"), "film.mp4");
    }

    [Fact]
    public async Task Ask_film_cut_off_is_used_as_far_as_it_goes()
    {
        string path = Truncate(await _cli.FilmAsync("film.ts"), 0.5);
        var result = await _cli.RunAsync("ask", path, "what is there?", "--json");
        Assert.InRange(result.Json.GetProperty("frames").GetProperty("decoded").GetInt64(), 20, 149);
        Assert.Contains("cut off", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("STREAMING_FILM_SECONDS", "3", "6")]
    [InlineData("STREAMING_FILM_PIXELS", "19199", "160x120")]
    public async Task Ask_film_beyond_a_limit_is_refused(string variable, string limit, string word)
    {
        _cli.Variables[variable] = limit;
        AssertRefused(await _cli.RunAsync("ask", await _cli.FilmAsync(), "what is there?"), word);
    }

    [Fact]
    public async Task Ask_film_of_too_many_pictures_is_used_up_to_the_limit()
    {
        _cli.Variables["STREAMING_FILM_FRAMES"] = "60";
        var result = await _cli.RunAsync("ask", await _cli.FilmAsync(), "what is there?", "--json");
        Assert.InRange(result.Json.GetProperty("frames").GetProperty("decoded").GetInt64(), 60, 61);
        Assert.Contains("limit", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Ask_folder_is_refused() =>
        AssertRefused(await _cli.RunAsync("ask", _cli.Folder, "what is there?"), "folder");

    [Fact]
    public async Task Ask_pipe_or_device_is_refused_at_once()
    {
        string pipe = Path.Combine(_cli.Folder, "pipe.mp4");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();
        foreach (string path in (string[])[pipe, "/dev/zero", "/dev/urandom"])
            AssertRefused(await _cli.RunAsync("ask", path, "what is there?"), "device");
    }

    [Fact]
    public async Task Ask_large_file_that_is_no_film_is_refused_before_it_is_read()
    {
        string path = Path.Combine(_cli.Folder, "sparse.mp4");
        using (var file = File.Create(path))
            file.SetLength(1L << 40); // Reading it would take an hour.
        AssertRefused(await _cli.RunAsync("ask", path, "what is there?"), "sparse.mp4");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/film.mp4")]
    [InlineData("rtsp://127.0.0.1:1/camera")]
    public async Task Ask_address_that_cannot_be_opened_is_refused(string address) =>
        AssertRefused(await _cli.RunAsync("ask", address, "what is there?"), "");

    [Fact]
    public async Task Ask_password_of_a_camera_is_never_shown()
    {
        var result = await _cli.RunAsync("ask", "rtsp://guard:s3cret@127.0.0.1:1/camera", "what is there?");
        AssertRefused(result, "127.0.0.1");
        Assert.DoesNotContain("s3cret", result.Output + result.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Ask_empty_question_is_refused(string question) =>
        AssertRefused(await _cli.RunAsync("ask", await _cli.FilmAsync(), question), "question");

    [Fact]
    public async Task Ask_endless_question_is_refused() =>
        AssertRefused(await _cli.RunAsync("ask", await _cli.FilmAsync(), new string('x', 100_000)), "100000");

    [Theory]
    [InlineData("--to", "-1")]
    [InlineData("--to", "soon")]
    [InlineData("--from", "NaN")]
    public async Task Ask_impossible_time_is_refused(string option, string value)
    {
        var result = await _cli.RunAsync("ask", await _cli.FilmAsync(), "what is there?", option, value);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(option, result.Error);
    }

    [Fact]
    public async Task Ask_damaged_store_is_not_believed_and_the_film_read_anew()
    {
        string film = await _cli.FilmAsync();
        var first = await _cli.AskAsync(film);
        string tokens = Assert.Single(Directory.GetFiles(_cli.DataFolder, "tokens.bin", SearchOption.AllDirectories));
        byte[] bytes = await File.ReadAllBytesAsync(tokens);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(tokens, bytes);
        var second = await _cli.AskAsync(film);
        Assert.True(second.GetProperty("timings").GetProperty("encode").GetDouble() > 0);
        Assert.Equal(first.GetProperty("answer").GetString(), second.GetProperty("answer").GetString());
    }

    public void Dispose() => _cli.Dispose();

    private static void AssertRefused(Cli.Result result, string word)
    {
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(word, Assert.Single(result.ErrorLines));
    }

    private static string Truncate(string path, double share)
    {
        using var file = File.OpenWrite(path);
        file.SetLength((long)(file.Length * share));
        return path;
    }
}
