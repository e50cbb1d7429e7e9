using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Deployment.Tests;

/// <summary>The schema of the chart's values, checked by ajv as helm checks values by it.</summary>
public sealed partial class ValuesTests
{
    private static readonly string Schema = Path.Combine(Chart.Folder, "values.schema.json");

    /// <summary>Settings that the chart makes from other values, or that a container has no use for changing.</summary>
    private static readonly string[] Own =
    [
        "STREAMING_DATA", "STREAMING_LISTEN", "STREAMING_PORT", "STREAMING_DEVICE", "STREAMING_ADMIN_KEY", "STREAMING_VIEWER_KEY", "STREAMING_CAMERAS", "STREAMING_REDIS", "STREAMING_REMOTE_KEY", "STREAMING_CLUSTER", "STREAMING_CLUSTER_ADDRESS", "STREAMING_CLUSTER_MACHINE",
    ];

    [Fact]
    public async Task Values_of_the_chart_and_of_every_case_fit_the_schema()
    {
        JsonElement[] files = [.. await Task.WhenAll(Chart.Cases.Select(name => Path.Combine(Chart.Folder, "ci", name)).Append(Path.Combine(Chart.Folder, "values.yaml"))
            .Select(async file => (await Tool.YamlAsync(file))[0]))];
        string[][] errors = await Tool.ErrorsAsync(Schema, files);
        Assert.Equal(files.Length, errors.Length);
        Assert.Empty(errors.SelectMany(e => e));
    }

    [Fact]
    public async Task Values_that_are_wrong_are_refused_where_they_are()
    {
        (string Values, string Where)[] wrong =
        [
            ("""{"replica": 2}""", "replica"),
            ("""{"replicas": "two"}""", "/replicas"),
            ("""{"terminationGracePeriodSeconds": 24}""", "/terminationGracePeriodSeconds"),
            ("""{"settings": {"STREAMING_POLCY": "dtd"}}""", "STREAMING_POLCY"),
            ("""{"settings": {"STREAMING_RETAIN": 2}}""", "/settings/STREAMING_RETAIN"),
            ("""{"settings": {"STREAMING_LISTEN": "127.0.0.1"}}""", "STREAMING_LISTEN"),
            ("""{"keys": {"admin": "swordfish"}}""", "/keys/admin"),
            ("""{"image": {"digest": "latest"}}""", "/image/digest"),
            ("""{"cameras": [{"name": "door", "url": "http://camera"}]}""", "/cameras/0/url"),
            ("""{"cameras": [{"name": "door", "uri": "rtsp://camera"}]}""", "/cameras/0"),
            ("""{"persistence": {"size": "fifty"}}""", "/persistence/size"),
            ("""{"gpu": {"enabled": "yes"}}""", "/gpu/enabled"),
            ("""{"networkPolicy": {"cameras": {"ports": [0]}}}""", "/networkPolicy/cameras/ports/0"),
        ];
        string[][] errors = await Tool.ErrorsAsync(Schema, [.. wrong.Select(w => JsonDocument.Parse(w.Values).RootElement)]);
        foreach (var ((values, where), said) in wrong.Zip(errors))
            Assert.True(said.Any(e => e.Contains(where, StringComparison.Ordinal)), $"{values}: {string.Join(", ", said)}");
    }

    [Fact]
    public void Settings_of_the_schema_are_those_of_the_readme()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Schema));
        IEnumerable<string> known = schema.RootElement.GetProperty("properties").GetProperty("settings").GetProperty("properties").EnumerateObject().Select(p => p.Name);
        IEnumerable<string> told = TableRow().Matches(File.ReadAllText(Tool.At("README.md"))).Select(match => match.Groups[1].Value);
        Assert.Equal(told.Except(Own).Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `(STREAMING_\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
