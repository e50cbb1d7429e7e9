using System.Security.Cryptography;
using System.Text;

namespace Streaming.Server.Films;

/// <summary>What a film is filed under: its content, the model that encoded it and the settings it was read with.</summary>
public static class FilmKey
{
    /// <param name="model">Identity of the vision encoder, such as a digest of its file.</param>
    /// <param name="settings">The pipeline's settings as text; another setting is another entry.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static async Task<string> OfAsync(string path, string model, string settings, CancellationToken cancellation)
    {
        byte[] content;
        await using (FileStream file = File.OpenRead(path))
            content = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
        byte[] rest = Encoding.UTF8.GetBytes($"\n{model}\n{settings}\n{FilmArchive.Version}");
        return Convert.ToHexStringLower(SHA256.HashData([.. content, .. rest]));
    }
}
