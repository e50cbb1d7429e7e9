using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Streaming.Server.Tests.Http;

/// <summary>A real Prometheus that scrapes one server every second, as the job "streaming".</summary>
internal sealed class PrometheusProgram : IAsyncDisposable
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusProgram(Process process, string folder, Uri address) =>
        (_process, _folder, _client) = (process, folder, new HttpClient { BaseAddress = address, Timeout = Patience });

    public static async Task<PrometheusProgram> StartAsync(Uri server)
    {
        string folder = Directory.CreateTempSubdirectory("streaming-prometheus-").FullName, configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s }
            scrape_configs: [{ job_name: streaming, static_configs: [{ targets: ["{{server.Authority}}"] }] }]
            """);
        string[] arguments = [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", "--web.listen-address=127.0.0.1:0"];
        Process process = Process.Start(new ProcessStartInfo("prometheus", arguments) { RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(Patience);
        const string listens = "msg=\"Listening on\" address=";
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.Contains(listens, StringComparison.Ordinal))
                continue;
            // Whatever else it says is read and forgotten, or it would stop at a full pipe.
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return new PrometheusProgram(process, folder, new Uri($"http://{line.Split(listens)[1].Trim()}"));
        }
        throw new InvalidOperationException("prometheus ended before it listened");
    }

    /// <summary>Asks until there is a result, which takes two scrapes where a query looks at a rate.</summary>
    /// <returns>The labels of each series.</returns>
    /// <exception cref="InvalidOperationException">Prometheus does not understand the query, or nothing comes.</exception>
    public async Task<IReadOnlyList<JsonObject>> UntilAnySeriesAsync(string query)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            HttpResponseMessage response = await _client.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", CancellationToken.None);
            JsonNode said = JsonNode.Parse(await response.Content.ReadAsStringAsync(CancellationToken.None))!;
            if ((string?)said["status"] != "success")
                throw new InvalidOperationException($"{query}: {said["error"]}");
            if (said["data"]!["result"] is JsonArray { Count: > 0 } series)
                return [.. series.Select(one => one!["metric"]!.AsObject())];
            if (patience.IsCancellationRequested)
                throw new InvalidOperationException($"{query}: no series");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
