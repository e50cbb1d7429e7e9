using System.Net;
using Streaming.Server.Http;

namespace Streaming.Server.Tests.Http;

public sealed class HttpSettingsTests
{
    [Fact]
    public void Settings_without_variables_are_the_loopback_and_8080()
    {
        HttpSettings settings = HttpSettings.FromVariables(_ => null);
        Assert.Equal((IPAddress.Loopback, 8080, 8L << 30, LogFormat.Text), (settings.Listen, settings.Port, settings.MaxUploadBytes, settings.Log));
    }

    [Fact]
    public void Settings_every_variable_is_read()
    {
        var variables = new Dictionary<string, string>
        {
            ["STREAMING_LISTEN"] = "::1",
            ["STREAMING_PORT"] = "9000",
            ["STREAMING_MAX_UPLOAD"] = "500m",
            ["STREAMING_LOG"] = "JSON",
        };
        HttpSettings settings = HttpSettings.FromVariables(variables.GetValueOrDefault);
        Assert.Equal((IPAddress.IPv6Loopback, 9000, 500L << 20, LogFormat.Json), (settings.Listen, settings.Port, settings.MaxUploadBytes, settings.Log));
    }

    [Theory]
    [InlineData("STREAMING_LISTEN", "*")]
    [InlineData("STREAMING_LISTEN", "1")]
    [InlineData("STREAMING_LISTEN", "example.org")]
    [InlineData("STREAMING_PORT", "-1")]
    [InlineData("STREAMING_PORT", "65536")]
    [InlineData("STREAMING_PORT", "http")]
    [InlineData("STREAMING_MAX_UPLOAD", "0")]
    [InlineData("STREAMING_MAX_UPLOAD", "8GB")]
    [InlineData("STREAMING_MAX_UPLOAD", "9999999999G")]
    [InlineData("STREAMING_LOG", "xml")]
    public void Settings_wrong_one_is_named(string name, string value)
    {
        var e = Assert.Throws<SettingException>(() => HttpSettings.FromVariables(variable => variable == name ? value : null));
        Assert.StartsWith($"{name} is \"{value}\", it has to be ", e.Message);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.168.0.7")]
    public void Listen_beyond_this_machine_takes_a_key(string address)
    {
        HttpSettings settings = HttpSettings.FromVariables(variable => variable == "STREAMING_LISTEN" ? address : null);
        settings.RequireKeyWhereOthersCall(hasKey: true);
        var e = Assert.Throws<SettingException>(() => settings.RequireKeyWhereOthersCall(hasKey: false));
        Assert.StartsWith($"STREAMING_LISTEN is \"{address}\", it has to be a loopback address", e.Message);
        new HttpSettings().RequireKeyWhereOthersCall(hasKey: false);
    }

    [Theory]
    [InlineData("STREAMING_ADMIN_KEY")]
    [InlineData("STREAMING_VIEWER_KEY")]
    public void Key_short_one_is_refused_and_not_shown(string name)
    {
        var e = Assert.Throws<SettingException>(() => HttpSettings.FromVariables(variable => variable == name ? "swordfish" : null));
        Assert.StartsWith(name, e.Message);
        Assert.DoesNotContain("swordfish", e.Message);
    }

    [Fact]
    public async Task Start_taken_port_is_said_in_one_line()
    {
        await using var first = await RunningServer.StartAsync(new FakeDirectory());
        var settings = new HttpSettings { Port = first.Address.Port };
        var e = await Assert.ThrowsAsync<IOException>(() => RunningServer.StartAsync(new FakeDirectory(), settings));
        Assert.Contains("STREAMING_PORT", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }
}
