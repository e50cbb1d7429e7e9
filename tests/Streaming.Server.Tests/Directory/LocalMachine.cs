using System.Diagnostics;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Pipelines.Tests;
using Streaming.Video;

namespace Streaming.Server.Tests;

/// <summary>A machine of its own for a test: a data folder, films, and directories over them with real decoders and a scripted model.</summary>
internal sealed class LocalMachine : IAsyncDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-directory-").FullName;
    private readonly List<string> _warnings = [];
    private LocalDirectory? _directory;

    public Settings Settings { get; set; } = new();

    public ScriptedModel Model { get; init; } = new("yes");

    /// <summary>The line in front of the model.</summary>
    public InferenceQueue Queue { get; init; } = new();

    /// <summary>What operators were told so far.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
                return [.. _warnings];
        }
    }

    /// <summary>Of the next directory that is opened, which owns it; null: perception is off.</summary>
    public IObjectDetector? Detector { get; set; }

    /// <summary>Of the next directory that is opened, which owns it; null: nothing is written down.</summary>
    public ISpeechRecognizer? Recognizer { get; set; }

    /// <summary>The program of decoder processes.</summary>
    public IReadOnlyList<string> Decoder { get; set; } = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")];

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>The directory that is open; opened at the first use.</summary>
    public async Task<LocalDirectory> OpenAsync(IVisionEncoder? encoder = null) => _directory ??= await LocalDirectory.OpenAsync(
        Settings with { DataFolder = DataFolder },
        new VideoModel(ScriptedModel.Manifest, encoder ?? new MeanColourEncoder(), MeanColourEncoder.Preprocessor, Model, () => "digest", new AnsweringOptions(), Queue),
        new LocalDirectoryOptions
        {
            Decoder = new DecoderOptions { Command = Decoder, Limits = new DecodeLimits { ReadTimeout = TimeSpan.FromSeconds(20), StallTimeout = TimeSpan.FromSeconds(30) } },
            Backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            Detector = Detector,
            Recognizer = Recognizer,
            Warn = text =>
            {
                lock (_warnings)
                    _warnings.Add(text);
            },
        });

    /// <summary>Closes the directory, as a restart does.</summary>
    public async Task CloseAsync()
    {
        if (_directory is not null)
            await _directory.DisposeAsync();
        _directory = null;
    }

    /// <summary>A white square that crosses a grey picture, 25 pictures a second.</summary>
    public string Film(double seconds = 6, string name = "film.mp4")
    {
        string path = Path.Combine(_folder, name);
        FormattableString colours = $"color=gray:s=160x120:r=25:d={seconds}", square = $"color=white:s=20x20:r=25:d={seconds}";
        Run("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", FormattableString.Invariant(colours), "-f", "lavfi", "-i",
            FormattableString.Invariant(square), "-filter_complex", "overlay=x='mod(t*14,140)':y=50", "-pix_fmt", "yuv420p", "-c:v", "libx264",
            "-preset", "ultrafast", "-bf", "0", "-g", "25", path);
        return path;
    }

    public async Task<Outcome<FileDocument>> UploadAsync(string path, string name = "holiday.mp4")
    {
        await using FileStream content = File.OpenRead(path);
        return await (await OpenAsync()).AddFileAsync(name, content, default);
    }

    /// <summary>Looks at something until it is as expected. Every look is a turn of the machine, not a time.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isExpected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            T seen = await look();
            if (isExpected(seen))
                return seen;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"It never became as expected; the last was {System.Text.Json.JsonSerializer.Serialize(seen)}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    public async Task<FileDocument> UntilReadAsync(string id) => await UntilAsync(
        async () => (await (await OpenAsync()).FileAsync(id, default)).Value!, file => file.State is not (FileState.Queued or FileState.Ingesting));

    public async Task<StreamDocument> UntilAsync(string stream, Func<StreamDocument, bool> isExpected) => await UntilAsync(
        async () => (await (await OpenAsync()).StreamAsync(stream, default)).Value!, isExpected);

    public async Task<(string Text, AnswerDocument? Answer, Problem? Problem)> AskAsync(AskRequest request)
    {
        string text = "";
        AnswerPiece? last = null;
        await foreach (AnswerPiece piece in (await OpenAsync()).AskAsync(request, default))
        {
            text += piece.Text;
            last = piece;
        }
        return (text, last!.Answer, last.Problem);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        finally
        {
            System.IO.Directory.Delete(_folder, recursive: true);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
