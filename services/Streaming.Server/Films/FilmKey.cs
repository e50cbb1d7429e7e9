using System.Security.Cryptography;
using System.Text;
using Streaming.Pipelines;
using Streaming.Server.Archive;

namespace Streaming.Server.Films;

/// <summary>What a film is filed under: its content, the model that encoded it and the settings it was read with.</summary>
public static class FilmKey
{
    /// <param name="model">Identity of the vision encoder, such as a digest of its file.</param>
    /// <param name="settings">The pipeline's settings as text; another setting is another entry.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static async Task<string> OfAsync(string path, string model, string settings, CancellationToken cancellation)
    {
        await using FileStream file = File.OpenRead(path);
        return Of(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false), model, settings);
    }

    /// <summary>A film that was perceived has notes, and is another entry.</summary>
    public static string SettingsOf(VideoStreamOptions streams, bool isPerceived) => isPerceived ? $"{streams} perceived" : $"{streams}";

    /// <param name="content">SHA-256 of the film's bytes.</param>
    public static string Of(byte[] content, string model, string settings)
    {
        byte[] rest = Encoding.UTF8.GetBytes($"\n{model}\n{settings}\n{RecordLog.Version}");
        return Convert.ToHexStringLower(SHA256.HashData([.. content, .. rest]));
    }
}
