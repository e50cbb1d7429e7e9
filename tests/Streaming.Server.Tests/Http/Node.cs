using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Streaming.Server.Tests.Http;

/// <summary>Scripts of the folder "node" beside these tests, run as programs of their own.</summary>
internal static class Node
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static string Folder { get; } = Path.Combine(FindProject(), "node");

    /// <summary>Runs a script to its end.</summary>
    /// <returns>The JSON object that it printed.</returns>
    public static async Task<JsonNode> RunAsync(string script, params string[] arguments)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            throw new InvalidOperationException("the npm packages are not installed: run ./test once (npm ci --ignore-scripts in tests/Streaming.Server.Tests/node)");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(patience.Token), error = node.StandardError.ReadToEndAsync(patience.Token);
            await node.WaitForExitAsync(patience.Token);
            Assert.True(node.ExitCode == 0, $"{script}: {await error}{await output}");
            return JsonNode.Parse(await output)!;
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }

    private static string FindProject()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Streaming.Server.Tests.csproj")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No Streaming.Server.Tests.csproj above {AppContext.BaseDirectory}.");
    }
}
