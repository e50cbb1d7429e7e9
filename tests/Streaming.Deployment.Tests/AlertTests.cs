using System.Text.Json;

namespace Streaming.Deployment.Tests;

/// <summary>The alert rules, put to Prometheus' own tester.</summary>
public sealed class AlertTests
{
    private static readonly string Rules = Tool.At("deploy/prometheus/rules/streaming.yml");

    private static readonly string[] Cases = Directory.GetFiles(Path.Combine(Tool.Project, "promtool"), "*.yml");

    [Fact]
    public async Task Alerts_fire_when_they_should_and_not_when_it_is_close()
    {
        Tool.Result result = await Tool.RunAsync("promtool", ["test", "rules", .. Cases]);
        Assert.True(result.Code == 0, result.Output + result.Error);
        Assert.Equal(Cases.Length, result.Output.Split("SUCCESS").Length - 1);
    }

    [Fact]
    public async Task Configuration_of_prometheus_is_one_it_takes()
    {
        Tool.Result result = await Tool.RunAsync("promtool", ["check", "config", "--syntax-only", Tool.At("deploy/prometheus/prometheus.yml")]);
        Assert.True(result.Code == 0, result.Output + result.Error);
    }

    [Fact]
    public async Task Alert_of_every_name_says_what_to_do_and_is_tested()
    {
        string tested = string.Concat(Cases.Select(File.ReadAllText));
        JsonElement[] alerts = [.. (await Tool.YamlAsync(Rules))[0].GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
        Assert.NotEmpty(alerts);
        foreach (JsonElement alert in alerts)
        {
            string name = alert.GetProperty("alert").GetString()!;
            JsonElement told = alert.GetProperty("annotations");
            Assert.Contains($"alertname=\"{name}\"", tested);
            Assert.Contains(alert.GetProperty("labels").GetProperty("severity").GetString(), (string[])["critical", "warning", "info"]);
            Assert.False(string.IsNullOrWhiteSpace(told.GetProperty("summary").GetString()), name);
            Assert.Contains("1. ", told.GetProperty("runbook").GetString());
        }
    }
}
