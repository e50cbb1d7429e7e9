namespace Streaming.Server.Tests;

public sealed class SettingVariablesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_file_gives_its_content_without_the_lines_end()
    {
        File.WriteAllText(_file, "a secret of many words\n");
        Assert.Equal("a secret of many words", Read(("STREAMING_X_FILE", _file)));
    }

    [Fact]
    public void Read_variable_alone_is_as_it_is()
    {
        Assert.Equal(" 7 ", Read(("STREAMING_X", " 7 ")));
        Assert.Equal("7", Read(("STREAMING_X", "7"), ("STREAMING_X_FILE", "")));
        Assert.Null(Read());
    }

    [Fact]
    public void Read_both_set_is_refused_without_the_value()
    {
        var e = Assert.Throws<SettingException>(() => Read(("STREAMING_X", "swordfish"), ("STREAMING_X_FILE", _file)));
        Assert.StartsWith("STREAMING_X and STREAMING_X_FILE ", e.Message);
        Assert.DoesNotContain("swordfish", e.Message);
    }

    [Fact]
    public void Read_missing_file_is_named()
    {
        var e = Assert.Throws<SettingException>(() => Read(("STREAMING_X_FILE", _file + ".none")));
        Assert.StartsWith("STREAMING_X_FILE is ", e.Message);
    }

    private static string? Read(params (string Name, string Value)[] variables) =>
        SettingVariables.Read("STREAMING_X", variables.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault);
}
