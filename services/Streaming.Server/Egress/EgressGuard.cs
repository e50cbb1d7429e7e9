using System.Net;
using System.Net.Sockets;

namespace Streaming.Server.Egress;

/// <summary>
/// The one way out to addresses that somebody else named: a name is resolved once, each of its addresses is judged, and the connection
/// goes to those very addresses, so that no second look at the name can lead elsewhere. Proxies, which would resolve it themselves, and
/// redirects are not followed.
/// </summary>
/// <param name="resolve">The addresses of a name; null: the system's.</param>
public sealed class EgressGuard(EgressRules rules, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>A host across the world answers the third packet of its handshake within half a second; a lost packet costs one or three more.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>After this a name is resolved and judged anew.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    public EgressRules Rules => rules;

    /// <summary>A client all of whose connections pass this guard.</summary>
    /// <param name="timeout">For one request with its answer.</param>
    public HttpClient Client(TimeSpan timeout) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectCallback = async (context, cancellation) => await ConnectAsync(context.InitialRequestMessage.RequestUri!, context.DnsEndPoint, cancellation).ConfigureAwait(false),
    })
    { Timeout = timeout };

    /// <exception cref="EgressRefusedException">An address of the target is not one to call.</exception>
    private async Task<Stream> ConnectAsync(Uri target, DnsEndPoint endPoint, CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(endPoint.Host, out IPAddress? literal)
            ? [literal]
            : await _resolve(endPoint.Host, cancellation).ConfigureAwait(false);
        if ((rules.Refuse(target.OriginalString) ?? rules.Refuse(target, addresses)) is { } refusal)
            throw new EgressRefusedException($"the address {refusal}");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A connection that the egress rules do not allow; the message says why without repeating the address.</summary>
public sealed class EgressRefusedException(string message) : Exception(message);
