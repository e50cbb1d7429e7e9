using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Streaming.Attacks.Media;

/// <summary>Sockets on the loopback that nobody has a reason to speak to.</summary>
public sealed class Listeners : IDisposable
{
    private readonly TcpListener[] _tcp = [.. Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
    private readonly UdpClient _udp = new(new IPEndPoint(IPAddress.Loopback, 0));

    public Listeners()
    {
        foreach (TcpListener listener in _tcp)
            listener.Start();
    }

    /// <summary>As a playlist would name them.</summary>
    public IReadOnlyList<string> Addresses =>
    [
        $"http://127.0.0.1:{PortOf(0)}/film.ts", $"http://localhost:{PortOf(0)}/film.ts", $"rtsp://127.0.0.1:{PortOf(1)}/film", $"tcp://127.0.0.1:{PortOf(2)}", $"ftp://127.0.0.1:{PortOf(2)}/film.ts",
        $"udp://127.0.0.1:{((IPEndPoint)_udp.Client.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}",
    ];

    /// <summary>Somebody has connected or sent something.</summary>
    public bool Heard => _tcp.Any(listener => listener.Pending()) || _udp.Available > 0;

    public void Dispose()
    {
        foreach (TcpListener listener in _tcp)
            listener.Dispose();
        _udp.Dispose();
    }

    private string PortOf(int listener) => ((IPEndPoint)_tcp[listener].LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
}
