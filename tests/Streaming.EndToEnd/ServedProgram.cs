using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streaming.EndToEnd;

/// <summary><c>streaming serve</c> as its user starts it, on a free port, until it is told to stop.</summary>
public sealed class ServedProgram : IAsyncDisposable
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ServedProgram(Process process, Uri address, ConcurrentQueue<string> log)
    {
        (_process, Log) = (process, log);
        Client = new HttpClient { BaseAddress = address, Timeout = Patience };
    }

    public HttpClient Client { get; }

    /// <summary>The lines of the error output; whole once it has stopped.</summary>
    public ConcurrentQueue<string> Log { get; }

    public static async Task<ServedProgram> StartAsync(Cli cli)
    {
        cli.Variables["STREAMING_PORT"] = "0";
        Process process = Process.Start(cli.Starting("serve"))!;
        var log = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        string line = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("serve ended without a word");
        return new ServedProgram(process, new Uri(line.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal))), log);
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Posts JSON and expects success.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        HttpResponseMessage response = await Client.PostAsJsonAsync(path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<JsonElement> UploadAsync(string film)
    {
        await using FileStream content = File.OpenRead(film);
        HttpResponseMessage response = await Client.PostAsync("/v1/files", new MultipartFormDataContent { { new StreamContent(content), "file", Path.GetFileName(film) } });
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asks for <paramref name="path"/> until <paramref name="isSo"/> holds of what comes.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            JsonElement now = await GetAsync(path);
            if (isSo(now))
                return now;
            Assert.False(patience.IsCancellationRequested, $"{path} stays {now}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Tells it to stop, as a service manager does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
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
}
