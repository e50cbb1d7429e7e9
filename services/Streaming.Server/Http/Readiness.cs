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
            // Gone when it is closed, also where the disk does not take its one byte.
            using var probe = new FileStream(
                Path.Combine(dataFolder, $".probe-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            probe.WriteByte(1);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "the data folder cannot be written (STREAMING_DATA)";
        }
    }
}
