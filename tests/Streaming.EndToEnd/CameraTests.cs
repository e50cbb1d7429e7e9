using System.Text.Json;

namespace Streaming.EndToEnd;

/// <summary><c>ask rtsp://...</c> with a camera that really serves RTSP.</summary>
public sealed class CameraTests : IDisposable
{
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("")]
    [InlineData("?udp")]
    public async Task Ask_camera_is_watched_until_the_moment_asked_for(string transport)
    {
        using var camera = new Camera();
        var answer = await _cli.AskAsync(camera.Url + transport, "--to", "5");
        var frames = answer.GetProperty("frames");
        Assert.InRange(frames.GetProperty("sampled").GetInt64(), 3, 11); // Two a second, and fewer where a busy machine holds the camera up.
        Assert.InRange(frames.GetProperty("kept").GetInt64(), 1, frames.GetProperty("sampled").GetInt64());
        Assert.Equal("tiny-llava", answer.GetProperty("model").GetString());
        foreach (JsonElement citation in answer.GetProperty("citations").EnumerateArray())
        {
            Assert.InRange(citation.GetProperty("end_seconds").GetDouble(), 0, 5);
            Assert.True(File.Exists(citation.GetProperty("keyframe").GetString()));
        }
    }

    [Fact]
    public async Task Ask_camera_with_a_password_opens_for_the_right_one()
    {
        using var camera = new Camera("--user", "guard", "--password", "s3cret");
        var answer = await _cli.AskAsync(camera.Url.Replace("//", "//guard:s3cret@"), "--to", "1");
        Assert.DoesNotContain("s3cret", answer.ToString());
    }

    [Fact]
    public async Task Ask_camera_with_a_wrong_password_is_refused_in_one_line_without_it()
    {
        using var camera = new Camera("--user", "guard", "--password", "s3cret");
        var result = await _cli.RunAsync("ask", camera.Url.Replace("//", "//guard:gue55@"), "what is there?");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("refused the user name or password", Assert.Single(result.ErrorLines));
        Assert.DoesNotContain("gue55", result.Error);
    }

    public void Dispose() => _cli.Dispose();
}
