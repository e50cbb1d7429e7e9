using System.Globalization;
using System.Net;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;

namespace Streaming.Server.Http;

/// <summary>How log lines are written.</summary>
public enum LogFormat { Text, Json }

/// <summary>What an operator may set of the HTTP server. Each has an environment variable; the README's table lists them.</summary>
public sealed record HttpSettings
{
    /// <summary>As many characters as 128 bits take in hexadecimal: shorter secrets can be guessed.</summary>
    private const int ShortestKey = 32;

    /// <summary>STREAMING_LISTEN: a loopback address, or any other as soon as there is a key to ask callers for.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>STREAMING_ADMIN_KEY: an administrator's key beside those of the keys verb, for where secrets come from outside; null: none.</summary>
    public string? AdminKey { get; init; }

    /// <summary>STREAMING_VIEWER_KEY: a viewer's key of the same kind, such as that of the Prometheus that reads /metrics; null: none.</summary>
    public string? ViewerKey { get; init; }

    /// <summary>STREAMING_OIDC_ISSUER and what belongs to it: an identity provider whose tokens let in; null: none.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>STREAMING_KEY_REQUESTS, _TOKENS, _SECONDS: what each caller may take whose key says nothing else. The default of a hundred requests a second is no limit for people, and one for a loop gone wild.</summary>
    public CallerLimits Limits { get; init; } = new(RequestsPerMinute: 6000);

    /// <summary>STREAMING_STREAM_TOKENS, _SECONDS: what all callers together may have answered about one stream or film.</summary>
    public CallerLimits SourceLimits { get; init; } = CallerLimits.None;

    /// <summary>STREAMING_PORT: 0 takes a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>STREAMING_MAX_UPLOAD: the largest film that is taken, in bytes. The default holds two hours at 9 Mbit/s.</summary>
    public long MaxUploadBytes { get; init; } = 8L << 30;

    /// <summary>STREAMING_LOG: text or json.</summary>
    public LogFormat Log { get; init; } = LogFormat.Text;

    /// <summary>A silent event stream gets a comment this often, well within the 30 to 60 s after which proxies give a connection up.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whoever follows events comes back after this with the last id they saw, and shows their key anew: one that was taken away ends here.</summary>
    public TimeSpan Follow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Requests in flight have this long to end when the server is told to stop.</summary>
    public TimeSpan ShutdownDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="SettingException">A variable holds what it cannot mean.</exception>
    public static HttpSettings FromEnvironment() => FromVariables(SettingVariables.Read);

    /// <param name="variable">The value of a variable; null where it is not set.</param>
    /// <exception cref="SettingException">A variable holds what it cannot mean.</exception>
    public static HttpSettings FromVariables(Func<string, string?> variable)
    {
        var settings = new HttpSettings();
        Read("STREAMING_LISTEN", "an address of this machine such as 127.0.0.1 or 0.0.0.0",
            text => AddressOf(text) is { } address ? settings with { Listen = address } : null);
        settings = settings with { AdminKey = Secret("STREAMING_ADMIN_KEY"), ViewerKey = Secret("STREAMING_VIEWER_KEY") };
        var read = new SettingReader(variable);
        settings = settings with
        {
            Oidc = read.Oidc(),
            Limits = new CallerLimits(
                read.Number("STREAMING_KEY_REQUESTS", 0, int.MaxValue), read.Number("STREAMING_KEY_TOKENS", 0, int.MaxValue), read.Number("STREAMING_KEY_SECONDS", 0, int.MaxValue)).Or(settings.Limits),
            SourceLimits = new CallerLimits(null, read.Number("STREAMING_STREAM_TOKENS", 0, int.MaxValue), read.Number("STREAMING_STREAM_SECONDS", 0, int.MaxValue)),
        };
        Read("STREAMING_PORT", "a port from 0 to 65535, where 0 takes a free one",
            text => PortOf(text) is { } port ? settings with { Port = port } : null);
        Read("STREAMING_MAX_UPLOAD", SizeText.Expected,
            text => SizeText.Parse(text) is { } size ? settings with { MaxUploadBytes = size } : null);
        Read("STREAMING_LOG", "text or json",
            text => FormatOf(text) is { } format ? settings with { Log = format } : null);
        return settings;

        string? Secret(string name) => variable(name) switch
        {
            null or "" => null,
            { Length: < ShortestKey } => throw new SettingException(name, "(not shown)", $"a secret of at least {ShortestKey} characters"),
            var key => key,
        };

        void Read(string name, string expected, Func<string, HttpSettings?> with)
        {
            if (variable(name) is { Length: > 0 } text)
                settings = with(text.Trim()) ?? throw new SettingException(name, text, expected);
        }
    }

    /// <exception cref="SettingException">Others than this machine could call, and nobody would be asked for a key.</exception>
    public void RequireKeyWhereOthersCall(bool hasKey)
    {
        if (!hasKey && Oidc is null && !IPAddress.IsLoopback(Listen))
            throw new SettingException("STREAMING_LISTEN", $"{Listen}", "a loopback address such as 127.0.0.1 until there is a key that callers show: ./run keys add NAME --role admin");
    }

    private static IPAddress? AddressOf(string text)
    {
        if (text == "localhost")
            return IPAddress.Loopback;
        // "1" would be 0.0.0.1: an address is written whole.
        return text.AsSpan().ContainsAny(".:") && IPAddress.TryParse(text, out IPAddress? address) ? address : null;
    }

    private static int? PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort ? port : null;

    private static LogFormat? FormatOf(string text) => text.ToLowerInvariant() switch
    {
        "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => null,
    };
}
