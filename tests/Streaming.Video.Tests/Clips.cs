using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Streaming.Video.Tests;

/// <summary>Films made by the ffmpeg program, once per test run each, in a folder of this run's own.</summary>
internal static class Clips
{
    internal static readonly string Folder = Directory.CreateTempSubdirectory("streaming-video-").FullName;

    private static readonly ConcurrentDictionary<string, (string Arguments, Lazy<string> Path)> Made = new();

    static Clips() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>Runs <c>ffmpeg ARGUMENTS FILE</c> unless this run has made the file already.</summary>
    /// <param name="arguments">Separated by blanks; <c>{folder}</c> stands for the clips' folder.</param>
    /// <exception cref="ArgumentException">Another film has the name.</exception>
    internal static string Make(string name, string arguments)
    {
        var made = Made.GetOrAdd(name, _ => (arguments, new Lazy<string>(() =>
        {
            var path = Path.Combine(Folder, name);
            Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments.Replace("{folder}", Folder).Split(' ', StringSplitOptions.RemoveEmptyEntries), path]);
            return path;
        })));
        return made.Arguments == arguments ? made.Path.Value : throw new ArgumentException($"{name} is another film: {made.Arguments}");
    }

    /// <summary>A moving test picture of 160x120 at 12.5 pictures a second.</summary>
    internal static string Moving(string name, string encoding, double seconds = 4) =>
        Make(name, $"-f lavfi -i testsrc2=s=160x120:r=25/2 -t {seconds.ToString(CultureInfo.InvariantCulture)} -pix_fmt yuv420p {encoding}");

    /// <summary>Ten seconds of H.264 with B-frames and an intra frame every two seconds.</summary>
    internal static string H264(string container = "mp4") =>
        Moving($"h264-10s.{container}", "-c:v libx264 -preset veryfast -g 25 -bf 2", 10);

    internal static string Bytes(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    internal static string Text(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Pictures that the ffprobe program decodes.</summary>
    internal static long CountFrames(string path) => long.Parse(
        Run("ffprobe", ["-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path])
            .Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    /// <summary>Presentation times of all pictures in seconds, as the ffprobe program reads them.</summary>
    internal static double[] Times(string path) => Run(
            "ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp_time", "-of", "csv=p=0", path])
        .Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries)
        .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();

    internal static string Run(string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {error.Result}");
    }
}
