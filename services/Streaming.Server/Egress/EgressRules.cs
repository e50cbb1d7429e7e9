using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Streaming.Server.Egress;

/// <summary>Whom this server may call on behalf of somebody else. Pure: it is told the addresses of a name.</summary>
/// <param name="Networks">The operator's own networks, which may be called although they are not public, and without TLS.</param>
public sealed partial record EgressRules(IReadOnlyList<IPNetwork> Networks)
{
    /// <summary>As long as browsers and proxies take.</summary>
    private const int LongestUrl = 2048;

    /// <summary>Below this, ports belong to other protocols, which a request could be made to speak.</summary>
    private const int FirstFreePort = 1024;

    /// <summary>IANA, IPv4 Special-Purpose Address Registry (RFC 6890), and multicast.</summary>
    private static readonly IPNetwork[] Special4 = Parse(
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 " +
        "192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4");

    /// <summary>All that IANA has given out for global unicast (RFC 4291, 2.4); what embeds an IPv4 address elsewhere lies outside.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>IANA, IPv6 Special-Purpose Address Registry: protocols with Teredo, documentation, 6to4, AS112.</summary>
    private static readonly IPNetwork[] Special6 = Parse("2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20");

    /// <summary>Why this text cannot be called, in words that do not repeat it; null if it can as far as can be told without resolving its name.</summary>
    public string? Refuse(string url)
    {
        if (url.Length > LongestUrl)
            return $"has more than {LongestUrl} characters";
        Match match = Url().Match(url);
        if (!match.Success || !Uri.TryCreate(url, UriKind.Absolute, out Uri? target))
            return "has to be an http:// or https:// address with a host, without user, password, fragment, backslash or spaces";
        // Forms such as 2130706433, 0x7f.1 or 127.1 are one address here and another one, or a name, elsewhere.
        if (!target.Host.Equals(match.Groups["host"].Value, StringComparison.OrdinalIgnoreCase) && target.HostNameType != UriHostNameType.IPv6)
            return "has a host that programs read in different ways; write an IPv4 address as four decimal numbers";
        if (target.Port < FirstFreePort && !target.IsDefaultPort)
            return $"has a port that belongs to another protocol; use the scheme's own or one from {FirstFreePort} on";
        return IPAddress.TryParse(target.DnsSafeHost, out IPAddress? literal) ? Refuse(target, [literal]) : null;
    }

    /// <summary>Why a target cannot be called at these addresses, all that its name has; null if it can at each.</summary>
    public string? Refuse(Uri target, IReadOnlyList<IPAddress> addresses)
    {
        IPAddress[] others = [.. addresses.Select(Plain).Where(address => !Networks.Any(network => network.Contains(address)))];
        return addresses.Count == 0 ? "has a name without an address"
            : others.Any(address => !IsPublic(address)) ? "leads into a network that is not public; STREAMING_EGRESS lists those that may be called"
            : others.Length > 0 && target.Scheme != Uri.UriSchemeHttps ? "needs https://; plain http:// is for the networks of STREAMING_EGRESS"
            : null;
    }

    /// <summary>An IPv4 address that is written as an IPv6 one is that IPv4 address.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsPublic(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? !Special4.Any(network => network.Contains(address))
        : Global6.Contains(address) && !Special6.Any(network => network.Contains(address));

    private static IPNetwork[] Parse(string networks) => [.. networks.Split(' ').Select(text => IPNetwork.Parse(text))];

    [GeneratedRegex(@"\A(?i:https?)://(?<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\])(?::[1-9][0-9]{0,4})?(?:[/?][!""$-\[\]-~]*)?\z")]
    private static partial Regex Url();
}
