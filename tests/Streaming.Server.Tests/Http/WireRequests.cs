using System.Text;

namespace Streaming.Server.Tests.Http;

/// <summary>
/// What a hostile client puts on the wire beyond wrong bodies: broken framing, chunks that are cut off, odd targets and versions, names in
/// all alphabets, tricks with paths, ranges and conditions, and forms that are not what they seem. The same for the same seed.
/// </summary>
/// <param name="seed">Of the dice that choose where requests are cut. The stream that is there is named "door".</param>
internal sealed class WireRequests(int seed)
{
    private const string Form = "Content-Type: multipart/form-data; boundary=b\r\n";

    private static readonly string[] Names =
    [
        "%E9%96%80", "%F0%9F%9A%AA", "t%C3%BCr", "%D8%A8%D8%A7%D8%A8", "e%CC%81", "%EF%BC%AE", "%c0%ae%c0%ae", "%ed%a0%80", "%E2%80%AEroo", "%00door", "door%00", "door%0d%0aX:y", "..", "%2e%2e", ".%2e", "%252e%252e",
        "..%2f..%2fetc%2fpasswd", "..%5c..%5cx", "door%2F", "door;a=b", "CON", "door.", "door%20", "%20door", "-", "~", "*", "'%22%3Cb%3E", "%7Bname%7D", "DOOR", new('a', 65), new('a', 3000),
    ];

    private readonly Random _dice = new(seed);

    public IEnumerable<BadRequest> All() => [.. Targets(), .. Framing(), .. Chunks(), .. Heads(), .. Forms(), .. Json()];

    private static IEnumerable<BadRequest> Targets()
    {
        foreach (string name in Names)
        {
            yield return Plain("GET", $"/v1/streams/{name}");
            yield return Plain("DELETE", $"/v1/files/{name}");
            yield return Plain("GET", $"/v1/files/{name}/keyframes/0.jpg");
            yield return Plain("POST", $"/v1/streams/{name}/ask", "Content-Type: application/json\r\nContent-Length: 16\r\n", "{\"question\":\"?\"}");
        }
        foreach (string number in (string[])["-1", "+1", "1e3", "0x1", "%31", "1%2Ejpg", "99999999999", "\u0661", "1 ", "0.jpg", ""])
            yield return Plain("GET", $"/v1/streams/door/keyframes/{number}.jpg");
        foreach (string query in (string[])["from=-1", "from=1&from=2", "most=0", "most=%D9%A1", "from=1;most=2", "most", "from[]=1", "%66rom=x", "most=9999999999999"])
            yield return Plain("GET", $"/v1/streams/door/keyframes?{query}");
        foreach (string target in (string[])["*", "http://localhost/v1/nothing", "http://evil.example/v1/streams/x", "localhost:80", "/v1/streams#x", "/v1//streams/../nothing", "/./v1/./no", "/v1/streams/door/", "//evil.example/x", "\\v1\\streams", "v1/streams", "/v1/streams/door/ask/..;/x", "?", "/%", "/%2"])
            yield return Plain("GET", target);
    }

