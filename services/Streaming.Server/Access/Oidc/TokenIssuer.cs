using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Streaming.Contracts;

namespace Streaming.Server.Access.Oidc;

/// <summary>
/// An identity provider (OpenID Connect) whose tokens let in: signed by one of its public keys with an algorithm of the list, by exactly
/// this issuer, for exactly this audience, and not expired. Any thread may ask.
/// </summary>
/// <param name="http">Its connections pass the egress guard.</param>
/// <param name="warn">Told in one line when the provider cannot be asked.</param>
public sealed class TokenIssuer(OidcSettings settings, HttpClient http, TimeProvider? clock = null, Action<string>? warn = null)
{
    /// <summary>Tokens with the groups of large companies have a few kilobytes; headers altogether hold 32.</summary>
    private const int LongestToken = 16 * 1024;

    /// <summary>How far clocks of provider and server may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Asymmetric ones only: neither "none", nor HMAC, for which a public key would be a known secret.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly IssuerKeys _keys = new(settings.Issuer, http, clock ?? TimeProvider.System);
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    /// <returns>The bearer; a problem: the token gives no role, or cannot be checked now; null: it is no token of this issuer that holds.</returns>
    public async Task<Outcome<Caller>?> FindAsync(string shown, CancellationToken cancellation)
    {
        if (Parse(shown) is not { } token || token.Issuer != settings.Issuer || !Algorithms.Contains(token.Alg))
            return null;
        IReadOnlyList<JsonWebKey> keys;
        try
        {
            keys = await _keys.FindAsync(token.Kid is { Length: > 0 } id ? id : null, cancellation).ConfigureAwait(false);
        }
        catch (IssuerUnavailableException e)
        {
            warn?.Invoke(e.Message);
            return new Problem(ProblemKind.Unavailable, "the identity provider cannot be asked for its keys now; try again, or show a key of this server");
        }
        JsonWebKey[] fitting = [.. keys.Where(key => key.Alg is null or "" || key.Alg == token.Alg)];
        if (fitting.Length == 0 || !(await _handler.ValidateTokenAsync(token, Rules(fitting)).ConfigureAwait(false)).IsValid)
            return null;
        if (TokenClaims.Read(token.EncodedPayload, settings) is not { } bearer)
            return null;
        return bearer.Role is { } role
            ? new Caller(bearer.Name, role, bearer.Streams)
            : new Problem(ProblemKind.Forbidden, $"the token gives none of the roles viewer, operator and admin in its claim {settings.RolesClaim}");
    }

    private static JsonWebToken? Parse(string shown)
    {
        if (shown.Length > LongestToken || shown.AsSpan().Count('.') != 2)
            return null;
        try
        {
            return new JsonWebToken(shown);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private TokenValidationParameters Rules(JsonWebKey[] keys) => new()
    {
        ValidIssuer = settings.Issuer,
        ValidAudience = settings.Audience,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        IssuerSigningKeys = keys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        LifetimeValidator = (from, to, _, _) => to is { } end && IsNow(from, end),
    };

    private bool IsNow(DateTime? from, DateTime to)
    {
        DateTime now = _clock.GetUtcNow().UtcDateTime;
        return now < to + Skew && (from is not { } start || start - Skew <= now);
    }
}
