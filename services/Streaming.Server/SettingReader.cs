using System.Globalization;
using System.Net;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Models.Onnx;
using Streaming.Models.OpenAI;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Clustering;
using Streaming.Server.Store;
using Streaming.Server.Streams;

namespace Streaming.Server;

/// <summary>Reads environment variables as what they mean; one that is empty or missing is null.</summary>
/// <param name="variable">The value of a variable; null where it is not set.</param>
/// <remarks>Every method throws a <see cref="SettingException"/> that names the variable where it holds what it cannot mean.</remarks>
internal sealed class SettingReader(Func<string, string?> variable)
{
    internal string? Text(string name) => variable(name) is { Length: > 0 } value ? value : null;

    internal int? Number(string name, int least, int most) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, out int number) && number >= least && number <= most => number,
        var text => throw new SettingException(name, text, $"a whole number from {least} to {most}"),
    };

    internal long? Size(string name) => Text(name) is { } text ? SizeText.Parse(text) ?? throw new SettingException(name, text, SizeText.Expected) : null;

    internal bool? Switch(string name) => Text(name) switch
    {
        null => null,
        "on" => true,
        "off" => false,
        var text => throw new SettingException(name, text, "on or off"),
    };

    internal string? Policy(string name) => Text(name) is not { } policy || Reducers.Policies.Contains(policy)
        ? Text(name)
        : throw new SettingException(name, policy, $"one of {string.Join(", ", Reducers.Policies)}");

    internal double? Share(string name) => Text(name) switch
    {
        null => null,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 1 => share,
        var text => throw new SettingException(name, text, "a number above 0 and up to 1"),
    };

    internal IPNetwork[]? Networks(string name) => Text(name)?.Split(',', StringSplitOptions.TrimEntries).Select(text => IPNetwork.TryParse(text, out IPNetwork network)
        ? network
        : throw new SettingException(name, text, "networks separated by commas, such as 10.1.0.0/16,fd00::/8,127.0.0.1/32")).ToArray();

    internal InnerReducer? Inner(string name) => Text(name) switch
    {
        null => null,
        var text when InnerReducer.Names.Contains(text) => InnerReducer.Named(text),
        var text => throw new SettingException(name, text, $"one of {string.Join(", ", InnerReducer.Names)}"),
    };

    internal (ExecutionDevice Kind, int Number)? Device(string name) => Text(name)?.ToLowerInvariant() switch
    {
        null => null,
        "cpu" => (ExecutionDevice.Cpu, 0),
        "cuda" => (ExecutionDevice.Cuda, 0),
        var text when text.StartsWith("cuda:", StringComparison.Ordinal) && byte.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out byte number) => (ExecutionDevice.Cuda, number),
        var text => throw new SettingException(name, text, "cpu, cuda or cuda:N"),
    };

    internal OidcSettings? Oidc()
    {
        if (Text("STREAMING_OIDC_ISSUER") is not { } issuer)
            return null;
        if (!IsServer(issuer))
            throw new SettingException("STREAMING_OIDC_ISSUER", issuer, "the https:// address of an identity provider, exactly as its tokens name it");
        return new OidcSettings(
            issuer, Text("STREAMING_OIDC_AUDIENCE") ?? throw new SettingException("STREAMING_OIDC_AUDIENCE", "", "what the provider's tokens for this server are meant for"),
            Text("STREAMING_OIDC_ROLES") ?? OidcSettings.UsualRolesClaim, Text("STREAMING_OIDC_STREAMS"));
    }

    internal RemoteOptions? Remote() => Text("STREAMING_REMOTE") switch
    {
        null => null,
        var text when IsServer(text) =>
            new RemoteOptions(new Uri(text), Text("STREAMING_REMOTE_MODEL") ?? throw new SettingException("STREAMING_REMOTE_MODEL", "", "the name by which the server knows its model"))
            {
                Key = Text("STREAMING_REMOTE_KEY"),
                MostFrames = Number("STREAMING_REMOTE_FRAMES", 1, 1000) ?? 16,
            },
        var text => throw new SettingException("STREAMING_REMOTE", text, "an http:// or https:// address such as http://127.0.0.1:8000/v1"),
    };

    internal PictureQuota Pictures(PictureQuota defaults) => new()
    {
        Keyframes = Number("STREAMING_KEYFRAMES", 1, 1_000_000) ?? defaults.Keyframes,
        Age = Number("STREAMING_PICTURE_DAYS", 1, 36_500) is { } days ? TimeSpan.FromDays(days) : defaults.Age,
        SizeBytes = Size("STREAMING_PICTURE_SIZE") ?? defaults.SizeBytes,
    };

    internal RedisAddress? Redis()
    {
        if (Text("STREAMING_REDIS") is not { } text)
            return null;
        int days = Number("STREAMING_REDIS_DAYS", 0, 36_500) ?? 30;
        var address = RedisAddress.Parse("STREAMING_REDIS", text, Text("STREAMING_REDIS_PREFIX") ?? "streaming", days > 0 ? TimeSpan.FromDays(days) : null);
        return Text("STREAMING_REDIS_CA") is { } authorities ? address with { Authorities = RedisAddress.ReadAuthorities("STREAMING_REDIS_CA", authorities) } : address;
    }

    internal ClusterSettings? Cluster()
    {
        if (Text("STREAMING_CLUSTER") is not { } id)
            return null;
        if (!ClusterSettings.IsName(id))
            throw new SettingException("STREAMING_CLUSTER", id, "the cluster's name: 1 to 64 letters, digits, dots, dashes and underscores");
        if (Text("STREAMING_REDIS") is null)
            throw new SettingException("STREAMING_REDIS", "", "the Redis that all servers of the cluster reach, because STREAMING_CLUSTER is set");
        string address = Text("STREAMING_CLUSTER_ADDRESS") ?? "";
        if (!IPEndPoint.TryParse(address, out IPEndPoint? endpoint) || endpoint.Port == 0 || endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any))
            throw new SettingException("STREAMING_CLUSTER_ADDRESS", address, "the address and port where the other servers reach this one, such as 10.1.2.3:11111");
        string machine = Text("STREAMING_CLUSTER_MACHINE") ?? Environment.MachineName;
        return ClusterSettings.IsName(machine)
            ? new ClusterSettings(id, endpoint, machine)
            : throw new SettingException("STREAMING_CLUSTER_MACHINE", machine, "this server's own name in the cluster: 1 to 64 letters, digits, dots, dashes and underscores");
    }

    private static bool IsServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 };
}
