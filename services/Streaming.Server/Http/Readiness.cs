using Microsoft.Extensions.Hosting;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>Whether requests can be taken now.</summary>
/// <param name="dataFolder">Where what is seen is stored.</param>
internal sealed class Readiness(string dataFolder, IStreamDirectory directory, IHostApplicationLifetime lifetime)
{
    /// <summary>Why no requests can be taken, in one line; null if they can.</summary>
    public string? Problem()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return "the server is stopping";
        if (directory.Trouble is { } trouble)
            return trouble;
        try
        {
            Directory.CreateDirectory(dataFolder);
            string probe = Path.Combine(dataFolder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "the data folder cannot be written (STREAMING_DATA)";
        }
    }
}
