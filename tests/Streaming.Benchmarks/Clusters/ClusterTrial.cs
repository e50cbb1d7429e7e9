using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streaming.Faults;
using Streaming.Server.Tests.Store;

namespace Streaming.Benchmarks.Clusters;

/// <summary>Servers of one cluster as their operator starts them: processes of their own over one folder and one real Redis, all on this machine.</summary>
internal sealed partial class ClusterTrial : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-cluster-").FullName;
    private readonly List<ServedProgram> _servers = [];
    private int _started;

    public RedisServer Redis { get; } = new("--appendfsync", "everysec");

    public IReadOnlyList<ServedProgram> Servers => _servers;

    /// <summary>One more server joins.</summary>
    public async Task<ServedProgram> StartAsync()
    {
        var serve = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streaming"), ["serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        serve.Environment["STREAMING_DATA"] = Path.Combine(_folder, "data");
        serve.Environment["STREAMING_PORT"] = FreePort();
        serve.Environment["STREAMING_REDIS"] = Redis.Url;
        serve.Environment["STREAMING_CLUSTER"] = "bench";
        serve.Environment["STREAMING_CLUSTER_ADDRESS"] = $"127.0.0.1:{FreePort()}";
        serve.Environment["STREAMING_CLUSTER_MACHINE"] = $"machine-{++_started}";
        serve.Environment["STREAMING_PERCEPTION"] = "off";
        serve.Environment["STREAMING_STREAMS"] = "100";
        serve.Environment["STREAMING_THREADS"] = "1";
        serve.Environment["STREAMING_KEY_REQUESTS"] = "0";
        ServedProgram server = await ServedProgram.StartAsync(serve);
        _servers.Add(server);
        return server;
    }

    public async Task KillAsync(ServedProgram server)
    {
        _servers.Remove(server);
        await server.KillAsync();
        await server.DisposeAsync();
    }

    /// <summary>All streams, as a server tells.</summary>
    public static async Task<IReadOnlyList<JsonElement>> StreamsAsync(ServedProgram server) => [.. (await server.GetAsync("/v1/streams")).GetProperty("streams").EnumerateArray()];

    /// <summary>Names of the streams that a server runs, by what its own metrics are about.</summary>
    public static async Task<IReadOnlySet<string>> RunByAsync(ServedProgram server) =>
        StreamLabel().Matches(await server.Client.GetStringAsync("/metrics")).Select(match => match.Groups["stream"].Value).ToHashSet(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (ServedProgram server in _servers)
            await server.DisposeAsync();
        Redis.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"^streaming_stream_\w+\{[^}]*stream=""(?<stream>[^""]+)""", RegexOptions.Multiline)]
    private static partial Regex StreamLabel();

    private static string FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
