using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Streaming.Faults;

namespace Streaming.Attacks.Media;

/// <summary>
/// Uploads hostile files to a server that runs as its user starts it, asks about what it takes for films, and looks at what it did: each
/// has to end in a clear error or a bounded answer in time, with nothing else opened, nobody called and the server well.
/// </summary>
public sealed class HostileTrial : IDisposable
{
    /// <summary>Much longer than the shipped model's answers may be.</summary>
    private const int LongestAnswer = 4000;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    private readonly ServedProgram _server;
    private readonly string _secret = $"canary-{Guid.NewGuid():N}";
    private readonly string _baitFolder = Directory.CreateTempSubdirectory("streaming-bait-").FullName;
    private readonly Listeners _listeners = new();
    private readonly OpenWatch _watch;

    public HostileTrial(ServedProgram server)
    {
        _server = server;
        string bait = Path.Combine(_baitFolder, "bait.mp4");
        File.WriteAllText(bait, _secret);
        _watch = new OpenWatch(bait);
        Bait = new Bait(bait, _listeners.Addresses);
    }

    public Bait Bait { get; }

    /// <summary>How long the whole way of one file may take.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that any file took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <returns>Null: it was handled; else what went wrong, in words.</returns>
    public async Task<string?> RunAsync(HostileFile file)
    {
        long begun = Stopwatch.GetTimestamp();
        string? wrong;
        try
        {
            wrong = await SendAsync(file);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            wrong = $"the server did not answer ({e.GetType().Name})";
        }
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        Slowest = took > Slowest ? took : Slowest;
        return wrong ?? (took > Bound ? $"it took {took.TotalSeconds:0.0} s" : null)
            ?? (_watch.WasTouched() ? "another file was opened" : null)
            ?? (_listeners.Heard ? "somebody was called" : null)
            ?? await WellAsync();
    }

    public void Dispose()
    {
        _watch.Dispose();
        _listeners.Dispose();
        Directory.Delete(_baitFolder, recursive: true);
    }

    private async Task<string?> SendAsync(HostileFile file)
    {
        using HttpResponseMessage response = await _server.Client.PostAsync("/v1/files", Form(file));
        string text = await response.Content.ReadAsStringAsync();
        if (Complain(response, text) is { } refused)
            return refused;
        if (!response.IsSuccessStatusCode)
            return null;
        string path = $"/v1/files/{JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()}";
        try
        {
            using var bound = new CancellationTokenSource(Bound);
            while ((await _server.GetAsync(path)).GetProperty("state").GetString() is "queued" or "ingesting")
            {
                if (bound.IsCancellationRequested)
                    return "it is still being read";
                await Task.Delay(Turn, CancellationToken.None);
            }
            using var question = new StringContent("""{"question":"What is there?"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await _server.Client.PostAsync($"{path}/ask", question);
            string said = await answer.Content.ReadAsStringAsync();
            return Complain(answer, said) ?? (answer.IsSuccessStatusCode && JsonDocument.Parse(said).RootElement.GetProperty("answer").GetString()!.Length > LongestAnswer ? "the answer is endless" : null);
        }
        finally
        {
            (await _server.Client.DeleteAsync(path)).Dispose();
        }
    }

    /// <summary>What no answer may be: a fault inside, a refusal without words, or something of the bait.</summary>
    private string? Complain(HttpResponseMessage response, string text) =>
        (int)response.StatusCode >= 500 ? $"{(int)response.StatusCode}: {text}"
        : text.Contains(_secret, StringComparison.Ordinal) ? "the answer holds what another file says"
        : !response.IsSuccessStatusCode && (!text.Contains("\"detail\"", StringComparison.Ordinal) || text.Contains("   at ", StringComparison.Ordinal)) ? $"the refusal says nothing: {text}"
        : null;

    private async Task<string?> WellAsync()
    {
        using HttpResponseMessage ready = await _server.Client.GetAsync("/readyz");
        return ready.IsSuccessStatusCode ? null : $"the server is not ready: {await ready.Content.ReadAsStringAsync()}";
    }

    /// <summary>Written byte by byte: no client would send such names.</summary>
    private static ByteArrayContent Form(HostileFile file)
    {
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file.Name.Replace("\"", "%22", StringComparison.Ordinal)}\"\r\nContent-Type: video/mp4\r\n\r\n"),
            .. file.Bytes, .. "\r\n--edge--\r\n"u8,
        ];
        return new ByteArrayContent(body) { Headers = { { "Content-Type", "multipart/form-data; boundary=edge" } } };
    }
}
