using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Server.Access;

/// <summary>What a caller may do; each role may do what those before it may.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Role>))]
public enum Role
{
    /// <summary>Looks and asks.</summary>
    Viewer,

    /// <summary>Also declares, changes and removes streams, files and watches.</summary>
    Operator,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>A key that a caller shows, as it is stored: never the key itself.</summary>
/// <param name="Name">Whose it is; log lines carry it. Two keys of one name are one owner's, while the old one runs out.</param>
/// <param name="Hash">SHA-256 of the key, hexadecimal. Keys are 256 random bits, which no slow hash would protect better.</param>
/// <param name="Streams">The only streams that exist for its owner; null: all, and all files.</param>
/// <param name="ExpiresAt">From then on it is no key; null: never.</param>
/// <param name="Limits">What its owner may take; null: as much as everybody.</param>
public sealed record AccessKey(string Name, Role Role, string Hash, IReadOnlyList<string>? Streams, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, CallerLimits? Limits = null)
{
    /// <summary>What keys begin with, so that scanners of leaked secrets can know them.</summary>
    private const string Prefix = "stk_";

    private const int RandomBytes = 32;

    /// <summary>A new key, to be shown once and stored as its hash.</summary>
    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public bool IsValidAt(DateTimeOffset now) => ExpiresAt is not { } end || now < end;
}
