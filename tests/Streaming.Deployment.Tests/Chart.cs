using System.Text.Json;

namespace Streaming.Deployment.Tests;

/// <summary>The chart, and the renderer that is built for it once.</summary>
public sealed class Chart : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-chart-").FullName;

    public static string Folder { get; } = Tool.At("helm/streaming");

    /// <summary>The value files for the common cases, by name.</summary>
    public static IEnumerable<string> Cases { get; } = Directory.GetFiles(Path.Combine(Folder, "ci")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private string Renderer => Path.Combine(_folder, "render");

    public async Task InitializeAsync()
    {
        // Debian's packages of Go's libraries, so that nothing is fetched.
        var variables = new Dictionary<string, string> { ["GO111MODULE"] = "off", ["GOPATH"] = "/usr/share/gocode", ["GOFLAGS"] = "-buildvcs=false", ["GOTOOLCHAIN"] = "local" };
        string[] sources = Directory.GetFiles(Path.Combine(Tool.Project, "helm"), "*.go");
        Tool.Result built = await Tool.RunAsync("go", ["build", "-o", Renderer, .. sources], variables: variables);
        Assert.True(built.Code == 0, built.Error);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A file of values in YAML or JSON.</summary>
    public string Values(string text)
    {
        string file = Path.Combine(_folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    internal Task<Tool.Result> RenderAsync(params string[] arguments) => Tool.RunAsync(Renderer, [.. arguments, Folder]);

    /// <summary>Renders with a file of values.</summary>
    /// <returns>The file that holds the objects.</returns>
    internal async Task<string> RenderedAsync(params string[] arguments)
    {
        Tool.Result rendered = await RenderAsync(arguments);
        Assert.True(rendered.Code == 0, rendered.Error);
        return Values(rendered.Output);
    }

    /// <summary>The objects that come with these values.</summary>
    internal async Task<JsonElement[]> ObjectsAsync(string values, params string[] arguments) =>
        await Tool.YamlAsync(await RenderedAsync(["-values", Values(values), .. arguments]));
}
