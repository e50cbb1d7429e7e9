using System.Globalization;
using System.Text.Json;

namespace Streaming.Faults;

/// <summary>What was found wrong after one kill.</summary>
/// <param name="Missing">What had been acknowledged and is gone, in words.</param>
/// <param name="Left">Processes of the killed server that live on.</param>
/// <param name="Acknowledged">How much had been acknowledged by then.</param>
public sealed record KillOutcome(IReadOnlyList<string> Missing, int Left, int Acknowledged);

/// <summary>
/// Kills a server that works, again and again, over one data folder: it watches a camera, is sent films in pieces, notes, remembers and
/// makes events of a watch. Whatever it acknowledged has to be there after each kill.
/// </summary>
/// <param name="serve">Starts the server, always on the same data folder and port.</param>
/// <param name="camera">Address of a camera with something to see.</param>
/// <param name="film">A film in mp4, of which every upload is a variation.</param>
public sealed class KillTrial(Func<Task<ServedProgram>> serve, string camera, byte[] film, Random random) : IAsyncDisposable
{
    private const string Stream = "gate";
    private const int MostListed = 1000;

    /// <summary>A killed server's children notice it by the end of their input, at once; a busy machine may need a moment.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Ledger _ledger = new();
    private ServedProgram? _server;
    private (string Path, byte[] Content)? _unfinished;

    /// <summary>Lets it work until it has acknowledged something and a random while longer, kills it, starts it again and looks.</summary>
    /// <param name="longest">Of the while.</param>
    public async Task<KillOutcome> RunAsync(TimeSpan longest)
    {
        ServedProgram server = _server ??= await BeginAsync();
        using var stop = new CancellationTokenSource();
        int before = _ledger.Count;
        Task[] work = [WorkAsync(() => UploadAsync(server), stop.Token), WorkAsync(() => WatchAsync(server), stop.Token)];
        await Wait.UntilAsync(() => Task.FromResult(_ledger.Count > before), () => "the server acknowledges nothing");
        await Task.Delay(longest * random.NextDouble(), CancellationToken.None);
        await server.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(work);
        _ledger.ForgetTold();
        int left = await LeftAsync(server.ProcessId);
        await server.DisposeAsync();
        _server = await serve();
        return new KillOutcome([.. await _ledger.MissingAsync(_server)], left, _ledger.Count);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task<ServedProgram> BeginAsync()
    {
        ServedProgram server = await serve();
        await server.PostAsync("/v1/streams", new { name = Stream, url = camera, sampling = 2 });
        await server.UntilAsync($"/v1/streams/{Stream}", stream => stream.GetProperty("frames").GetProperty("kept").GetInt64() > 0);
        JsonElement answer = await server.PostAsync($"/v1/streams/{Stream}/ask", new { question = "What is there?", from = -10 });
        // Whatever it answers is what the watch waits for.
        string word = new([.. answer.GetProperty("answer").GetString()!.TrimStart().TakeWhile(c => c is not (' ' or '\n' or ',' or '.'))]);
        await server.PostAsync($"/v1/streams/{Stream}/watches", new { name = "any", question = "What is there?", fires_on = word, every_seconds = 1, cooldown_seconds = 0 });
        return server;
    }

    /// <summary>Until the server is gone.</summary>
    private static async Task WorkAsync(Func<Task> work, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
                await work();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // It was killed in the middle.
        }
    }

    /// <summary>One film of its own, in pieces of random size; the one that the last kill broke off goes on.</summary>
    private async Task UploadAsync(ServedProgram server)
    {
        var (path, content) = _unfinished ??= await BeginUploadAsync(server);
        using (HttpResponseMessage stands = await SendAsync(server, HttpMethod.Head, path, null, null))
        {
            TakeNote(path, stands);
            for (int offset = OffsetOf(stands); offset < content.Length;)
            {
                byte[] piece = content[offset..Math.Min(content.Length, offset + random.Next(1000, 60_000))];
                using HttpResponseMessage taken = await SendAsync(server, HttpMethod.Patch, path, piece, ("Upload-Offset", offset));
                offset = OffsetOf(taken);
                TakeNote(path, taken);
            }
        }
        // All came before a kill, and it is still filed: asked again.
        if (!_ledger.IsUpload(path))
            _unfinished = null;
    }

    /// <summary>Where the upload stands; or, once it is a film, where that is.</summary>
    private void TakeNote(string path, HttpResponseMessage told)
    {
        _ledger.Upload(path, OffsetOf(told));
        if (told.Content.Headers.ContentLocation is { } filed)
            _ledger.Filed(path, filed.ToString());
    }

    private async Task<(string Path, byte[] Content)> BeginUploadAsync(ServedProgram server)
    {
        var note = new byte[24];
        (note[3], note[4], note[5], note[6], note[7]) = (24, (byte)'f', (byte)'r', (byte)'e', (byte)'e'); // A box of mp4 that nobody reads.
        random.NextBytes(note.AsSpan(8));
        byte[] content = [.. film, .. note];
        using HttpResponseMessage begun = await SendAsync(server, HttpMethod.Post, "/v1/uploads", null, ("Upload-Length", content.Length));
        string path = begun.Headers.Location!.ToString();
        _ledger.Upload(path, 0);
        return (path, content);
    }

    private static int OffsetOf(HttpResponseMessage response) => int.Parse(response.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);

    /// <summary>One look at what the stream has made durable.</summary>
    private async Task WatchAsync(ServedProgram server)
    {
        JsonElement stream = await server.GetAsync($"/v1/streams/{Stream}");
        if (stream.GetProperty("durable_until") is { ValueKind: JsonValueKind.String } durable)
            _ledger.Keyframes(await server.GetAsync($"/v1/streams/{Stream}/keyframes?most={MostListed}"), durable.GetDateTimeOffset());
        if (stream.GetProperty("notes_durable_until") is { ValueKind: JsonValueKind.String } noted)
            _ledger.Notes(await server.GetAsync($"/v1/streams/{Stream}/events?most={MostListed}"), noted.GetDateTimeOffset());
        JsonElement events = await server.GetAsync($"/v1/events?stream={Stream}&most={MostListed}");
        foreach (JsonElement made in events.GetProperty("events").EnumerateArray())
            _ledger.Event(made.GetProperty("id").GetString()!, isAcknowledged: false);
        if (_ledger.AnyOpenEvent() is not { } open)
            return;
        await server.PostAsync($"/v1/events/{open}/acknowledge", new { by = "trial" });
        _ledger.Event(open, isAcknowledged: true);
    }

    private static async Task<HttpResponseMessage> SendAsync(ServedProgram server, HttpMethod method, string path, byte[]? body, (string Name, int Value)? header)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        if (header is var (name, value))
            request.Headers.Add(name, value.ToString(CultureInfo.InvariantCulture));
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/offset+octet-stream" } } };
        HttpResponseMessage response = await server.Client.SendAsync(request);
        return response.IsSuccessStatusCode
            ? response
            : throw new InvalidOperationException($"{method} {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task<int> LeftAsync(int session)
    {
        using var grace = new CancellationTokenSource(Grace);
        while (ProcessTable.OfSession(session) is { Count: > 0 } left)
        {
            if (grace.IsCancellationRequested)
                return left.Count;
            await Task.Delay(20, CancellationToken.None);
        }
        return 0;
    }
}
