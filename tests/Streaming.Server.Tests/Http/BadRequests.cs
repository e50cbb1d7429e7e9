using System.Collections.Concurrent;
using System.Text;

namespace Streaming.Server.Tests.Http;

/// <summary>A request as bytes on the wire, with what is wrong with it.</summary>
/// <param name="HangsUp">The client closes its side after the last byte.</param>
internal sealed record BadRequest(string What, byte[] Bytes, bool HangsUp = false);

/// <summary>Requests that no server should carry out: every route crossed with every mutation, the same for the same seed.</summary>
/// <param name="seed">Of the dice that choose where bodies are cut and changed.</param>
/// <param name="file">The id of a file that is there; the stream that is there is named "door".</param>
internal sealed class BadRequests(int seed, string file)
{
    /// <summary>What RFC 9110 says to a request line of another version.</summary>
    private const int HttpVersionNotSupported = 505;

    private const string Json = "application/json", Form = "multipart/form-data; boundary=b";

    private readonly (string Method, string Path, string? Type, string? Body)[] _routes =
    [
        ("POST", "/v1/streams", Json, """{"name":"gate","url":"rtsp://camera/1"}"""),
        ("GET", "/v1/streams", null, null),
        ("GET", "/v1/streams/door", null, null),
        ("PATCH", "/v1/streams/door", Json, """{"sampling":1}"""),
        ("POST", "/v1/streams/door/ask", Json, """{"question":"which car?","from":1}"""),
        ("GET", "/v1/streams/door/keyframes", null, null),
        ("GET", "/v1/streams/door/keyframes/1.jpg", null, null),
        ("GET", "/v1/streams/door/events?class=car", null, null),
        ("GET", "/v1/streams/door/counts?bucket=1m", null, null),
        ("GET", "/v1/streams/door/heat.png", null, null),
        ("POST", "/v1/streams/door/watches", Json, """{"name":"car","question":"Is there a car?","every_seconds":5,"webhook":{"url":"https://a.example/x"}}"""),
        ("GET", "/v1/streams/door/watches", null, null),
        ("GET", "/v1/streams/door/watches/car", null, null),
        ("PATCH", "/v1/streams/door/watches/car", Json, """{"needed":2,"of":3}"""),
        ("POST", "/v1/streams/door/watches/backtest", Json, """{"question":"Is there a car?"}"""),
        ("POST", "/v1/streams/door/utterances", Json, """{"text":"Who is at the door?","from":-60}"""),
        ("GET", "/v1/events?severity=info&most=5", null, null),
        ("GET", "/v1/events/1", null, null),
        ("GET", "/v1/events/1/picture.jpg", null, null),
        ("POST", "/v1/events/1/acknowledge", Json, """{"by":"ann","note":"seen"}"""),
        ("POST", "/v1/events/1/redeliver", Json, "{}"),
        ("POST", "/v1/files", Form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nfilm\r\n--b--\r\n"),
        ("GET", "/v1/files", null, null),
        ("POST", $"/v1/files/{file}/ask", Json, """{"question":"which car?"}"""),
        ("POST", $"/v1/files/{file}/cancel", null, null),
        ("GET", $"/v1/files/{file}", null, null),
        ("POST", "/v1/ask", Json, """{"question":"which car?","streams":["door"]}"""),
        ("POST", "/v1/chat/completions", Json, """{"model":"scenes","messages":[{"role":"user","content":"which car?"}]}"""),
        ("GET", "/v1/models", null, null),
        ("GET", "/metrics", null, null),
        ("GET", "/openapi/v1.json", null, null),
        ("GET", "/", null, null),
    ];

    private readonly Random _dice = new(seed);

    /// <summary>Sends all of them, several at once.</summary>
    /// <returns>How many were sent, how many refused, and those that failed inside the server.</returns>
    public Task<(int Sent, int Refused, IReadOnlyCollection<string> Failures)> SendAsync(RunningServer server) => SendAsync(server, All());

    /// <inheritdoc cref="SendAsync(RunningServer)"/>
    public static async Task<(int Sent, int Refused, IReadOnlyCollection<string> Failures)> SendAsync(RunningServer server, IEnumerable<BadRequest> requests)
    {
        var failures = new ConcurrentQueue<string>();
        int sent = 0, refused = 0;
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (bad, _) =>
        {
            Interlocked.Increment(ref sent);
            string answer = await server.RawAsync(bad.Bytes, bad.HangsUp);
            int status = RunningServer.StatusOf(answer);
            if (status is >= 500 and not HttpVersionNotSupported)
                failures.Enqueue($"{bad.What}: {answer}");
            if (status is >= 400 and < 500)
                Interlocked.Increment(ref refused);
        });
        return (sent, refused, failures);
    }

