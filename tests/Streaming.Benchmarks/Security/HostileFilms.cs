using Streaming.World;
using Film = Streaming.Attacks.Media.Film;

namespace Streaming.Benchmarks.Security;

/// <summary>The good films that hostile ones are made from: two seconds of test pictures in each container, made once.</summary>
internal static class HostileFilms
{
    private static readonly (string Container, string Arguments)[] Kinds =
    [
        ("mp4", "-c:v libx264 -preset ultrafast -bf 2"), ("mov", "-c:v mpeg4"), ("mkv", "-c:v libvpx -deadline realtime"), ("ts", "-c:v mpeg2video"), ("avi", "-c:v mjpeg"), ("gif", "-pix_fmt rgb8"),
    ];

    public static IReadOnlyList<Film> All => [.. Kinds.Select(kind => new Film(kind.Container, File.ReadAllBytes(PathOf(kind.Container))))];

    public static string PathOf(string container)
    {
        string path = Path.Combine(BenchRun.CacheFolder, $"hostile.{container}");
        if (!File.Exists(path))
            Ffmpeg.Run(["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10", "-t", "2", "-g", "10", .. Kinds.Single(kind => kind.Container == container).Arguments.Split(' '), "-fflags", "+bitexact", path]);
        return path;
    }
}
