using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streaming.Faults;

/// <summary><c>streaming serve</c> as its user starts it, until it is told to stop or killed. All that it starts belongs to a session of its own.</summary>
public sealed class ServedProgram : IAsyncDisposable
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ServedProgram(Process process, Uri address, ConcurrentQueue<string> log)
    {
        (_process, Log) = (process, log);
        ProcessId = process.Id;
        Client = new HttpClient { BaseAddress = address, Timeout = Patience };
    }

    public HttpClient Client { get; }

    public int ProcessId { get; }

    /// <summary>The lines of the error output; whole once it has stopped.</summary>
    public ConcurrentQueue<string> Log { get; }

    /// <summary>The processes of its session beside itself, alive or not yet reaped.</summary>
    public IReadOnlyList<int> Children => [.. ProcessTable.OfSession(ProcessId).Where(id => id != ProcessId)];

    /// <param name="serve">How <c>streaming serve</c> is started, with redirected outputs.</param>
    public static async Task<ServedProgram> StartAsync(ProcessStartInfo serve)
    {
        // Not the leader of a group, setsid becomes the program itself.
        serve.ArgumentList.Insert(0, serve.FileName);
        serve.FileName = "setsid";
        Process process = Process.Start(serve)!;
        var log = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        string line = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"serve ended without a word: {string.Join(" / ", log)}");
        return new ServedProgram(process, new Uri(line.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal))), log);
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Posts JSON and expects success.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<JsonElement> PostAsync(string path, object body) => await ReadAsync(await Client.PostAsJsonAsync(path, body));

    /// <inheritdoc cref="PostAsync"/>
    public async Task<JsonElement> UploadAsync(string film)
    {
        await using FileStream content = File.OpenRead(film);
        return await ReadAsync(await Client.PostAsync("/v1/files", new MultipartFormDataContent { { new StreamContent(content), "file", Path.GetFileName(film) } }));
    }

    /// <summary>Asks for <paramref name="path"/> until <paramref name="isSo"/> holds of what comes.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        JsonElement now = default;
        await Wait.UntilAsync(async () => isSo(now = await GetAsync(path)), () => $"{path} stays {now}");
        return now;
    }

    /// <summary>Tells it to stop, as a service manager does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>kill -9, of it alone.</summary>
    public async Task KillAsync()
    {
        Signals.KillNow(ProcessId);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
    }
}