    private IEnumerable<BadRequest> Framing()
    {
        yield return Bytes("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        yield return new BadRequest("TLS hello", [0x16, 3, 1, 0, 0x2E, 1, 0, 0, 0x2A, 3, 3, .. Noise(40)], HangsUp: true);
        yield return new BadRequest("noise", Noise(5_000), HangsUp: true);
        yield return Bytes("HTTP/0.9", "GET /v1/streams\r\n");
        foreach (string version in (string[])["HTTP/1.2", "HTTP/3", "http/1.1", "HTTP/1", "HTTP/1.10", "HTCPCP/1.0", ""])
            yield return Bytes($"version {version}", $"GET /v1/nothing {version}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        yield return Bytes("HTTP/1.0 without host", "GET /v1/nothing HTTP/1.0\r\n\r\n");
        yield return Bytes("bare line feeds", "GET /v1/nothing HTTP/1.1\nHost: localhost\nConnection: close\n\n");
        yield return Bytes("bare carriage returns", "GET /v1/nothing HTTP/1.1\rHost: localhost\r\r");
        yield return Bytes("no host", "GET /v1/nothing HTTP/1.1\r\nConnection: close\r\n\r\n");
        yield return Bytes("smuggling", "POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
        yield return Bytes("body on GET", "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 7\r\n\r\nnothing");
        yield return Bytes("pipelined nonsense", "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n\0\0\0\0 nonsense\r\n\r\n");
        for (int cut = 0; cut < 20; cut++)
        {
            string whole = "POST /v1/streams/door/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"question\":\"?\"}";
            yield return Bytes($"cut {cut}", whole[.._dice.Next(1, whole.Length - 1)], hangsUp: true);
        }
    }

    /// <summary>Uploads and questions in chunks that break off, lie, or never end.</summary>
    private IEnumerable<BadRequest> Chunks()
    {
        const string part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n";
        foreach (var (what, chunks) in ((string, string)[])
        [
            ("size that is no number", "zz\r\nfilm\r\n0\r\n\r\n"), ("negative size", "-4\r\nfilm\r\n0\r\n\r\n"), ("huge size", "FFFFFFFFFFFFFFFF\r\nfilm"), ("size larger than what comes", "40\r\nfilm"),
            ("size smaller than what comes", "2\r\nfilm\r\n0\r\n\r\n"), ("endless extension", "4;" + new string('x', 20_000) + "\r\nfilm\r\n0\r\n\r\n"), ("no line end", "4\r\nfilm0\r\n\r\n"), ("only the size", "4"),
            ("nothing", ""), ("no last chunk", "4\r\nfilm\r\n"), ("huge trailer", "0\r\nX: " + new string('x', 40_000) + "\r\n\r\n"), ("many tiny chunks", string.Concat(Enumerable.Repeat("1\r\na\r\n", 3_000))),
        ])
        {
            yield return Bytes($"chunks: {what}", Head("/v1/files", Form + "Transfer-Encoding: chunked\r\n") + $"{part.Length:x}\r\n{part}\r\n{chunks}", hangsUp: true);
            yield return Bytes($"chunked JSON: {what}", Head("/v1/ask", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n") + chunks, hangsUp: true);
        }
        string film = part + new string('f', 5_000);
        for (int time = 0; time < 10; time++)
            yield return Bytes($"upload broken off {time}", Head("/v1/files", $"{Form}Content-Length: {film.Length + 100}\r\n") + film[.._dice.Next(film.Length)], hangsUp: true);
    }

    private IEnumerable<BadRequest> Heads()
    {
        foreach (string head in (string[])[
            "Range: bytes=0-0,1-1,2-2", "Range: bytes=" + string.Join(",", Enumerable.Range(0, 2_000).Select(n => $"{n}-{n}")), "Range: bytes=-99999999999999999999", "Range: lines=1-2", "If-Range: \"x", "If-Match: *", "If-Match: \"x\"",
            "If-None-Match: *", "If-None-Match: W/\"" + new string('x', 4_000) + "\"", "If-Modified-Since: yesterday", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT", "Accept: \u00ff", "Accept: text/event-stream;q=NaN", "Accept-Encoding: *;q=0",
            "Cookie: " + new string('c', 20_000), "Last-Event-ID: -1", "Authorization: Basic " + new string('A', 9_000), "X-Forwarded-Host: evil.example", "X-HTTP-Method-Override: DELETE", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x",
            "traceparent: ff-" + new string('0', 32) + "-0000000000000000-01", "tracestate: " + new string('=', 2_000), "baggage: " + new string(',', 2_000), "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin, cross-site", "Host: localhost.evil.example", "Host: localhost:99999", "Host: [::1", "Content-Type: application/json;charset=\"", "Te: trailers, deflate;q=x", "\u0080: x", "X: a\0b"])
        {
            yield return Plain("GET", "/v1/streams/door/keyframes/0.jpg", head + "\r\n");
            yield return Plain("DELETE", "/v1/streams/nothing", head + "\r\n");
        }
        foreach (string type in (string[])["application/json;charset=utf-16", "application/json, text/plain", "application/x-www-form-urlencoded", "application/problem+json;v=", "multipart/form-data; boundary=\"", "multipart/mixed; boundary=b", "multipart/form-data; boundary=" + Convert.ToHexString(Noise(20)), "*/*"])
            yield return Plain("POST", "/v1/files", $"Content-Type: {type}\r\nContent-Length: 5\r\n", "--b\r\n");
    }

    private static IEnumerable<BadRequest> Forms()
    {
        foreach (string part in (string[])[
            "\r\n\r\nfilm", "Content-Disposition: form-data\r\n\r\nfilm", "Content-Disposition: attachment; name=\"file\"\r\n\r\n", "Content-Disposition: form-data; name=\"file\"\r\nfilm", "Content-Disposition: form-data; name=file*=UTF-8''x\r\n\r\nfilm",
            "Content-Disposition: form-data; name=\"other\"\r\n\r\nfilm", "X: " + new string('x', 40_000) + "\r\n\r\nfilm", string.Concat(Enumerable.Range(0, 100).Select(n => $"H{n}: v\r\n")) + "\r\nfilm",
            "Content-Type: multipart/form-data; boundary=c\r\n\r\n--c\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nfilm\r\n--c--", "Content-Disposition: form-data; name=\"purpose\"\r\n\r\n" + new string('p', 2 << 20)])
            yield return FormOf("--b\r\n" + part + "\r\n--b--\r\n");
        yield return FormOf(string.Concat(Enumerable.Range(0, 200).Select(n => $"--b\r\nContent-Disposition: form-data; name=\"f{n}\"\r\n\r\nv\r\n")) + "--b--\r\n");
        yield return FormOf("--b--\r\n");
        yield return FormOf("--c\r\n\r\nfilm\r\n--c--\r\n");
        yield return FormOf(new string('-', 100_000));
        yield return FormOf("--b\nContent-Disposition: form-data; name=\"file\"\n\nfilm\n--b--\n");
    }

    private static IEnumerable<BadRequest> Json()
    {
        foreach (string body in (string[])[
            "\u00ef\u00bb\u00bf", "NaN", "{\"question\":NaN}", "{/**/\"question\":\"?\"}", "{\"question\":\"?\",}", "{'question':'?'}", "{\"question\":\"?\",\"question\":\"!\"}", "{\"question\":\"\t\"}", "{\"question\":\"\\u0000\",\"from\":\"\\u0000\"}",
            "{\"question\":\"?\",\"from\":1e999}", "{\"question\":\"?\",\"to\":-1e9}", "{\"question\":\"?\",\"from\":\"2026-13-45T99:99:99Z\"}", "{\"question\":\"?\",\"from\":[1]}", "{\"question\":\"?\",\"streams\":[[]]}", "{\"Question\":\"?\"}", "\"\\uD83D\"", "{}{}", "[{\"question\":\"?\"}]",
            "{\"question\":\"?\",\"streams\":[" + string.Join(",", Enumerable.Repeat("\"nothing\"", 5_000)) + "]}", "{\"question\":\"?\",\"files\":[\"../../etc/passwd\",\"\\u0000\"]}"])
            yield return Plain("POST", "/v1/ask", $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n", body);
        foreach (string member in (string[])[
            "\"url\":\"rtsp://a\\r\\nX\"", "\"url\":\"rtsp://\"", "\"url\":\"rtsp://@\"", "\"url\":\"rtsp://[::1\"", "\"url\":\"rtsp://a:99999999/\"", "\"url\":\"RTMP://a\"", "\"url\":\"file:///etc/passwd\"", "\"url\":\"rtsp://a\\u0000b\"", "\"url\":\" rtsp://a\"", "\"url\":\"" + new string('u', 9_000) + "\"",
            "\"file\":\"../../x\"", "\"file\":\"\\u0000\"", "\"url\":\"rtsp://a\",\"time_zone\":\"../../etc/passwd\"", "\"url\":\"rtsp://a\",\"time_zone\":\"Europe/\\u0000\"", "\"url\":\"rtsp://a\",\"sampling\":1e308", "\"url\":\"rtsp://a\",\"sampling\":-0.0", "\"url\":\"rtsp://a\",\"decode\":2", "\"url\":\"rtsp://a\",\"exec\":\"id\"", "\"url\":\"rtsp://a\",\"sub_url\":\"pipe:1\""])
        {
            string body = $"{{\"name\":\"wire\",{member}}}";
            yield return Plain("POST", "/v1/streams", $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n", body);
        }
    }

    private static BadRequest FormOf(string body) => Plain("POST", "/v1/files", $"{Form}Content-Length: {body.Length}\r\n", body);

    private static BadRequest Plain(string method, string target, string head = "", string body = "") => Bytes(
        $"{method} {target[..Math.Min(60, target.Length)]} {head[..Math.Min(60, head.Length)]} {body[..Math.Min(60, body.Length)]}",
        $"{method} {target} HTTP/1.1\r\n{(head.StartsWith("Host:", StringComparison.Ordinal) ? "" : "Host: localhost\r\n")}Connection: close\r\n{head}\r\n{body}");

    private static string Head(string path, string head) => $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n";

    private static BadRequest Bytes(string what, string request, bool hangsUp = false) => new(what, Encoding.Latin1.GetBytes(request), hangsUp);

    private byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        _dice.NextBytes(noise);
        return noise;
    }
}
