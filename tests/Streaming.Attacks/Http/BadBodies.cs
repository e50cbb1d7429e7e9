using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Streaming.Attacks.Http;

/// <summary>A body that no route may take.</summary>
/// <param name="What">What is wrong with it.</param>
public sealed record BadBody(string Method, string Path, string What, string? Type, byte[] Bytes)
{
    public override string ToString() => $"{Method} {Path}: {What}";
}

/// <summary>
/// Bodies of the API, each with exactly one thing wrong: built from bodies that are right, whose every member is given each type that it
/// cannot have, and whose text is broken in each way that makes it no JSON. The same for the same seed.
/// </summary>
/// <param name="file">Id of a file that is there; the stream that is there is named "door".</param>
public sealed class BadBodies(int seed, string file)
{
    private const string Json = "application/json";

    private readonly (string Method, string Path, string Body)[] _routes = RoutesOf(file);

    /// <summary>Routes that take a body, each with one that is right.</summary>
    public static (string Method, string Path, string Body)[] RoutesOf(string file) =>
    [
        ("POST", "/v1/streams", """{"name":"gate","url":"rtsp://camera/1","sampling":1,"time_zone":"UTC","policy":"novelty","retain":0.5}"""),
        ("PATCH", "/v1/streams/door", """{"sampling":1,"policy":"novelty"}"""),
        ("POST", "/v1/streams/door/ask", """{"question":"which car?","policy":"novelty","retain":0.5,"sight":true,"conversation":"c1"}"""),
        ("POST", "/v1/streams/door/watches", """{"name":"car","question":"Is there a car?","every_seconds":5,"needed":2,"of":3,"cooldown_seconds":60,"severity":"info","webhook":{"url":"https://a.example/x"}}"""),
        ("POST", "/v1/streams/door/watches/backtest", """{"question":"Is there a car?","every_seconds":5}"""),
        ("POST", "/v1/streams/door/utterances", """{"text":"Who is at the door?"}"""),
        ("POST", "/v1/events/1/acknowledge", """{"by":"ann","note":"seen"}"""),
        ("POST", $"/v1/files/{file}/ask", """{"question":"which car?","sight":false}"""),
        ("POST", "/v1/ask", """{"question":"which car?","streams":["door"],"files":[]}"""),
        ("POST", "/v1/session", """{"key":"stk_nobody"}"""),
    ];

    private readonly Random _dice = new(seed);

    public IEnumerable<BadBody> All()
    {
        foreach (var (method, path, body) in _routes)
        {
            foreach (var (what, text) in Texts(body))
                yield return new BadBody(method, path, what, Json, Encoding.UTF8.GetBytes(text));
            foreach (var (what, changed) in Members(body))
                yield return new BadBody(method, path, what, Json, Encoding.UTF8.GetBytes(changed));
            foreach (var (what, bytes) in Bytes(body))
                yield return new BadBody(method, path, what, Json, bytes);
            foreach (string? type in (string?[])["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "image/jpeg", null])
                yield return new BadBody(method, path, $"type {type ?? "left out"}", type, Encoding.UTF8.GetBytes(body));
        }
    }

    /// <summary>Sends all of them.</summary>
    /// <returns>How many were sent, and those that got no 4xx.</returns>
    public async Task<(int Sent, IReadOnlyList<string> Wrong)> SendAsync(HttpClient client)
    {
        int sent = 0;
        var wrong = new List<string>();
        foreach (BadBody bad in All())
        {
            using var request = new HttpRequestMessage(new HttpMethod(bad.Method), bad.Path) { Content = new ByteArrayContent(bad.Bytes) };
            if (bad.Type is { } type)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using HttpResponseMessage response = await client.SendAsync(request);
            sent++;
            if ((int)response.StatusCode is < 400 or >= 500)
                wrong.Add($"{bad}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
        return (sent, wrong);
    }

    /// <summary>What is no JSON, or no object.</summary>
    private IEnumerable<(string What, string Text)> Texts(string body)
    {
        string inside = body[1..^1];
        foreach (string other in (string[])["", " ", "null", "true", "1", "\"x\"", "[]", "[{}]", $"[{body}]", "{", "}", "{}}", $"{body}{body}", $"{body},", $"{{{inside},}}", body.Replace('"', '\''), $"{{{inside},,}}",
            $"/* a comment */{body}", $"{{{inside},\"x\":NaN}}", $"{{{inside},\"x\":Infinity}}", $"{{{inside},\"x\":01}}", $"{{{inside},\"x\":1.}}", $"{{{inside},\"x\":0x1}}", $"{{{inside},\"x\":\"\\q\"}}",
            $"{{{inside},\"x\":\"line\nbreak\"}}", $"{{{inside},{inside}}}", $"{{{inside},\"no_such_member\":1}}", $"{{{inside},\"__proto__\":{{}}}}"])
            yield return ($"text {other[..Math.Min(24, other.Length)]}", other);
        for (int i = 0; i < 8; i++)
            yield return ($"cut {i}", body[.._dice.Next(1, body.Length)]);
        yield return ("deep", $"{{{inside},\"x\":{new string('[', 5000)}{new string(']', 5000)}}}");
        yield return ("long", $"{{{inside},\"x\":\"{new string('x', 1_100_000)}\"}}");
    }

    /// <summary>Each member with each type that it cannot have.</summary>
    private static IEnumerable<(string What, string Body)> Members(string body)
    {
        foreach (string member in JsonNode.Parse(body)!.AsObject().Select(pair => pair.Key))
        {
            JsonNode right = JsonNode.Parse(body)![member]!;
            foreach (string other in (string[])["7", "\"words\"", "true", "[]", "[[]]", "{\"a\":1}", "1e400", "-1.5e308"])
            {
                JsonNode value = JsonNode.Parse(other)!;
                if (value.GetValueKind() == right.GetValueKind() || (right is JsonValue && right.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False && other == "true"))
                    continue;
                JsonObject changed = JsonNode.Parse(body)!.AsObject();
                changed[member] = "\u0000";
                yield return ($"{member} is {other}", changed.ToJsonString().Replace("\"\\u0000\"", other, StringComparison.Ordinal));
            }
        }
    }

    private IEnumerable<(string What, byte[] Bytes)> Bytes(string body)
    {
        byte[] good = Encoding.UTF8.GetBytes(body);
        yield return ("UTF-16", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(body)]);
        yield return ("UTF-32", Encoding.UTF32.GetBytes(body));
        yield return ("a zero in the middle", [.. good[..5], 0, .. good[5..]]);
        yield return ("a lone byte of UTF-8", [.. good[..^2], 0xc3, .. good[^2..]]);
        yield return ("an overlong slash", [.. good[..^2], 0xc0, 0xaf, .. good[^2..]]);
        var noise = new byte[300];
        _dice.NextBytes(noise);
        yield return ("noise", noise);
        yield return ("compressed", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, .. noise]);
    }
}
