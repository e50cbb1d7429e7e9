using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Egress;

namespace Streaming.Server.Tests.Access.Oidc;

/// <summary>A small identity provider on the loopback: discovery, keys that can be changed, and tokens, also such as no provider would sign.</summary>
internal sealed class LocalIssuer : IDisposable
{
    public const string Audience = "streaming";

    private const string KeysPath = "/keys";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TimeProvider _clock;
    private int _asked;

    public LocalIssuer(TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = ServeAsync();
    }

    public string Address { get; }

    public RSA Rsa { get; private set; } = RSA.Create(2048);

    public ECDsa Curve { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; private set; } = "one";

    /// <summary>False: every request is answered with 503.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Its keys are told once this has completed.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>Keys that it tells besides its own.</summary>
    public List<JsonObject> OtherKeys { get; } = [];

    /// <summary>How often its keys were asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public HttpClient Client() => new EgressGuard(new EgressRules([IPNetwork.Parse("127.0.0.1/32")])).Client(TimeSpan.FromMinutes(1));

    public OidcSettings Settings(string? streamsClaim = null, string rolesClaim = OidcSettings.UsualRolesClaim) => new(Address, Audience, rolesClaim, streamsClaim);

    /// <summary>From now on another key signs.</summary>
    public void Rotate(string keyId) => (Rsa, KeyId) = (RSA.Create(2048), keyId);

    public JsonObject Header(string algorithm = "RS256") => new() { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = algorithm[0] == 'E' ? "curve" : KeyId };

    public JsonObject Claims(params string[] roles)
    {
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        return new() { ["iss"] = Address, ["aud"] = Audience, ["sub"] = "ann", ["iat"] = now, ["exp"] = now + 3600, ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) };
    }

    public string Token(JsonObject claims, JsonObject? header = null, RSA? key = null)
    {
        string signed = Unsigned(header ??= Header(), claims);
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        byte[] signature = (string?)header["alg"] switch
        {
            "PS256" => (key ?? Rsa).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => Curve.SignData(bytes, HashAlgorithmName.SHA256),
            _ => (key ?? Rsa).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>A token whose signature is a hash with a secret that everybody knows.</summary>
    public string Hashed(JsonObject claims, byte[] secret, string algorithm = "HS256")
    {
        string signed = Unsigned(Header(algorithm), claims);
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Unsigned(JsonObject header, JsonObject claims) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";

    public static JsonObject Public(RSA key, string id)
    {
        RSAParameters parts = key.ExportParameters(includePrivateParameters: false);
        return new() { ["kty"] = "RSA", ["kid"] = id, ["use"] = "sig", ["n"] = Base64Url.EncodeToString(parts.Modulus), ["e"] = Base64Url.EncodeToString(parts.Exponent) };
    }

    public void Dispose()
    {
        _listener.Dispose();
        Rsa.Dispose();
        Curve.Dispose();
    }

    private JsonObject Keys()
    {
        ECParameters parts = Curve.ExportParameters(includePrivateParameters: false);
        var curve = new JsonObject { ["kty"] = "EC", ["kid"] = "curve", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(parts.Q.X), ["y"] = Base64Url.EncodeToString(parts.Q.Y) };
        return new() { ["keys"] = new JsonArray([Public(Rsa, KeyId), curve, .. OtherKeys.Select(key => key.DeepClone())]) };
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient caller = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(caller.GetStream(), Encoding.ASCII);
                string path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
                while (await reader.ReadLineAsync() is { Length: > 0 })
                    continue;
                string body = Answer(path);
                if (path == KeysPath)
                    await Held;
                await caller.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {(IsUp ? "200 OK" : "503 Service Unavailable")}\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private string Answer(string path)
    {
        if (path == KeysPath)
        {
            Interlocked.Increment(ref _asked);
            return Keys().ToJsonString();
        }
        return new JsonObject { ["issuer"] = Address, ["jwks_uri"] = Address + KeysPath }.ToJsonString();
    }
}
