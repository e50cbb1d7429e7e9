using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Models.Hub.Pulling;

/// <summary>How the hub names the content of a file: large files by SHA-256, small ones as git does, by SHA-1 over a header and the content.</summary>
public readonly record struct Digest(bool IsSha256, string Hex)
{
    /// <exception cref="HubException">It is no hash in lower case hexadecimal digits.</exception>
    public static Digest Sha256(string hex) => new(true, Checked(hex, SHA256.HashSizeInBytes));

    /// <exception cref="HubException">It is no hash in lower case hexadecimal digits.</exception>
    public static Digest GitBlob(string hex) => new(false, Checked(hex, SHA1.HashSizeInBytes));

    /// <summary>The content, from where it stands to its end, is what the digest says.</summary>
    /// <param name="content">Knows its length.</param>
    public async Task<bool> MatchesAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(IsSha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (!IsSha256)
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")));
        byte[] buffer = new byte[1 << 17];
        for (int read; (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Hex;
    }

    private static string Checked(string hex, int bytes) =>
        hex.Length == 2 * bytes && hex.All(char.IsAsciiHexDigitLower) ? hex : throw new HubException($"The hub gives \"{hex}\" as a hash.");
}
