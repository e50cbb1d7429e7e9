using System.Diagnostics;
using Streaming.Video;

namespace Streaming.Pipelines.Tests;

/// <summary>The film of these tests: for ten seconds a white square crosses a grey picture, 25 pictures a second.</summary>
internal static class CrossingSquare
{
    private const int Seconds = 10;

    /// <param name="folder">Where the ffmpeg program makes it, once.</param>
    public static FileSource Film(string folder)
    {
        string path = Path.Combine(folder, "film.mp4");
        if (!File.Exists(path))
            Run("ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", $"color=gray:s=160x120:r=25:d={Seconds}", "-f", "lavfi", "-i",
                $"color=white:s=20x20:r=25:d={Seconds}", "-filter_complex", "overlay=x='t*14':y=50", "-pix_fmt", "yuv420p", "-c:v", "libx264", path);
        return new FileSource(path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
