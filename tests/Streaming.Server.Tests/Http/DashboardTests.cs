using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Streaming.Contracts;
using Streaming.Models.Onnx;
using Streaming.Pipelines.Tests;

namespace Streaming.Server.Tests.Http;

/// <summary>What the dashboards and the alert rules ask, put to a real Prometheus that scrapes the whole thing after some work.</summary>
public sealed partial class DashboardTests : IAsyncLifetime
{
    private static readonly string[] Boards = ["fleet", "stream"];

    private DemoServer _demo = null!;
    private PrometheusProgram _prometheus = null!;

    public async Task InitializeAsync()
    {
        _demo = await DemoServer.StartAsync(new BrightThingDetector(), new DeviceMemoryUse(6L << 30, 8L << 30));
        _prometheus = await PrometheusProgram.StartAsync(_demo.Server.Address);
        await _demo.PlayedAsync();
        await _demo.AskAsync(SourceName.Stream("demo"), "What happened in the picture?");
    }

    public async Task DisposeAsync()
    {
        await _prometheus.DisposeAsync();
        await _demo.DisposeAsync();
    }

    [Fact]
    public async Task Queries_of_every_panel_and_variable_find_series_of_a_live_server()
    {
        foreach (string board in Boards)
        {
            JsonNode dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Deployed($"grafana/dashboards/{board}.json")))!;
            string[] queries = [.. Queries(dashboard)];
            Assert.True(queries.Length > 20);
            foreach (string query in queries)
                await _prometheus.UntilAnySeriesAsync(WithVariables(query));
            foreach (Match values in Variables(dashboard).Select(query => LabelValues().Match(query)))
                Assert.All(await _prometheus.UntilAnySeriesAsync(WithVariables(values.Groups[1].Value)), labels => Assert.NotNull(labels[values.Groups[2].Value]));
        }
    }

    [Fact]
    public async Task Metrics_and_labels_that_alerts_and_runbooks_name_exist()
    {
        string rules = await File.ReadAllTextAsync(Deployed("prometheus/rules/streaming.yml"));
        string[] selectors = [.. Selector().Matches(rules).Select(match => match.Value).Distinct()];
        Assert.True(selectors.Length > 10);
        foreach (string selector in selectors)
        {
            string metric = selector.Split('{')[0];
            await _prometheus.UntilAnySeriesAsync(metric);
            foreach (Match label in LabelName().Matches(selector))
                await _prometheus.UntilAnySeriesAsync($"{metric}{{{label.Groups[1].Value}!=\"\"}}");
        }
    }

    private static string WithVariables(string query)
    {
        string whole = query.Replace("$__rate_interval", "1m").Replace("$instance", ".*").Replace("$stream", "demo");
        Assert.DoesNotContain('$', whole);
        return whole;
    }

    private static IEnumerable<string> Queries(JsonNode dashboard) =>
        from panel in dashboard["panels"]!.AsArray()
        from target in panel!["targets"]?.AsArray() ?? []
        select (string)target!["expr"]!;

    private static IEnumerable<string> Variables(JsonNode dashboard) =>
        from variable in dashboard["templating"]!["list"]!.AsArray()
        where (string)variable!["type"]! == "query"
        select (string)variable["definition"]!;

    private static string Deployed(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Streaming.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "deploy", path);
    }

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\b(?:streaming|http_server|dotnet)_[a-z0-9_]+(?:\{[^}]*\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@"[{,]\s*(\w+)(?:=|!)")]
    private static partial Regex LabelName();
}
