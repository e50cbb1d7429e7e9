using System.Diagnostics;

namespace Streaming.Conventions.Tests;

/// <summary>The commands at the top of the repository, and what is said about them.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void Command_in_a_clone_is_executable(string command) => Assert.True(
        OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(Repository.Root, command)).HasFlag(UnixFileMode.UserExecute));

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void Command_script_is_valid_bash(string command) => Assert.Equal((0, ""), Run("bash", "-n", command));

    [Fact]
    public void RunCommand_with_help_lists_the_verbs()
    {
        var (code, text) = Run("bash", "run", "--help");
        Assert.Equal(0, code);
        Assert.Superset(new HashSet<string>(["serve", "ask", "doctor", "models", "bench", "world"]), ReadmeTests.VerbsIn(text));
    }

    [Fact]
    public void Format_of_every_source_needs_no_change()
    {
        var (code, text) = Run("dotnet", "format", "whitespace", ".", "--folder", "--verify-no-changes",
            "--exclude", "**/bin/", "**/obj/", "**/node_modules/");
        Assert.True(code == 0, text);
    }

    internal static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
