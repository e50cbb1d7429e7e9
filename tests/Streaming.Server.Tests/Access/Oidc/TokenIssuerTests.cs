using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Pipelines.Tests;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;

namespace Streaming.Server.Tests.Access.Oidc;

public sealed class TokenIssuerTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly LocalIssuer _provider;
    private readonly HttpClient _http;

    public TokenIssuerTests()
    {
        _provider = new LocalIssuer(_clock);
        _http = _provider.Client();
    }

    public void Dispose()
    {
        _http.Dispose();
        _provider.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Find_token_that_holds_is_its_bearer_with_the_highest_of_their_roles(string algorithm)
    {
        Caller caller = await CallerAsync(_provider.Token(_provider.Claims("viewer", "operator", "something"), _provider.Header(algorithm)));
        Assert.Equal(("oidc:ann", Role.Operator), (caller.Name, caller.Role));
        Assert.Null(caller.Streams);
    }

    [Fact]
    public async Task Find_streams_are_those_of_the_claim_and_none_without_it()
    {
        TokenIssuer issuer = Issuer(_provider.Settings("cameras"));
        Assert.Empty((await CallerAsync(_provider.Token(_provider.Claims("viewer")), issuer)).Streams!);
        Assert.Equal(["door", "gate"], (await CallerAsync(_provider.Token(With("cameras", new JsonArray("gate", "door"))), issuer)).Streams!.Order());
        Assert.Equal(["door", "gate"], (await CallerAsync(_provider.Token(With("cameras", "gate door")), issuer)).Streams!.Order());
        Assert.Empty((await CallerAsync(_provider.Token(With("cameras", 7)), issuer)).Streams!);
        Assert.Null((await CallerAsync(_provider.Token(With("cameras", "*")), issuer)).Streams);
    }

    [Theory]
    [InlineData("resource_access.streaming.roles", """{"resource_access":{"streaming":{"roles":["admin"]}}}""")]
    [InlineData("https://example.com/roles", """{"https://example.com/roles":"viewer admin"}""")]
    public async Task Find_roles_are_found_under_the_name_or_the_path_of_their_claim(string claim, string more)
    {
        JsonObject claims = _provider.Claims("viewer");
        foreach ((string name, JsonNode? value) in JsonNode.Parse(more)!.AsObject())
            claims[name] = value?.DeepClone();
        Assert.Equal(Role.Admin, (await CallerAsync(_provider.Token(claims), Issuer(_provider.Settings(rolesClaim: claim)))).Role);
    }

    [Fact]
    public async Task Find_token_without_a_role_is_refused_and_not_unknown()
    {
        Outcome<Caller>? found = await Issuer().FindAsync(_provider.Token(_provider.Claims("Admin", "root")), default);
        Assert.Equal(ProblemKind.Forbidden, found!.Value.Problem!.Kind);
    }

    [Fact]
    public async Task Find_claims_that_do_not_hold_let_nobody_in()
    {
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        (string What, string Claim, JsonNode? Value)[] wrong =
        [
            ("another issuer", "iss", "https://other.example"), ("its issuer with a slash", "iss", _provider.Address + "/"), ("no issuer", "iss", null),
            ("another audience", "aud", "other"), ("several other audiences", "aud", new JsonArray("a", "b")), ("no audience", "aud", null),
            ("expired", "exp", now - 61), ("no end", "exp", null), ("not yet", "nbf", now + 61), ("an end that is no number", "exp", "never"),
            ("no bearer", "sub", null), ("an empty bearer", "sub", ""), ("a bearer that breaks lines", "sub", "ann\nadmin"), ("an endless bearer", "sub", new string('a', 256)),
        ];
        TokenIssuer issuer = Issuer();
        foreach (var (what, claim, value) in wrong)
        {
            JsonObject claims = _provider.Claims("admin");
            claims[claim] = value;
            if (value is null)
                claims.Remove(claim);
            Assert.True(await issuer.FindAsync(_provider.Token(claims), default) is null, what);
        }
        Assert.NotNull((await issuer.FindAsync(_provider.Token(_provider.Claims("admin")), default))!.Value.Value);
    }

    [Fact]
    public async Task Find_forged_tokens_of_all_kinds_let_nobody_in()
    {
        using var stranger = RSA.Create(2048);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        JsonObject claims = _provider.Claims("admin"), none = _provider.Header("none"), lured = _provider.Header(), brought = _provider.Header(), climbing = _provider.Header(), nameless = _provider.Header(), other = _provider.Header();
        none.Remove("kid");
        (lured["jku"], lured["x5u"], lured["kid"]) = ($"http://{listener.LocalEndpoint}/keys", $"http://{listener.LocalEndpoint}/x", "mine");
        (brought["jwk"], brought["kid"]) = (LocalIssuer.Public(stranger, "mine"), "mine");
        climbing["kid"] = "../../../../dev/null";
        nameless.Remove("kid");
        other["alg"] = "RS384";
        string good = _provider.Token(claims), unsigned = LocalIssuer.Unsigned(none, claims);
        string[] parts = good.Split('.');
        (string What, string Token)[] forged =
        [
            ("none", unsigned + "."), ("None", LocalIssuer.Unsigned(new() { ["alg"] = "None" }, claims) + "."), ("no algorithm", LocalIssuer.Unsigned(new(), claims) + "." + parts[2]),
            ("none with a signature", $"{unsigned}.{parts[2]}"), ("signature left out", $"{parts[0]}.{parts[1]}."), ("two parts", $"{parts[0]}.{parts[1]}"), ("five parts", good + ".a.b"),
            ("hash with the public key as PEM", _provider.Hashed(claims, Encoding.ASCII.GetBytes(_provider.Rsa.ExportSubjectPublicKeyInfoPem()))),
            ("hash with the public key as DER", _provider.Hashed(claims, _provider.Rsa.ExportSubjectPublicKeyInfo())),
            ("hash with the modulus", _provider.Hashed(claims, _provider.Rsa.ExportParameters(false).Modulus!)),
            ("hash that calls itself RS256", _provider.Hashed(claims, _provider.Rsa.ExportSubjectPublicKeyInfo(), "RS256")),
            ("stranger's key", _provider.Token(claims, key: stranger)), ("stranger's key without a name", _provider.Token(claims, nameless, stranger)),
            ("key by address", _provider.Token(claims, lured, stranger)), ("key inside", _provider.Token(claims, brought, stranger)), ("key by path", _provider.Token(claims, climbing, stranger)),
            ("another algorithm than it says", _provider.Token(claims, other)),
            ("claims of another token", $"{parts[0]}.{LocalIssuer.Unsigned(new(), _provider.Claims("admin", "viewer")).Split('.')[1]}.{parts[2]}"),
            ("header changed", $"{LocalIssuer.Unsigned(nameless, new()).Split('.')[0]}.{parts[1]}.{parts[2]}"),
            ("signature changed", good[..^8] + (good[^8] == 'A' ? 'B' : 'A') + good[^7..]),
            ("no JSON", "bm90.anNvbg.c2ln"), ("dots", ".."), ("very long", new string('a', 20_000) + "." + parts[1] + "." + parts[2]), ("empty", ""),
        ];
        TokenIssuer issuer = Issuer();
        foreach (var (what, token) in forged)
            Assert.True(await issuer.FindAsync(token, default) is null, what);
        Assert.False(listener.Pending(), "a token made the server call its author");
    }

    [Fact]
    public async Task Find_symmetric_short_and_encryption_keys_of_the_provider_are_not_used()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using var small = RSA.Create(1024);
        using var sealing = RSA.Create(2048);
        JsonObject encrypts = LocalIssuer.Public(sealing, "enc"), header = _provider.Header();
        encrypts["use"] = "enc";
        _provider.OtherKeys.AddRange([new() { ["kty"] = "oct", ["kid"] = "one", ["k"] = Convert.ToBase64String(secret) }, LocalIssuer.Public(small, "small"), encrypts]);
        TokenIssuer issuer = Issuer();
        Assert.Null(await issuer.FindAsync(_provider.Hashed(_provider.Claims("admin"), secret), default));
        foreach (var (id, key) in new[] { ("small", small), ("enc", sealing) })
        {
            header["kid"] = id;
            Assert.True(await issuer.FindAsync(_provider.Token(_provider.Claims("admin"), header, key), default) is null, id);
        }
    }

    [Fact]
    public async Task Find_new_key_of_the_provider_is_found_and_the_old_one_forgotten()
    {
        TokenIssuer issuer = Issuer();
        string old = _provider.Token(_provider.Claims("viewer"));
        await CallerAsync(old, issuer);
        _provider.Rotate("two");
        _clock.Advance(TimeSpan.FromSeconds(30));
        await CallerAsync(_provider.Token(_provider.Claims("viewer")), issuer);
        Assert.Equal(2, _provider.Asked);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await issuer.FindAsync(old, default));
    }

    [Fact]
    public async Task Find_made_up_names_of_keys_do_not_make_it_ask_again_and_again()
    {
        TokenIssuer issuer = Issuer();
        await CallerAsync(_provider.Token(_provider.Claims("viewer")), issuer);
        _clock.Advance(TimeSpan.FromSeconds(30));
        for (int i = 0; i < 20; i++)
        {
            JsonObject header = _provider.Header();
            header["kid"] = $"made-up-{i}";
            Assert.Null(await issuer.FindAsync(_provider.Token(_provider.Claims("viewer"), header), default));
        }
        Assert.Equal(2, _provider.Asked);
    }

    [Fact]
    public async Task Find_provider_that_is_away_is_a_problem_at_first_and_none_while_its_keys_are_known()
    {
        _provider.IsUp = false;
        TokenIssuer issuer = Issuer();
        string token = _provider.Token(_provider.Claims("viewer"));
        Assert.Equal(ProblemKind.Unavailable, (await issuer.FindAsync(token, default))!.Value.Problem!.Kind);
        _provider.IsUp = true;
        _clock.Advance(TimeSpan.FromSeconds(30));
        await CallerAsync(token, issuer);
        _provider.IsUp = false;
        _clock.Advance(TimeSpan.FromMinutes(30));
        await CallerAsync(token, issuer);
        _clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(ProblemKind.Unavailable, (await issuer.FindAsync(_provider.Token(_provider.Claims("viewer")), default))!.Value.Problem!.Kind);
    }

    [Fact]
    public async Task Find_caller_who_leaves_while_the_provider_is_asked_keeps_nobody_out()
    {
        var answer = new TaskCompletionSource();
        _provider.Held = answer.Task;
        TokenIssuer issuer = Issuer();
        string token = _provider.Token(_provider.Claims("viewer"));
        using var leaving = new CancellationTokenSource();
        Task first = issuer.FindAsync(token, leaving.Token);
        await Wait.UntilAsync(() => Task.FromResult(_provider.Asked == 1), () => "the provider is not asked");
        await leaving.CancelAsync();
        Task<Caller> second = CallerAsync(token, issuer);
        answer.SetResult();
        Assert.Equal("oidc:ann", (await second).Name);
        Assert.Equal(1, _provider.Asked);
        await first;
    }

    private TokenIssuer Issuer(OidcSettings? settings = null) => new(settings ?? _provider.Settings(), _http, _clock);

    private async Task<Caller> CallerAsync(string token, TokenIssuer? issuer = null) =>
        (await (issuer ?? Issuer()).FindAsync(token, default))?.Value ?? throw new InvalidOperationException("nobody was found");

    private JsonObject With(string claim, JsonNode value)
    {
        JsonObject claims = _provider.Claims("viewer");
        claims[claim] = value;
        return claims;
    }
}
