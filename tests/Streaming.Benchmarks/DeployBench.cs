using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streaming.Benchmarks;

/// <summary>
/// docker-compose.yml on a real container engine: built, started, asked through the published port, scraped, stopped. Images are those of
/// the compose file, or of the variables that replace them.
/// </summary>
internal static class DeployBench
{
    /// <summary>Free as a rule, so that a server on this machine may go on.</summary>
    private const int Port = 18_080, PrometheusPort = 19_090, GrafanaPort = 13_000;

    /// <summary>What the compose file gives containers to become healthy, and as much again on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Bench Bench { get; } = new("deploy", "docker-compose.yml on a container engine: health, rights, an answer through the published port", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        Run(Path.Combine(BenchRun.RepositoryRoot(), "deploy", "make-secrets"));
        string[] services = [.. Compose("config", "--services").Where(service => service != "server-gpu")];
        string[] missing = [.. services.Where(service => !IsThere(service))];
        // Only Grafana is beside the line that is measured.
        if (missing.Any(service => service != "grafana"))
            throw new InvalidOperationException($"The images of {string.Join(", ", missing)} can neither be built nor pulled; see the variables in docker-compose.yml.");
        string[] started = [.. services.Except(missing)];
        try
        {
            BenchRun.Progress($"deploy: starting {string.Join(", ", started)}");
            long start = Stopwatch.GetTimestamp();
            Compose(["up", "-d", "--no-build", .. started]);
            await HealthyAsync(started, cancellation);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            using HttpClient client = Client();
            int right = await AnswersAsync(client, cancellation), cameras = await CamerasAsync(client, cancellation);
            var (up, well, rules) = await ScrapedAsync(cancellation);
            int roots = started.Count(RunsAsRoot);
            Compose("stop", "server");
            return
            [
                new("seconds_to_healthy", seconds, "s", null, string.Join(", ", started) + (missing.Length == 0 ? "" : $"; left out, because its image cannot be had: {string.Join(", ", missing)}")),
                new("containers_as_root", roots, "containers", Goal.AtMost(0), "by the users of their processes"),
                new("containers_with_writable_root", started.Count(service => Inspect(service, "{{.HostConfig.ReadonlyRootfs}}") != "true"), "containers", Goal.AtMost(0)),
                new("demo_answers_wrong", DemoQuestions().Count - right, "answers", Goal.AtMost(0), "asked through the published port"),
                new("cameras_remembered", cameras, "cameras", Goal.AtLeast(1), "with keyframes that outlive the server, in the Redis"),
                new("servers_scraped", up, "servers", Goal.AtLeast(1)),
                new("alert_rules_evaluated", well, "rules", Goal.AtLeast(Math.Max(1, rules))),
                new("exit_code", int.Parse(Inspect("server", "{{.State.ExitCode}}")), "", Goal.AtMost(0), "of the server when it is told to stop"),
            ];
        }
        finally
        {
            Compose("down", "-v");
        }
    }

    /// <summary>Whether the service's image is here, or can be built or pulled.</summary>
    private static bool IsThere(string service)
    {
        string image = Compose("config").SkipWhile(line => line != $"  {service}:").First(line => line.StartsWith("    image: ", StringComparison.Ordinal)).Split(": ", 2)[1];
        if (TryRun("docker", "image", "inspect", image))
            return true;
        BenchRun.Progress($"deploy: {image} is not here: building or pulling it");
        return TryRun("docker-compose", Arguments("build", service)) && TryRun("docker", "image", "inspect", image)
            || TryRun("docker-compose", Arguments("pull", service));
    }

    private static async Task HealthyAsync(string[] services, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (services.FirstOrDefault(service => Inspect(service, "{{.State.Health.Status}}") != "healthy") is { } service)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new InvalidOperationException($"{service} does not become healthy:\n{string.Join('\n', Compose("logs", "--tail=20", service))}");
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    /// <summary>How many of the demo film's questions are answered right.</summary>
    private static async Task<int> AnswersAsync(HttpClient client, CancellationToken cancellation)
    {
        byte[] film = await File.ReadAllBytesAsync(Path.Combine(BenchRun.RepositoryRoot(), "models", "scenes", "demo.mp4"), cancellation);
        HttpResponseMessage added = await client.PostAsync("/v1/files", new MultipartFormDataContent { { new ByteArrayContent(film), "file", "demo.mp4" } }, cancellation);
        JsonElement file = await added.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        string path = $"/v1/files/{file.GetProperty("id").GetString()}";
        while (file.GetProperty("state").GetString() is "queued" or "ingesting")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            file = await client.GetFromJsonAsync<JsonElement>(path, cancellation);
        }
        int right = 0;
        foreach (var (question, answer) in DemoQuestions())
        {
            HttpResponseMessage response = await client.PostAsJsonAsync($"{path}/ask", new { question }, cancellation);
            JsonElement said = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
            right += said.GetProperty("answer").GetString() == answer ? 1 : 0;
        }
        return right;
    }

    /// <summary>How many of the declared cameras have sent pictures that are stored.</summary>
    private static async Task<int> CamerasAsync(HttpClient client, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonElement streams = await client.GetFromJsonAsync<JsonElement>("/v1/streams", cancellation);
            JsonElement[] all = [.. streams.GetProperty("streams").EnumerateArray()];
            int stored = all.Count(stream => stream.GetProperty("durable_until").ValueKind != JsonValueKind.Null);
            if ((stored > 0 && stored == all.Length) || Stopwatch.GetElapsedTime(start) > Patience)
                return stored;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    /// <summary>How many servers Prometheus scrapes, and how many of its rules it evaluates without an error.</summary>
    private static async Task<(int Up, int Well, int Rules)> ScrapedAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{PrometheusPort}"), Timeout = Patience };
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonElement targets = await client.GetFromJsonAsync<JsonElement>("/api/v1/targets", cancellation), rules = await client.GetFromJsonAsync<JsonElement>("/api/v1/rules", cancellation);
            int up = targets.GetProperty("data").GetProperty("activeTargets").EnumerateArray()
                .Count(t => t.GetProperty("labels").GetProperty("job").GetString() == "streaming" && t.GetProperty("health").GetString() == "up");
            JsonElement[] all = [.. rules.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray())];
            int well = all.Count(r => r.GetProperty("health").GetString() == "ok");
            if ((up > 0 && well > 0 && well == all.Length) || Stopwatch.GetElapsedTime(start) > Patience)
                return (up, well, all.Length);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private static IReadOnlyList<(string Question, string Answer)> DemoQuestions()
    {
        using JsonDocument demo = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BenchRun.RepositoryRoot(), "models", "scenes", "demo.json")));
        return [.. demo.RootElement.EnumerateArray().Select(q => (q.GetProperty("question").GetString()!, q.GetProperty("answer").GetString()!))];
    }

    /// <summary>Through the published port, as an administrator.</summary>
    private static HttpClient Client() => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{Port}"),
        Timeout = Patience,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Secret("admin_key")) },
    };

    private static string Secret(string name) => File.ReadAllText(Path.Combine(BenchRun.RepositoryRoot(), "deploy", "secrets", name)).Trim();

    private static string Inspect(string service, string format) => Run("docker", "inspect", "-f", format, Container(service)).Single();

    private static bool RunsAsRoot(string service) =>
        Run("docker", "top", Container(service), "-eo", "pid,uid").Skip(1).Any(process => process.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == "0");

    private static string Container(string service) => Compose("ps", "-a", "-q", service).Single();

    private static string[] Arguments(params string[] arguments) => ["-p", "streaming-bench", .. arguments];

    private static string[] Compose(params string[] arguments) => Run("docker-compose", Arguments(arguments));

    private static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            Run(program, arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <returns>The lines of its output.</returns>
    private static string[] Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = BenchRun.RepositoryRoot(), RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, port) in new[] { ("STREAMING_PUBLISH", Port), ("PROMETHEUS_PUBLISH", PrometheusPort), ("GRAFANA_PUBLISH", GrafanaPort) })
            start.Environment[name] = $"127.0.0.1:{port}";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{program} cannot be run: a container engine with docker-compose is needed", e);
        }
    }
}
