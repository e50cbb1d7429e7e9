using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Server.Files;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

/// <summary>tus 1.0 against the machine's own directory: real films, a real disk, connections that really break.</summary>
public sealed class UploadRouteTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new() { Settings = new Settings { UploadBytes = 1L << 40 } };
    private RunningServer _server = null!;
    private byte[] _film = [];

    public async Task InitializeAsync()
    {
        _film = await File.ReadAllBytesAsync(_machine.Film(seconds: 6));
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _machine.DisposeAsync();
    }

    [Fact]
    public async Task Options_tells_what_is_spoken()
    {
        HttpResponseMessage offer = await SendAsync(HttpMethod.Options, "/v1/uploads", version: null);
        Assert.Equal((204, "1.0.0", "creation,checksum,expiration,termination", "sha1,sha256"),
            ((int)offer.StatusCode, One(offer, "Tus-Version"), One(offer, "Tus-Extension"), One(offer, "Tus-Checksum-Algorithm")));
        Assert.True(long.Parse(One(offer, "Tus-Max-Size")!, CultureInfo.InvariantCulture) > 1 << 30);
    }

    [Fact]
    public async Task Film_in_two_pieces_is_filed_with_the_last_byte()
    {
        string upload = await BeginAsync(_film.Length, metadata: "filename aMO8YnNjaC5tcDQ=,draft");
        HttpResponseMessage half = await AppendAsync(upload, 0, _film[..1000]);
        Assert.Equal((204, "1000", null), ((int)half.StatusCode, One(half, "Upload-Offset"), half.Content.Headers.ContentLocation));
        HttpResponseMessage head = await SendAsync(HttpMethod.Head, upload);
        Assert.Equal((200, "1000", $"{_film.Length}", "filename aMO8YnNjaC5tcDQ=,draft", "no-store, private"),
            ((int)head.StatusCode, One(head, "Upload-Offset"), One(head, "Upload-Length"), One(head, "Upload-Metadata"), $"{head.Headers.CacheControl}"));
        Assert.True(DateTimeOffset.Parse(One(head, "Upload-Expires")!, CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow);
        HttpResponseMessage whole = await AppendAsync(upload, 1000, _film[1000..]);
        Assert.Equal(204, (int)whole.StatusCode);
        JsonNode file = await JsonAsync(await _server.Client.GetAsync(whole.Content.Headers.ContentLocation));
        Assert.Equal(("hübsch.mp4", _film.Length), ((string)file["name"]!, (int)file["size_bytes"]!));
        Assert.Equal(file["id"]!.ToString(), (string)(await JsonAsync(await _server.Client.GetAsync(upload)))["file"]!);
        Assert.Equal(204, (int)(await AppendAsync(upload, _film.Length, [])).StatusCode);
    }

    [Fact]
    public async Task Restart_in_the_middle_loses_nothing()
    {
        string upload = await BeginAsync(_film.Length);
        await AppendAsync(upload, 0, _film[..5000]);
        await RestartAsync();
        Assert.Equal("5000", One(await SendAsync(HttpMethod.Head, upload), "Upload-Offset"));
        Assert.NotNull((await AppendAsync(upload, 5000, _film[5000..])).Content.Headers.ContentLocation);
        await RestartAsync();
        Assert.NotNull((await SendAsync(HttpMethod.Head, upload)).Content.Headers.ContentLocation);
    }

    [Fact]
    public async Task Film_that_was_whole_when_the_server_died_is_filed_when_it_is_back()
    {
        string upload = await BeginAsync(_film.Length), folder = Path.Combine(_machine.DataFolder, "uploads", upload.Split('/')[^1]);
        await StopAsync();
        await File.WriteAllBytesAsync(Path.Combine(folder, "film", "film"), _film);
        await StartAsync();
        await LocalMachine.UntilAsync(() => SendAsync(HttpMethod.Head, upload), head => head.Content.Headers.ContentLocation is not null);
        Assert.Single((await JsonAsync(await _server.Client.GetAsync("/v1/files")))["files"]!.AsArray());
    }

    [Fact]
    public async Task Connection_that_breaks_leaves_what_came()
    {
        string upload = await BeginAsync(_film.Length);
        using (TcpClient connection = await HalfAsync(upload, _film[..3000]))
            await LocalMachine.UntilAsync(() => SendAsync(HttpMethod.Head, upload), head => One(head, "Upload-Offset") == "3000");
        Assert.Equal(204, (int)(await AppendAsync(upload, 3000, _film[3000..])).StatusCode);
    }

    [Fact]
    public async Task Client_that_comes_again_interrupts_the_connection_it_lost()
    {
        string upload = await BeginAsync(_film.Length);
        using TcpClient lost = await HalfAsync(upload, _film[..3000]);
        await LocalMachine.UntilAsync(() => SendAsync(HttpMethod.Head, upload), head => One(head, "Upload-Offset") == "3000");
        Assert.Equal(204, (int)(await AppendAsync(upload, 3000, _film[3000..])).StatusCode);
        var answer = new byte[12];
        await lost.GetStream().ReadExactlyAsync(answer);
        Assert.Equal("HTTP/1.1 409", Encoding.ASCII.GetString(answer));
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Checksum_decides_whether_a_piece_is_kept(string algorithm)
    {
        string upload = await BeginAsync(_film.Length);
        byte[] hash = algorithm == "sha1" ? SHA1.HashData(_film.AsSpan(..4000)) : SHA256.HashData(_film.AsSpan(..4000));
        JsonNode problem = await ProblemAsync(460, await AppendAsync(upload, 0, _film[..3999], $"{algorithm} {Convert.ToBase64String(hash)}"));
        Assert.Equal("damaged", (string)problem["kind"]!);
        Assert.Equal("0", One(await SendAsync(HttpMethod.Head, upload), "Upload-Offset"));
        Assert.Equal("4000", One(await AppendAsync(upload, 0, _film[..4000], $"{algorithm} {Convert.ToBase64String(hash)}"), "Upload-Offset"));
    }

    [Fact]
    public async Task Checked_piece_that_breaks_off_is_forgotten()
    {
        string upload = await BeginAsync(_film.Length), bytes = Path.Combine(_machine.DataFolder, "uploads", upload.Split('/')[^1], "film", "film");
        using (TcpClient connection = await HalfAsync(upload, _film[..3000], $"Upload-Checksum: sha1 {Convert.ToBase64String(SHA1.HashData(_film))}\r\n"))
            await LocalMachine.UntilAsync(() => Task.FromResult(new FileInfo(bytes).Length), length => length == 3000);
        await LocalMachine.UntilAsync(() => Task.FromResult(new FileInfo(bytes).Length), length => length == 0);
        Assert.Equal(204, (int)(await AppendAsync(upload, 0, _film)).StatusCode);
    }

    [Fact]
    public async Task Bytes_beyond_the_announced_length_are_refused_and_the_upload_stands()
    {
        string upload = await BeginAsync(100);
        await AppendAsync(upload, 0, _film[..60]);
        await ProblemAsync(413, await AppendAsync(upload, 60, _film[60..200]));
        Assert.Equal("60", One(await SendAsync(HttpMethod.Head, upload), "Upload-Offset"));
    }

    [Fact]
    public async Task What_is_no_film_is_told_with_the_last_byte_and_ever_after()
    {
        string upload = await BeginAsync(9);
        Assert.Contains("cannot be used as a film", (string)(await ProblemAsync(422, await AppendAsync(upload, 0, "no film.\n"u8.ToArray())))["detail"]!);
        Assert.Contains("cannot be used as a film", (string)(await JsonAsync(await _server.Client.GetAsync(upload)))["problem"]!);
        await ProblemAsync(422, await AppendAsync(upload, 9, []));
    }

    [Fact]
    public async Task Delete_forgets_the_upload_and_not_the_film()
    {
        string upload = await BeginAsync(_film.Length);
        Uri film = (await AppendAsync(upload, 0, _film)).Content.Headers.ContentLocation!;
        Assert.Equal(204, (int)(await SendAsync(HttpMethod.Delete, upload)).StatusCode);
        await ProblemAsync(404, await AppendAsync(upload, 0, [1]));
        Assert.Equal(404, (int)(await SendAsync(HttpMethod.Head, upload)).StatusCode);
        Assert.Equal(200, (int)(await _server.Client.GetAsync(film)).StatusCode);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_machine.DataFolder, "uploads")));
    }

    [Fact]
    public async Task Post_that_means_patch_is_one()
    {
        string upload = await BeginAsync(_film.Length);
        using HttpRequestMessage request = Piece(HttpMethod.Post, upload, 0, _film[..10], null);
        request.Headers.Add("X-HTTP-Method-Override", "PATCH");
        Assert.Equal((204, "10"), ((int)(await _server.Client.SendAsync(request)).StatusCode, One(await SendAsync(HttpMethod.Head, upload), "Upload-Offset")));
    }

    [Fact]
    public async Task Request_that_breaks_the_protocol_is_refused_with_what_to_do()
    {
        string upload = await BeginAsync(_film.Length);
        HttpResponseMessage foreign = await SendAsync(HttpMethod.Delete, upload, version: "0.2.2");
        Assert.Equal("1.0.0", One(foreign, "Tus-Version"));
        await ProblemAsync(412, foreign);
        await ProblemAsync(412, await SendAsync(HttpMethod.Delete, upload, version: null));
        await ProblemAsync(409, await AppendAsync(upload, 1, [1]));
        await ProblemAsync(400, await AppendAsync(upload, 0, [1], "crc32 AAAAAA=="));
        await ProblemAsync(400, await AppendAsync(upload, 0, [1], "sha1 %%%"));
        await ProblemAsync(404, await AppendAsync("/v1/uploads/0123", 0, [1]));
        foreach (string length in (string[])["", "-1", "1e3", "99999999999999999999"])
            await ProblemAsync(400, await CreateAsync(length));
        await ProblemAsync(422, await CreateAsync("0"));
        await ProblemAsync(413, await CreateAsync("999999999999999"));
        await ProblemAsync(400, await CreateAsync("10", "filename ***"));
        using HttpRequestMessage json = Piece(HttpMethod.Patch, upload, 0, [1], null);
        json.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await ProblemAsync(415, await _server.Client.SendAsync(json));
    }

    [Fact]
    public async Task Uploads_are_as_many_as_the_limit()
    {
        for (int i = 0; i < UploadLibrary.MostUploads; i++)
            await BeginAsync(10);
        await ProblemAsync(507, await CreateAsync("10"));
    }

    [Fact]
    public async Task Client_of_tus_goes_on_after_a_cut_and_a_restart()
    {
        string film = _machine.Film(seconds: 20, "long.mp4");
        JsonNode begun = await Node.RunAsync("tus.mjs", $"{_server.Address}v1/uploads", film, "8000");
        await RestartAsync();
        JsonNode done = await Node.RunAsync("tus.mjs", $"{_server.Address}v1/uploads", film, "0", new Uri(_server.Address, new Uri((string)begun["url"]!).AbsolutePath).ToString());
        Assert.True((long)begun["sent"]! >= 8000);
        Assert.True((long)done["from"]! >= 8000);
        Assert.Equal(new FileInfo(film).Length, (long)done["sent"]!);
        JsonNode stored = (await JsonAsync(await _server.Client.GetAsync((string)done["film"]!)))!;
        Assert.Equal((Path.GetFileName(film), new FileInfo(film).Length), ((string)stored["name"]!, (long)stored["size_bytes"]!));
    }

    private async Task StartAsync() => _server = await RunningServer.StartAsync(await _machine.OpenAsync(), new HttpSettings { Port = 0 });

    private async Task StopAsync()
    {
        await _server.DisposeAsync();
        await _machine.CloseAsync();
    }

    private async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    private async Task<string> BeginAsync(long length, string metadata = "")
    {
        HttpResponseMessage created = await CreateAsync($"{length}", metadata);
        Assert.Equal((201, "1.0.0", "0"), ((int)created.StatusCode, One(created, "Tus-Resumable"), One(created, "Upload-Offset")));
        return created.Headers.Location!.ToString();
    }

    private async Task<HttpResponseMessage> CreateAsync(string length, string metadata = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads") { Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", length } } };
        if (metadata.Length > 0)
            request.Headers.Add("Upload-Metadata", metadata);
        return await _server.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> AppendAsync(string upload, long offset, byte[] piece, string? checksum = null)
    {
        using HttpRequestMessage request = Piece(HttpMethod.Patch, upload, offset, piece, checksum);
        return await _server.Client.SendAsync(request);
    }

    private static HttpRequestMessage Piece(HttpMethod method, string upload, long offset, byte[] piece, string? checksum)
    {
        var content = new ByteArrayContent(piece) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        var request = new HttpRequestMessage(method, upload) { Content = content, Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Offset", $"{offset}" } } };
        if (checksum is not null)
            request.Headers.Add("Upload-Checksum", checksum);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? version = "1.0.0")
    {
        using var request = new HttpRequestMessage(method, path);
        if (version is not null)
            request.Headers.Add("Tus-Resumable", version);
        return await _server.Client.SendAsync(request);
    }

    /// <summary>A connection that announces the whole film, sends some of it, and says no more.</summary>
    private async Task<TcpClient> HalfAsync(string upload, byte[] piece, string headers = "")
    {
        TcpClient connection = await _server.ConnectAsync();
        string head = $"PATCH {upload} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n{headers}Content-Type: application/offset+octet-stream\r\nContent-Length: {_film.Length}\r\n\r\n";
        await connection.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. piece]);
        return connection;
    }

    private static string? One(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var values) ? values.Single() : null;
}
