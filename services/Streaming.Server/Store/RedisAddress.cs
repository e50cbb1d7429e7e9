using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Streaming.Server.Store;

/// <summary>Where a Redis is and how one gets in.</summary>
/// <param name="User">Of an access control list; null: the default user.</param>
/// <param name="Password">Null: none is asked for.</param>
/// <param name="Tls">The connection is encrypted, and the certificate has to be Redis' own.</param>
/// <param name="Prefix">What all keys begin with.</param>
/// <param name="Lifetime">After so long without a writing a stream's keys are gone; null: never.</param>
public sealed record RedisAddress(string Host, int Port, int Database, string? User, string? Password, bool Tls, string Prefix, TimeSpan? Lifetime)
{
    /// <summary>Whether the client that this was built with can name a user.</summary>
#if COMPLETE_FEED
    private const bool KnowsUsers = true;
#else
    private const bool KnowsUsers = false;
#endif

    /// <summary>The certificate authorities that are trusted with TLS, in place of the machine's own; null: those.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The address without secrets, for people.</summary>
    public string Name => $"Redis at {Host}:{Port}";

    /// <summary>Reads certificate authorities.</summary>
    /// <exception cref="SettingException">The file holds none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string variable, string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new SettingException(variable, path, "a file of certificates (PEM)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingException(variable, path, $"a file of certificates (PEM): {e.Message}");
        }
    }

    /// <param name="variable">What the address was set with, for the message.</param>
    /// <param name="text">redis://[user][:password]@host[:port][/database], or rediss:// with TLS; user and password percent-encoded.</param>
    /// <exception cref="SettingException">It is no such address. The message names no secret.</exception>
    public static RedisAddress Parse(string variable, string text, string prefix, TimeSpan? lifetime)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new SettingException($"{variable} has to be like redis://:password@host:6379/0, or rediss:// for TLS");
        string path = uri.AbsolutePath.Trim('/');
        int database = 0;
        if (path.Length > 0 && !(int.TryParse(path, out database) && database >= 0))
            throw new SettingException($"{variable} ends with /{path}, which is no number of a database");
        string[] secrets = uri.UserInfo.Split(':', 2);
        string? user = secrets[0].Length > 0 ? WebUtility.UrlDecode(secrets[0].Replace("+", "%2B")) : null;
        string? password = secrets.Length == 2 && secrets[1].Length > 0 ? WebUtility.UrlDecode(secrets[1].Replace("+", "%2B")) : null;
        if (user is not null && !KnowsUsers)
            throw new SettingException($"{variable} names a user, which the Redis client of this build cannot: give the default user a password, or build with CompleteFeed=true");
        return new RedisAddress(uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? 6379 : uri.Port, database, user, password, uri.Scheme == "rediss", prefix, lifetime);
    }
}
