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

    /// <summary>A minute of a camera at rest: a picture with edges under a little noise, that changes at second 30 for a second where <paramref name="isDisturbed"/>.</summary>
    /// <param name="codec">Arguments of ffmpeg's encoder.</param>
    public static FileSource AtRest(string folder, string name, bool isDisturbed, params string[] codec)
    {
        string path = Path.Combine(folder, name);
        string shown = isDisturbed ? ",drawbox=x=40:y=40:w=40:h=40:color=red:t=fill:enable='between(t,30,31)'" : "";
        Run("ffmpeg", ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", $"smptebars=s=320x240:r=12:d=60,noise=alls=4:allf=t{shown}", "-pix_fmt", "yuv420p", .. codec, path]);
        return new FileSource(path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