    private IEnumerable<BadRequest> All()
    {
        foreach (var (method, path, type, body) in _routes)
        {
            foreach (string other in (string[])["PUT", "TRACE", "CONNECT", "PROPFIND", "get", "G ET", new('M', 9000)])
                yield return Request($"method {other[..Math.Min(8, other.Length)]}", other, path, type, body);
            foreach (string tail in Tails())
                yield return Request($"path {tail[..Math.Min(20, tail.Length)]}", method, path.TrimEnd('/') + tail, type, body);
            foreach (string header in Headers())
                yield return Request($"header {header[..Math.Min(30, header.Length)]}", method, path, type, body, header);
            if (body is null)
                continue;
            foreach (string other in (string[])["text/plain", "application/xml", "application/json; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=" + new string('b', 300), "nonsense", ""])
                yield return Request($"type {other[..Math.Min(20, other.Length)]}", method, path, other, body);
            foreach (var (what, bytes) in Bodies(body))
                yield return Request(what, method, path, type, bytes);
            yield return LengthLies(method, path, type!, body);
        }
    }

    private static IEnumerable<string> Tails() =>
        ["/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "/%ff%fe", "/%zz", "/" + new string('a', 9000), "/ /", "//", "/\\..\\..", "?" + new string('q', 9000), "?from=%00&most=1e9", "/;jsessionid=1", "/door/keyframes/NaN.jpg"];

    private static IEnumerable<string> Headers() =>
    [
        "Host: evil.example", "Host: a\r\nHost: b", "Content-Length: -1", "Content-Length: 5\r\nContent-Length: 6", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: nonsense",
        "Content-Length: 99999999999999999999", "X: " + new string('x', 40_000), "X\u0001: y", ": nothing", " folded", "Origin: http://evil.example", "Content-Encoding: br",
        "Accept: " + string.Join(",", Enumerable.Repeat("*/*;q=x", 500)), "traceparent: 00-zz-zz-zz", "If-None-Match: \"", "Range: bytes=9-1", "Expect: nonsense", "Connection: upgrade\r\nUpgrade: h2c",
        string.Join("\r\n", Enumerable.Range(0, 150).Select(n => $"H{n}: v")),
    ];

    private IEnumerable<(string What, byte[] Bytes)> Bodies(string body)
    {
        byte[] good = Encoding.UTF8.GetBytes(body);
        yield return ("empty body", []);
        yield return ("deep body", Encoding.ASCII.GetBytes(new string('[', 50_000)));
        yield return ("deep objects", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"question\":", 20_000))));
        yield return ("large body", Encoding.ASCII.GetBytes("{\"question\":\"" + new string('?', 1_200_000) + "\"}"));
        yield return ("large number", Encoding.ASCII.GetBytes("{\"from\":" + new string('9', 5_000) + ",\"question\":\"x\"}"));
        yield return ("byte order mark of UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(body)]);
        foreach (string other in (string[])["null", "true", "[]", "{}", "\"x\"", "{\"question\":{}}", "{\"name\":[],\"messages\":{},\"sampling\":[]}", "{\"question\":\"\\ud800\",\"name\":\"\\udfff\",\"messages\":[{\"role\":\"\\ud800\"}]}"])
            yield return ($"body {other}", Encoding.ASCII.GetBytes(other));
        for (int time = 0; time < 6; time++)
            yield return ($"cut body {time}", good[.._dice.Next(good.Length)]);
        for (int time = 0; time < 10; time++)
        {
            byte[] changed = [.. good];
            for (int flip = _dice.Next(1, 4); flip > 0; flip--)
                changed[_dice.Next(changed.Length)] = (byte)_dice.Next(256);
            yield return ($"changed body {time}", changed);
        }
    }

    private static BadRequest LengthLies(string method, string path, string type, string body) => new(
        $"{method} {path}: broken off",
        Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {body.Length + 1000}\r\n\r\n{body}"), HangsUp: true);

    private static BadRequest Request(string what, string method, string path, string? type, string? body, string? header = null) =>
        Request(what, method, path, type, body is null ? null : Encoding.UTF8.GetBytes(body), header);

    private static BadRequest Request(string what, string method, string path, string? type, byte[]? body, string? header = null)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if (header?.StartsWith("Host:", StringComparison.Ordinal) != true)
            head.Append("Host: localhost\r\n");
        if (type is not null)
            head.Append($"Content-Type: {type}\r\n");
        if (body is not null && header?.Contains("Content-Length:", StringComparison.Ordinal) != true && header?.Contains("Transfer-Encoding:", StringComparison.Ordinal) != true)
            head.Append($"Content-Length: {body.Length}\r\n");
        if (header is not null)
            head.Append(header).Append("\r\n");
        return new BadRequest($"{method[..Math.Min(8, method.Length)]} {path[..Math.Min(40, path.Length)]}: {what}", [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []]);
    }
}
