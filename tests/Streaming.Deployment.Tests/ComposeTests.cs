using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Deployment.Tests;

public sealed partial class ComposeTests : IAsyncLifetime
{
    private JsonElement _file;

    public async Task InitializeAsync() => _file = (await Tool.YamlAsync(Tool.At("docker-compose.yml")))[0];

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ComposeFile_fits_the_compose_specification()
    {
        JsonElement wrong = JsonDocument.Parse("""{"services": {"a": {"image": "a", "portz": []}}}""").RootElement;
        string[][] errors = await Tool.ErrorsAsync("compose", _file, wrong);
        Assert.Empty(errors[0]);
        Assert.NotEmpty(errors[1]);
    }

    [Fact]
    public void Service_of_every_name_has_no_rights_and_bounded_resources()
    {
        foreach (var (name, service) in Services())
        {
            Assert.True(service.GetProperty("read_only").GetBoolean(), name);
            Assert.Matches(@"^[1-9]\d*:[1-9]\d*$", service.GetProperty("user").GetString());
            Assert.Equal("ALL", Assert.Single(service.GetProperty("cap_drop").EnumerateArray()).GetString());
            Assert.Contains("no-new-privileges:true", service.GetProperty("security_opt").ToString());
            foreach (string bound in (string[])["cpus", "mem_limit", "pids_limit"])
                Assert.True(service.TryGetProperty(bound, out _), $"{name}: {bound}");
        }
    }

    [Fact]
    public void Port_of_every_service_is_this_machines_unless_somebody_says_otherwise() => Assert.All(
        from service in Services()
        where service.Value.TryGetProperty("ports", out _)
        from port in service.Value.GetProperty("ports").EnumerateArray()
        select port.GetString()!,
        port => Assert.Matches(@"^\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$", port));

    [Fact]
    public void Image_of_every_service_is_a_variable_with_an_exact_version() => Assert.All(
        Services(), service => Assert.Matches(@"^\$\{\w+:-[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*\}$", service.Value.GetProperty("image").GetString()));

    [Fact]
    public void Service_of_every_name_has_a_health_check()
    {
        foreach (var (name, service) in Services())
        {
            bool has = service.TryGetProperty("healthcheck", out _)
                || (service.TryGetProperty("build", out JsonElement build) && File.ReadAllText(Tool.At(build.GetProperty("dockerfile").GetString()!)).Contains("\nHEALTHCHECK "));
            Assert.True(has, name);
        }
    }

    [Fact]
    public void Secret_of_the_compose_file_is_made_by_the_script_and_in_no_variable()
    {
        string script = File.ReadAllText(Tool.At("deploy/make-secrets"));
        foreach (JsonProperty secret in _file.GetProperty("secrets").EnumerateObject())
            Assert.Contains($"keep {secret.Name} ", script);
        Assert.DoesNotContain(".env", script);
        Assert.DoesNotMatch(@"(?i)(password|key|secret)\s*=", File.ReadAllText(Tool.At(".env")));
    }

    [Fact]
    public void Grace_of_a_server_is_longer_than_it_takes_to_drain() => Assert.All(
        Services().Where(service => service.Name.StartsWith("server", StringComparison.Ordinal)),
        service => Assert.Equal("30s", service.Value.GetProperty("stop_grace_period").GetString()));

    [Theory]
    [InlineData("deploy/server.Dockerfile")]
    [InlineData("deploy/camera.Dockerfile")]
    public void Dockerfile_starts_from_arguments_with_exact_versions_that_compose_passes_on(string path)
    {
        string text = File.ReadAllText(Tool.At(path));
        Dictionary<string, string> arguments = Argument().Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        string[] stages = [.. From().Matches(text).Select(match => match.Groups[2].Value)];
        Assert.All(From().Matches(text), from => Assert.True(
            stages.Contains(from.Groups[1].Value) || (Regex.Match(from.Groups[1].Value, @"^\$\{(\w+)\}$") is { Success: true } name && arguments.ContainsKey(name.Groups[1].Value)), from.Value));
        Assert.All(arguments.Where(a => a.Key.EndsWith("_IMAGE", StringComparison.Ordinal)), argument =>
        {
            Assert.Matches(@"^[\w./-]+:\d+\.\d+(\.\d+)?[\w.-]*$", argument.Value);
            Assert.Contains($"${{{argument.Key}:-{argument.Value}}}", File.ReadAllText(Tool.At("docker-compose.yml")));
        });
        Assert.Matches(@"\nUSER [1-9]\d*:[1-9]\d*\n", text);
    }

    private IEnumerable<(string Name, JsonElement Value)> Services() => _file.GetProperty("services").EnumerateObject().Select(s => (s.Name, s.Value));

    [GeneratedRegex(@"^ARG (\w+)=(\S+)$", RegexOptions.Multiline)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^FROM (\S+)(?: AS (\S+))?$", RegexOptions.Multiline)]
    private static partial Regex From();
}
