using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class FileRouteTests : IAsyncLifetime
{
    private const int MostBytes = 3 << 20;

    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(new FakeDirectory(), new HttpSettings { Port = 0, MaxUploadBytes = MostBytes });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Files_upload_is_stored_whole_and_found_under_its_location()
    {
        var created = await _server.UploadAsync(new byte[MostBytes], "../../etc/h\u00fcbsch.mp4");
        Assert.Equal(201, (int)created.StatusCode);
        JsonNode file = await JsonAsync(await _server.Client.GetAsync(created.Headers.Location));
        Assert.Equal((MostBytes, "hübsch.mp4", "queued"), ((int)file["size_bytes"]!, (string)file["name"]!, (string)file["state"]!));
        Assert.Single((await JsonAsync(await _server.Client.GetAsync("/v1/files")))["files"]!.AsArray());
    }

    [Fact]
    public async Task Files_part_before_the_file_is_passed_over()
    {
        var form = new MultipartFormDataContent { { new StringContent("vision"), "purpose" }, { new ByteArrayContent([1, 2, 3]), "file", "film.mp4" } };
        var created = await _server.Client.PostAsync("/v1/files", form);
        Assert.Equal((201, 3), ((int)created.StatusCode, (int)(await JsonAsync(created))["size_bytes"]!));
    }

    [Fact]
    public async Task Files_cancel_and_delete_answer_with_the_file()
    {
        var location = (await _server.UploadAsync([1])).Headers.Location!;
        Assert.Equal("cancelled", (string)(await JsonAsync(await _server.Client.PostAsync($"{location}/cancel", null)))["state"]!);
        Assert.Equal(200, (int)(await _server.Client.DeleteAsync(location)).StatusCode);
        await ProblemAsync(404, await _server.Client.GetAsync(location));
        await ProblemAsync(404, await _server.Client.PostAsync($"{location}/cancel", null));
    }

    [Fact]
    public async Task Files_one_that_a_stream_plays_is_not_deleted()
    {
        var location = (await _server.UploadAsync([1])).Headers.Location!;
        string id = location.ToString().Split('/')[^1];
        Assert.Equal(201, (int)(await _server.PostAsync("/v1/streams", $$"""{"name":"demo","file":"{{id}}"}""")).StatusCode);
        await ProblemAsync(409, await _server.Client.DeleteAsync(location));
    }

    [Fact]
    public async Task Files_too_large_by_its_length_is_refused_before_the_body_comes()
    {
        using TcpClient connection = await _server.ConnectAsync();
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 99999999999\r\n\r\n"));
        var head = new byte[12];
        await stream.ReadExactlyAsync(head);
        Assert.Equal("HTTP/1.1 413", Encoding.ASCII.GetString(head));
    }

    [Fact]
    public async Task Files_too_large_without_a_length_is_refused_while_it_comes()
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[MostBytes + 1]), "file", "film.mp4" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = form, Headers = { TransferEncodingChunked = true } };
        JsonNode problem = await ProblemAsync(413, await _server.Client.SendAsync(request));
        Assert.Equal("too_large", (string)problem["kind"]!);
    }

    [Fact]
    public async Task Files_that_is_no_film_is_422() => await ProblemAsync(422, await _server.UploadAsync([1, 2], "notes.txt"));

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("multipart/mixed; boundary=b", "--b--", 415)]
    [InlineData("multipart/form-data", "--b--", 400)]
    [InlineData("multipart/form-data; boundary=", "--b--", 400)]
    [InlineData("multipart/form-data; boundary=b", "", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b--\r\n", 422)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"film\"\r\n\r\nx\r\n--b--\r\n", 422)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nx", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition", 400)]
    [InlineData("multipart/form-data; boundary=b", "--c\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nx\r\n--c--\r\n", 400)]
    public async Task Files_broken_form_is_a_problem(string type, string body, int status)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        await ProblemAsync(status, await _server.Client.PostAsync("/v1/files", content));
    }

    [Fact]
    public async Task Files_client_that_breaks_off_leaves_nothing_behind()
    {
        using (TcpClient connection = await _server.ConnectAsync())
        {
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n" +
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nsome of it"));
        }
        Assert.Empty((await JsonAsync(await _server.Client.GetAsync("/v1/files")))["files"]!.AsArray());
        Assert.Equal(201, (int)(await _server.UploadAsync([1])).StatusCode);
        Assert.DoesNotContain(_server.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }
}
