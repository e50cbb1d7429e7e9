using System.Diagnostics;

namespace Streaming.World;

/// <summary>Runs the ffmpeg program, which must be on the path.</summary>
public static class Ffmpeg
{
    /// <param name="input">Writes what the program reads from its standard input.</param>
    /// <exception cref="InvalidOperationException">The program failed; the message is what it printed last.</exception>
    public static void Run(IEnumerable<string> arguments, Action<Stream>? input = null)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-hide_banner", "-loglevel", "error", "-y", .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            using Stream stdin = process.StandardInput.BaseStream;
            input?.Invoke(stdin);
        }
        catch (IOException)
        {
            // The program closed its input; its exit code and its words say why.
        }
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ffmpeg failed: {errors.Result.Trim()}");
    }

    /// <summary>Encodes raw pictures of the world's size as H.264.</summary>
    /// <param name="pictures">Writes RGB24 pictures of 128 x 128.</param>
    /// <param name="quality">x264's constant rate factor.</param>
    public static void EncodeH264(string path, int framesPerSecond, int quality, Action<Stream> pictures) => Run(
        ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", $"{Film.Side}x{Film.Side}", "-framerate", $"{framesPerSecond}", "-i", "pipe:0",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", $"{quality}", "-g", $"{4 * framesPerSecond}", "-pix_fmt", "yuv420p",
            "-fflags", "+bitexact", "-threads", "1", path], pictures);
}
