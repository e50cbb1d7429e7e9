namespace Streaming.EndToEnd;

public sealed class VerbTests : IDisposable
{
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("--help")]
    [InlineData("ask", "--help")]
    [InlineData("serve", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("models", "--help")]
    [InlineData("reduce", "--help")]
    [InlineData("models", "list", "--help")]
    public async Task Help_every_verb_explains_itself(params string[] arguments)
    {
        var result = await _cli.RunAsync(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Usage:", result.Output);
        Assert.DoesNotContain("decode ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_machine_that_runs_the_tests_is_well()
    {
        var result = await _cli.RunAsync("doctor");
        Assert.True(result.ExitCode == 0, result.Output);
        foreach (string part in (string[])["FFmpeg", "model", "GPU", "Redis", "port", "data"])
            Assert.Contains(part, result.Output);
    }

    [Fact]
    public async Task Doctor_missing_model_and_unwritable_data_are_said_with_what_to_do()
    {
        _cli.Variables["STREAMING_MODEL"] = "no-such-model";
        _cli.Variables["STREAMING_DATA"] = "/proc/nowhere";
        var result = await _cli.RunAsync("doctor");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("STREAMING_MODEL", result.Output);
        Assert.Contains("STREAMING_DATA", result.Output);
    }

    [Theory]
    [InlineData("STREAMING_THREADS", "many")]
    [InlineData("STREAMING_DEVICE", "toaster")]
    [InlineData("STREAMING_INNER_REDUCER", "some")]
    [InlineData("STREAMING_VISUAL_TOKENS", "0")]
    [InlineData("STREAMING_MEMORY_TOKENS", "2047")]
    public async Task Settings_wrong_one_stops_the_program_and_is_named(string name, string value)
    {
        _cli.Variables[name] = value;
        var result = await _cli.RunAsync("ask", await _cli.FilmAsync(), "what is there?");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(name, Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Models_list_names_the_model_in_use()
    {
        var result = await _cli.RunAsync("models", "list");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.NotEqual("", result.Output);
    }

    [Theory]
    [InlineData("sing")]
    [InlineData("ask")]
    public async Task Parse_verb_that_is_wrong_or_incomplete_fails(string verb)
    {
        var result = await _cli.RunAsync(verb);
        Assert.NotEqual(0, result.ExitCode);
        Assert.NotEqual("", result.Error);
    }

    public void Dispose() => _cli.Dispose();
}
