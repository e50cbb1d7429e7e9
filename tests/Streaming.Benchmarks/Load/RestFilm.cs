using Streaming.World;

namespace Streaming.Benchmarks.Load;

/// <summary>What a camera sees where nothing happens: one picture of a rendered scene at 720p, with a little sensor noise.</summary>
internal static class RestFilm
{
    /// <summary>A common setting of cameras; an intra frame comes every second.</summary>
    public const int FramesPerSecond = 15;

    private const int Seconds = 20;

    /// <returns>A film without B-frames at about 1 Mbit/s, kept between runs.</returns>
    public static string Of(ulong seed)
    {
        string film = Path.Combine(BenchRun.CacheFolder, $"rest_scenes_{seed}_720p{FramesPerSecond}_{Seconds}s.mp4");
        if (File.Exists(film))
            return film;
        string scene = Path.ChangeExtension(film, ".scene.mp4"), whole = Path.ChangeExtension(film, ".part.mp4");
        FilmFile.Write(Director.Direct(seed, Split.Test), scene);
        Ffmpeg.Run(
        [
            "-i", scene, "-vf", $"trim=end_frame=1,loop=-1:1,setpts=N/({FramesPerSecond}*TB),scale=1280:720:flags=neighbor,setsar=1,noise=alls=3:allf=t", "-r", $"{FramesPerSecond}", "-t", $"{Seconds}",
            "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-b:v", "1M", "-maxrate", "1M", "-bufsize", "2M", "-g", $"{FramesPerSecond}", whole,
        ]);
        File.Move(whole, film);
        foreach (string leftover in (string[])[scene, Path.ChangeExtension(scene, ".json")])
            File.Delete(leftover);
        return film;
    }
}
