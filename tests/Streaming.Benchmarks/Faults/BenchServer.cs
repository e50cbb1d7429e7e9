using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Streaming.Faults;

namespace Streaming.Benchmarks.Faults;

/// <summary>The server as its user starts it, on a data folder and a port of this bench's own, with the shipped model.</summary>
internal sealed class BenchServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-faults-").FullName;
    private readonly int _port = FreePort();
    private readonly bool _perceives;

    /// <param name="perceives">Whether pictures are looked at for things.</param>
    public BenchServer(bool perceives) => _perceives = perceives;

    /// <summary>What each stream remembers at most; null: the server's default.</summary>
    public int? MemoryTokens { get; init; }

    /// <summary>Always on the same data folder and the same port, which is part of what a kill must not leave taken.</summary>
    public Task<ServedProgram> StartAsync()
    {
        var serve = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streaming"), ["serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        serve.Environment["STREAMING_DATA"] = Path.Combine(_folder, "data");
        serve.Environment["STREAMING_PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        serve.Environment["STREAMING_PERCEPTION"] = _perceives ? "on" : "off";
        serve.Environment["STREAMING_STREAMS"] = "1000";
        if (MemoryTokens is { } tokens)
            serve.Environment["STREAMING_MEMORY_TOKENS"] = tokens.ToString(CultureInfo.InvariantCulture);
        serve.Environment["STREAMING_KEY_REQUESTS"] = "0";
        return ServedProgram.StartAsync(serve);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
