using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Attacks.Access;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Http;
using Streaming.Server.Http.Metrics;
using Streaming.Server.Tests.Access.Oidc;
using Streaming.Server.Tests.Http;

namespace Streaming.Benchmarks.Security;

/// <summary>The HTTP server over a directory that answers at once, with keys, an identity provider, and somebody of each kind at the door.</summary>
internal sealed class GuardedPremises : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-security-").FullName;
    private readonly FakeDirectory _directory = new();
    private readonly LocalIssuer _provider = new();
    private readonly MetricsCollector _metrics = new();
    private readonly HttpClient _http;
    private readonly HttpServer _server;

    private GuardedPremises(bool hasKeys)
    {
        _http = _provider.Client();
        var keys = new KeyRing(_folder);
        (string Name, Role Role, string[]? Streams)[] owners =
            [("viewer", Role.Viewer, null), ("operator", Role.Operator, null), ("admin", Role.Admin, null), ("porter", Role.Viewer, ["door"]), ("caretaker", Role.Operator, ["door"]), ("stranger", Role.Admin, ["gate"])];
        var made = owners.Select(owner => (Owner: owner, Key: AccessKey.Generate())).ToArray();
        if (hasKeys)
            keys.Store([.. made.Select(m => new AccessKey(m.Owner.Name, m.Owner.Role, AccessKey.HashOf(m.Key), m.Owner.Streams, DateTimeOffset.UtcNow, null))]);
        Visitors =
        [
            .. made.Select(m => new Visitor(m.Owner.Name, m.Key, m.Owner.Role, m.Owner.Streams)),
            new("bearer of all", Token("*", "admin"), Role.Admin), new("bearer of the door", Token("door", "operator"), Role.Operator, ["door"]), new("bearer of none", Token("", "viewer"), Role.Viewer, []),
            new("nobody", null), new("a key that nobody has", AccessKey.Generate()), new("a forged token", _provider.Hashed(Claims("*", "admin"), [1, 2, 3])),
        ];
        _server = HttpServer.Create(
            new HttpSettings { Port = 0, Limits = CallerLimits.None }, _directory, _folder, _metrics, NullLoggerFactory.Instance, keys, hasKeys ? new TokenIssuer(_provider.Settings("streams"), _http) : null);
    }

    public HttpClient Client { get; private set; } = null!;

    public IReadOnlyList<Visitor> Visitors { get; }

    /// <summary>As METHOD path.</summary>
    public IReadOnlyList<string> Routes =>
        [.. _server.Endpoints.OfType<RouteEndpoint>().SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}")).Distinct()];

    public static async Task<GuardedPremises> OpenAsync(bool hasKeys = true)
    {
        var premises = new GuardedPremises(hasKeys);
        await premises._server.StartAsync(CancellationToken.None);
        premises.Client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = premises._server.Address };
        await premises.RestoreAsync();
        foreach (string stream in (string[])["door", "yard", "door"])
            premises._directory.Events.Fire(stream);
        return premises;
    }

    public async Task<Premises> RestoreAsync()
    {
        foreach (string name in (string[])["door", "yard"])
            await _directory.AddStreamAsync(new StreamRequest(name, "rtsp://camera/1"), default);
        await _directory.Watches.AddAsync("door", new WatchRequest("car", "Is there a car?"), default);
        string file = (await _directory.AddFileAsync("film.mp4", new MemoryStream([1, 2, 3]), default)).Value!.Id;
        return new Premises(file, (await _directory.Uploads.BeginAsync(new UploadRequest("film.mp4", 10), default)).Value!.Id);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        _http.Dispose();
        _provider.Dispose();
        _metrics.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Token(string streams, string role) => _provider.Token(Claims(streams, role));

    private JsonObject Claims(string streams, string role)
    {
        JsonObject claims = _provider.Claims(role);
        claims["streams"] = streams;
        return claims;
    }
}
