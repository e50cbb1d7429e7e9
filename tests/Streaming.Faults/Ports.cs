using System.Net;
using System.Net.Sockets;

namespace Streaming.Faults;

/// <summary>Ports for programs whose address has to be known before they listen, or has to stay the same while they do not.</summary>
public static class Ports
{
    // Below 32768, from where on Linux hands out ports by itself (ip_local_port_range): nobody else gets one of these by asking for any.
    private const int First = 20_000, End = 32_768;

    /// <summary>A port that nobody on the loopback listens on.</summary>
    public static int Free()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, End);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody listens there.
            }
        }
    }
}
