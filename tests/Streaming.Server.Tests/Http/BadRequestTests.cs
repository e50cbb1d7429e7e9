using System.Collections.Concurrent;
using System.Globalization;
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
        BadRequest[] all = [.. new BadRequests(seed: 20261121).All()];
        Assert.True(all.Length >= 200, $"{all.Length} requests");
        var wrong = new ConcurrentQueue<string>();
        int refused = 0;
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (bad, _) =>
        {
            string answer = await server.RawAsync(bad.Bytes, bad.HangsUp);
            int status = StatusOf(answer);
            if (status >= 500)
                wrong.Enqueue($"{bad.What}: {answer.Split("\r\n")[0]}");
            if (status is >= 400 and < 500)
                Interlocked.Increment(ref refused);
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        Assert.True(refused >= 200, $"{refused} of {all.Length} were refused");
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(200, (int)(await server.Client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(200, (int)(await server.PostAsync("/v1/streams/door/ask", """{"question":"which car?"}""")).StatusCode);
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
            Assert.Equal(408, StatusOf(answer));
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

    private static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
}
