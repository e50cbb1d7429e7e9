using System.Buffers.Text;
using System.Text.Json;

namespace Streaming.Server.Access.Oidc;

/// <summary>What the claims of a token that has been checked say about its bearer. Pure.</summary>
internal static class TokenClaims
{
    /// <summary>OpenID Connect Core 1.0, section 2: a subject has at most 255 ASCII characters.</summary>
    private const int LongestSubject = 255;

    /// <summary>What names from the provider begin with, so that none is that of a key.</summary>
    public const string NamePrefix = "oidc:";

    private const string AllStreams = "*";

    /// <param name="payload">The second part of the token, as it came.</param>
    /// <returns>Null: it names no bearer. A caller without a role has none of the three names in the roles claim.</returns>
    public static (string Name, Role? Role, IReadOnlySet<string>? Streams)? Read(string payload, OidcSettings settings)
    {
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
        if (Find(claims.RootElement, "sub") is not { ValueKind: JsonValueKind.String } subject || subject.GetString() is not { Length: > 0 and <= LongestSubject } name || !name.All(c => c is > ' ' and < '\x7f'))
            return null;
        Role[] roles = [.. Words(Find(claims.RootElement, settings.RolesClaim)).Select(RoleOf).OfType<Role>()];
        return (NamePrefix + name, roles.Length > 0 ? roles.Max() : null, StreamsOf(claims.RootElement, settings.StreamsClaim));
    }

    private static HashSet<string>? StreamsOf(JsonElement claims, string? claim)
    {
        if (claim is null)
            return null;
        var streams = Words(Find(claims, claim)).ToHashSet(StringComparer.Ordinal);
        return streams.Contains(AllStreams) ? null : streams;
    }

    private static Role? RoleOf(string word) => word switch
    {
        "viewer" => Role.Viewer,
        "operator" => Role.Operator,
        "admin" => Role.Admin,
        _ => null,
    };

    /// <summary>A claim by its whole name, which may be an address with dots, else by its path.</summary>
    private static JsonElement? Find(JsonElement claims, string path)
    {
        if (claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(path, out JsonElement whole))
            return whole;
        foreach (string step in path.Split('.'))
        {
            if (claims.ValueKind != JsonValueKind.Object || !claims.TryGetProperty(step, out claims))
                return null;
        }
        return claims;
    }

    /// <summary>A list of texts, or one text of words separated by spaces, as scopes are.</summary>
    private static IEnumerable<string> Words(JsonElement? claim) => claim switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };
}
