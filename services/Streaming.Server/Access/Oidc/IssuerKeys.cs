using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Streaming.Server.Egress;

namespace Streaming.Server.Access.Oidc;

/// <summary>The provider's keys cannot be had; the message says why.</summary>
internal sealed class IssuerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The public keys with which a provider signs, found through its discovery document (OpenID Connect Discovery 1.0) and asked for anew
/// when they are old or a token names one that is not among them. Any thread may ask; one of them asks the provider.
/// </summary>
internal sealed class IssuerKeys(string issuer, HttpClient http, TimeProvider clock)
{
    /// <summary>A key that the provider withdraws is taken for so long at most, while the provider answers.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>While it does not answer, its keys are trusted for so long: its tokens live for hours at most.</summary>
    private static readonly TimeSpan Usable = TimeSpan.FromHours(6);

    /// <summary>Whoever shows tokens with made-up key names makes it ask no more often than this.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(20);

    /// <summary>Key sets of large providers have tens of kilobytes.</summary>
    private const int LongestDocument = 1 << 20;

    /// <summary>NIST SP 800-131A: the shortest RSA modulus that signatures may still be checked with, in bytes.</summary>
    private const int LeastModulusBytes = 2048 / 8;

    private readonly SemaphoreSlim _turn = new(1);
    private volatile KeySet? _known;
    private long? _asked;

    /// <summary>Keys that may have signed a token.</summary>
    /// <param name="keyId">By the token; null: it names none, and any may have.</param>
    /// <exception cref="IssuerUnavailableException">There are none, and the provider does not answer.</exception>
    public async Task<IReadOnlyList<JsonWebKey>> FindAsync(string? keyId, CancellationToken cancellation)
    {
        if (Current(keyId) is { } known)
            return known;
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Current(keyId) is { } meanwhile)
                return meanwhile;
            if (_asked is not { } asked || clock.GetElapsedTime(asked) >= Between)
                await AskAsync().ConfigureAwait(false);
            return _known is { } keys && clock.GetElapsedTime(keys.At) < Usable
                ? Matching(keys, keyId)
                : throw new IssuerUnavailableException("the identity provider has not told its keys");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The keys that are known and need not be asked for anew; null: they do.</summary>
    private IReadOnlyList<JsonWebKey>? Current(string? keyId) =>
        _known is { } keys && clock.GetElapsedTime(keys.At) < Fresh && Matching(keys, keyId) is { Count: > 0 } found ? found : null;

    private static IReadOnlyList<JsonWebKey> Matching(KeySet keys, string? keyId) => keyId is null ? keys.Keys : [.. keys.Keys.Where(key => key.Kid == keyId)];

    /// <summary>Asks to the end, whoever asked it to has left: others wait for the answer, and it is not asked again at once.</summary>
    private async Task AskAsync()
    {
        _asked = clock.GetTimestamp();
        // The client's own limit ends with the head of an answer.
        using var patience = new CancellationTokenSource(http.Timeout);
        CancellationToken cancellation = patience.Token;
        try
        {
            using JsonDocument discovery = JsonDocument.Parse(await GetAsync($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", cancellation).ConfigureAwait(false));
            if (Text(discovery, "issuer") != issuer)
                throw new IssuerUnavailableException("the discovery document is of another issuer");
            string at = Text(discovery, "jwks_uri") ?? throw new IssuerUnavailableException("the discovery document names no keys");
            var set = new JsonWebKeySet(await GetAsync(at, cancellation).ConfigureAwait(false));
            _known = new KeySet([.. set.Keys.Where(Signs)], clock.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or ArgumentException or EgressRefusedException or OperationCanceledException)
        {
            if (_known is null)
                throw new IssuerUnavailableException($"the identity provider does not tell its keys ({(e.InnerException as EgressRefusedException)?.Message ?? e.GetType().Name})", e);
        }
    }

    /// <summary>Public keys only: a symmetric one in a public document is known to everybody.</summary>
    private static bool Signs(JsonWebKey key) => key.Use is null or "" or JsonWebKeyUseNames.Sig && key.Kty switch
    {
        JsonWebAlgorithmsKeyTypes.RSA => key.N is not null && Base64Url.GetMaxDecodedLength(key.N.Length) >= LeastModulusBytes,
        JsonWebAlgorithmsKeyTypes.EllipticCurve => true,
        _ => false,
    };

    private static string? Text(JsonDocument document, string member) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task<string> GetAsync(string address, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(address, UriKind.Absolute), HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var content = new MemoryStream();
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            content.Write(buffer.AsSpan(..count));
            if (content.Length > LongestDocument)
                throw new HttpRequestException("the document is too long");
        }
        return System.Text.Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }

    private sealed record KeySet(IReadOnlyList<JsonWebKey> Keys, long At);
}
