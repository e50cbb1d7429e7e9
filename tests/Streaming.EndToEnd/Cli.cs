using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Streaming.EndToEnd;

/// <summary>
/// The program as its user starts it, with a small model of random weights and a data folder of its own. What the model answers is
/// nonsense, but always the same for the same input, which is all that these tests need.
/// </summary>
public sealed class Cli : IDisposable
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public string Folder { get; } = Directory.CreateTempSubdirectory("streaming-e2e-").FullName;

    public string DataFolder => Path.Combine(Folder, "data");

    public Dictionary<string, string> Variables { get; } = [];

    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs <c>streaming ARGUMENTS</c> to its end, in <see cref="Folder"/>.</summary>
    public Task<Result> RunAsync(params string[] arguments) => RunAsync(Starting(arguments));

    /// <summary>How <c>streaming ARGUMENTS</c> is started, in <see cref="Folder"/>.</summary>
    public ProcessStartInfo Starting(params string[] arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streaming"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Folder,
        };
        info.Environment["STREAMING_DATA"] = DataFolder;
        info.Environment["STREAMING_MODEL"] = Path.Combine(AppContext.BaseDirectory, "tiny-llava");
        foreach (var (name, value) in Variables)
            info.Environment[name] = value;
        return info;
    }

    /// <summary><c>streaming serve</c> on a free port.</summary>
    public Task<ServedProgram> ServeAsync() => ServedProgram.StartAsync(Serving());

    /// <summary>How <c>streaming serve</c> is started on a free port.</summary>
    public ProcessStartInfo Serving()
    {
        Variables["STREAMING_PORT"] = "0";
        return Starting("serve");
    }

    /// <summary>Asks for JSON and expects an answer.</summary>
    public async Task<JsonElement> AskAsync(string film, params string[] options)
    {
        var result = await RunAsync(["ask", film, "what is there?", "--json", .. options]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Json;
    }

    /// <summary>Runs <c>ffmpeg ARGUMENTS FILE</c>; <paramref name="arguments"/> are separated by blanks.</summary>
    /// <returns>The file's path.</returns>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        string path = Path.Combine(Folder, name);
        var made = await RunAsync(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments.Split(' '), "file:" + path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        });
        Assert.True(made.ExitCode == 0, made.Error);
        return path;
    }

    /// <summary>Six seconds in which a lot moves, 25 pictures a second, an intra frame every two seconds.</summary>
    public Task<string> FilmAsync(string name = "film.mp4") =>
        MakeAsync(name, "-f lavfi -i testsrc2=s=160x120:r=25:d=6 -pix_fmt yuv420p -c:v libx264 -g 50 -bf 0 -preset veryfast -f " +
            (name.EndsWith(".ts", StringComparison.Ordinal) ? "mpegts" : "mp4"));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static async Task<Result> RunAsync(ProcessStartInfo info)
    {
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Result(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
