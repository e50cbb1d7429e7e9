using Streaming.Compression;
using Streaming.Server.Films;
using Streaming.Video;
using Streaming.World;

namespace Streaming.Benchmarks.Memory;

/// <summary>A memory in which there is nothing to see.</summary>
internal static class Darkness
{
    /// <summary>A black film as long as the longest of the world.</summary>
    public static string Film(string folder)
    {
        string path = Path.Combine(folder, "darkness.mp4");
        Ffmpeg.Run(["-f", "lavfi", "-i", $"color=black:size={World.Film.Side}x{World.Film.Side}:rate={World.Film.FramesPerSecond}:duration=17", "-c:v", "libx264", "-pix_fmt", "yuv420p", path]);
        return path;
    }

    public static async Task<MemorySnapshot> SeeAsync(FilmService service, string folder, CancellationToken cancellation)
    {
        Sight sight = await service.SeeAsync(new FileSource(Film(folder)), cancellation: cancellation);
        return sight.Film!.MemoryAsOf(null, service.Streams.Memory);
    }
}
