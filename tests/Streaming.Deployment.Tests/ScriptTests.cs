using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Deployment.Tests;

/// <summary>The shell scripts of deploy/.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-scripts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("200 OK", 0)]
    [InlineData("503 Service Unavailable", 1)]
    public async Task Probe_succeeds_only_if_the_answer_is_200(string status, int code)
    {
        var (result, asked) = await ProbeAsync(status);
        Assert.Equal(code, result.Code);
        Assert.Contains(status[..3], result.Output);
        Assert.StartsWith("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:", asked);
        Assert.DoesNotContain("Authorization", asked);
    }

    [Fact]
    public async Task Probe_shows_the_key_that_a_file_holds()
    {
        string file = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(file, "stk_of_somebody\n");
        var (result, asked) = await ProbeAsync("200 OK", ("PROBE_KEY_FILE", file));
        Assert.Equal(0, result.Code);
        Assert.Contains("\r\nAuthorization: Bearer stk_of_somebody\r\n", asked);
    }

    [Fact]
    public async Task Probe_without_a_server_fails()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        Assert.NotEqual(0, (await Tool.RunAsync(Tool.At("deploy/probe"), ["/readyz", "127.0.0.1", $"{port}"])).Code);
    }

    [Fact]
    public async Task MakeSecrets_makes_each_once_for_its_owner_and_the_containers()
    {
        string script = Path.Combine(_folder, "make-secrets");
        File.Copy(Tool.At("deploy/make-secrets"), script);
        Assert.Equal(0, (await Tool.RunAsync(script, [])).Code);
        Dictionary<string, string> first = Secrets();
        Assert.Equal(["admin_key", "grafana_password", "redis_password", "redis_url", "viewer_key"], first.Keys.Order(StringComparer.Ordinal));
        Assert.All(first.Values, secret => Assert.True(secret.Length > 40));
        Assert.Equal(first.Count, first.Values.Distinct().Count());
        Assert.Contains(first["redis_password"], first["redis_url"]);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "secrets")));
        Assert.Equal(0, (await Tool.RunAsync(script, [])).Code);
        Assert.Equal(first, Secrets());
    }

    private Dictionary<string, string> Secrets() =>
        Directory.GetFiles(Path.Combine(_folder, "secrets")).ToDictionary(file => Path.GetFileName(file), file => File.ReadAllText(file).Trim());

    /// <summary>Runs the probe against a server that answers once.</summary>
    private static async Task<(Tool.Result Result, string Asked)> ProbeAsync(string status, params (string Name, string Value)[] variables)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<Tool.Result> probe = Tool.RunAsync(
            Tool.At("deploy/probe"), ["/readyz", "127.0.0.1", $"{((IPEndPoint)listener.LocalEndpoint).Port}"], variables: variables.ToDictionary(v => v.Name, v => v.Value));
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var asked = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            asked.Append(line).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        return (await probe, asked.ToString());
    }
}
