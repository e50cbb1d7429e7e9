using System.Diagnostics;
using System.Text.Json;

namespace Streaming.Deployment.Tests;

/// <summary>The programs that these tests run, and the repository that they look at.</summary>
internal static class Tool
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The folder that holds Streaming.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>This project's own folder.</summary>
    public static string Project { get; } = Path.Combine(Root, "tests", "Streaming.Deployment.Tests");

    public sealed record Result(int Code, string Output, string Error);

    /// <summary>A path of the repository, written with slashes.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>Runs a program in the repository's root to its end.</summary>
    /// <param name="input">What it reads on its standard input.</param>
    public static async Task<Result> RunAsync(string program, IEnumerable<string> arguments, string input = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Start(start);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token), error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new Result(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a script of the folder node.</summary>
    /// <returns>The JSON that it printed.</returns>
    public static async Task<JsonElement> NodeAsync(string script, IEnumerable<string> arguments, string input = "")
    {
        string folder = Path.Combine(Project, "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("the npm packages are not installed: run ./test once (npm ci --ignore-scripts in tests/Streaming.Deployment.Tests/node)");
        Result result = await RunAsync("node", [Path.Combine(folder, script), .. arguments], input);
        Assert.True(result.Code == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>The objects in a YAML file.</summary>
    public static async Task<JsonElement[]> YamlAsync(string path)
    {
        JsonElement files = await NodeAsync("yaml.mjs", [path]);
        return [.. files.GetProperty(path).EnumerateArray()];
    }

    /// <summary>What of <paramref name="objects"/> does not fit a schema, for each of them.</summary>
    /// <param name="schema">A file, or <c>compose</c>.</param>
    public static async Task<string[][]> ErrorsAsync(string schema, params JsonElement[] objects)
    {
        JsonElement errors = await NodeAsync("schema.mjs", [schema], JsonSerializer.Serialize(objects));
        return errors.Deserialize<string[][]>()!;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} cannot be run; ./test installs it (tests/apt-packages.txt)", e);
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Streaming.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No Streaming.sln above {AppContext.BaseDirectory}.");
    }
}
