using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Streaming.Server.Tests.Http;

public sealed class BadRequestTests
{
    private readonly FakeDirectory _directory = new();

    [Fact]
    public async Task Server_bad_requests_of_all_kinds_get_no_5xx_and_leave_it_well()
    {
        await using var server = await RunningServer.StartAsync(_directory);
        await server.DeclareAsync("door");
        var (sent, refused, failures) = await new BadRequests(seed: 20261121, file: "1").SendAsync(server);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(refused >= 200, $"{refused} of {sent} were refused");
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(200, (int)(await server.Client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(200, (int)(await server.PostAsync("/v1/streams/door/ask", """{"question":"which car?"}""")).StatusCode);
    }

    [Fact]
    public async Task Server_tricks_on_the_wire_get_no_5xx_and_leave_it_well()
    {
        await using var server = await RunningServer.StartAsync(_directory);
        await server.DeclareAsync("door");
        var (sent, refused, failures) = await BadRequests.SendAsync(server, new WireRequests(seed: 20261121).All());
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        // Where it closes on what it has not read, the answer may be lost on the way.
        Assert.True(refused >= 200, $"{refused} of {sent} were refused");
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(200, (int)(await server.Client.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task Server_slow_bodies_are_given_up_and_hold_nobody_else()
    {
        await using var server = await RunningServer.StartAsync(_directory);
        await server.DeclareAsync("door");
        Task<string>[] slow = [.. Enumerable.Range(0, 40).Select(_ => TrickleAsync(server))];
        for (int time = 0; time < 20; time++)
            Assert.Equal(200, (int)(await server.PostAsync("/v1/streams/door/ask", """{"question":"which car?"}""")).StatusCode);
        foreach (string answer in await Task.WhenAll(slow))
            Assert.Equal(408, RunningServer.StatusOf(answer));
    }

    /// <summary>Sends the head, one byte of the body, and nothing more; waits for what the server says to that.</summary>
    private static async Task<string> TrickleAsync(RunningServer server)
    {
        using TcpClient connection = await server.ConnectAsync();
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync("POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
