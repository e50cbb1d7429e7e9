using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Streaming.Models.OpenAI.Tests;

/// <summary>What a caller sent.</summary>
internal sealed record Received(string Line, IReadOnlyDictionary<string, string> Headers, JsonNode Body);

/// <summary>A server on this machine that gives each request the next of its answers, byte for byte, and hangs up.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<(string Answer, Task? Then)> _answers = new();

    public LocalServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <param name="status">Such as <c>429 Too Many Requests</c>, with further header lines after it.</param>
    /// <param name="then">Until this is done, the connection stays open without a word.</param>
    public void Answer(string status, string body = "", Task? then = null) => _answers.Enqueue(($"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n{body}", then));

    /// <summary>An answer in pieces, as servers stream it.</summary>
    public void Stream(params string[] data) => Answer("200 OK\r\nContent-Type: text/event-stream", Events(data));

    public static string Events(params string[] data) => string.Concat(data.Select(line => $"data: {line}\n\n"));

    /// <summary>A piece of text.</summary>
    public static string Piece(string text) => new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = text } }) }.ToJsonString();

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            string line = await reader.ReadLineAsync() ?? "";
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await reader.ReadLineAsync() is { Length: > 0 } header)
                headers[header.Split(": ", 2)[0]] = header.Split(": ", 2)[1];
            var body = new char[int.Parse(headers["Content-Length"])];
            await reader.ReadBlockAsync(body);
            Requests.Enqueue(new Received(line, headers, JsonNode.Parse(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)))!));
            if (!_answers.TryDequeue(out var answer))
                return;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Answer));
            if (answer.Then is { } then)
                await then;
        }
    }
}

/// <summary>Waits up to a minute pass at once and are remembered; longer ones end when the test says so.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private readonly ConcurrentBag<Timer> _long = [];

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
            return new Timer(() => { });
        var timer = new Timer(() => callback(state));
        if (dueTime > TimeSpan.FromMinutes(1))
        {
            _long.Add(timer);
            return timer;
        }
        Waits.Enqueue(dueTime);
        _ = Task.Run(timer.Fire);
        return timer;
    }

    public void EndLongWaits()
    {
        foreach (Timer timer in _long)
            timer.Fire();
    }

    private sealed class Timer(Action callback) : ITimer
    {
        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
