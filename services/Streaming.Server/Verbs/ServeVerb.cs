using System.CommandLine;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Egress;
using Streaming.Server.Http;
using Streaming.Server.Http.Metrics;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary><c>serve</c>: the HTTP server with everything embedded, until it is told to stop.</summary>
internal static partial class ServeVerb
{
    /// <summary>A caller waits for the identity provider no longer than this.</summary>
    private static readonly TimeSpan ProviderPatience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("serve", "Keeps streams alive, takes uploads and answers over HTTP until it is told to stop (Ctrl+C, SIGTERM).");
        command.SetAction((_, cancellation) => Verb.RunAsync(() => RunAsync(withDemo: false, cancellation)));
        return command;
    }

    /// <summary>The demo film and its questions, and then the server with that film as a stream.</summary>
    public static async Task<int> RunAfterDemoAsync(CancellationToken cancellation)
    {
        // A wrong setting is said before the film, not after it.
        _ = HttpSettings.FromEnvironment();
        await DemoVerb.RunAsync(cancellation);
        return await RunAsync(withDemo: true, cancellation);
    }

    /// <param name="withDemo">Declare the film that comes with the model as the stream "demo", unless there is one.</param>
    private static async Task<int> RunAsync(bool withDemo, CancellationToken cancellation)
    {
        HttpSettings http = HttpSettings.FromEnvironment();
        Settings settings = Settings.FromEnvironment() with { UploadBytes = http.MaxUploadBytes };
        using ILoggerFactory logs = Logs.Create(http.Log);
        ILogger log = logs.CreateLogger("Streaming");
        var keys = new KeyRing(settings.DataFolder, http.AdminKey, http.ViewerKey, warn: line => Noted(log, line));
        http.RequireKeyWhereOthersCall(!keys.IsEmpty);
        using HttpClient provider = new EgressGuard(new EgressRules(settings.Egress)).Client(ProviderPatience);
        TokenIssuer? issuer = http.Oidc is { } oidc ? new TokenIssuer(oidc, provider, warn: line => Noted(log, line)) : null;
        using FileStream claim = Claim(settings.DataFolder);
        using TracerProvider? tracing = Tracing.FromEnvironment();
        // Before anything counts, so that nothing goes uncounted.
        using var metrics = new MetricsCollector();
        Action<string> note = line => Noted(log, line);
        VideoModel model = VideoModel.Load(settings, note);
        string demo = Path.Combine(model.Folder, "demo.mp4");
        var options = new LocalDirectoryOptions
        {
            Decoder = new DecoderOptions { Limits = settings.Limits },
            Warn = note,
            Detector = settings.Perception ? PerceptionWeights.LoadDetector(note) : null,
            TextReader = settings.Perception ? PerceptionWeights.LoadTextReader(note) : null,
            Recognizer = SpeechModel.Load(settings),
        };
        await using LocalDirectory directory = await LocalDirectory.OpenAsync(settings, model, options);
        if (withDemo && File.Exists(demo))
            await DemoStream.DeclareAsync(directory, demo, cancellation);
        await using HttpServer server = HttpServer.Create(http, directory, settings.DataFolder, metrics, logs, keys, issuer);
        await server.StartAsync(cancellation);
        Console.WriteLine($"Streaming is on {server.Address.GetLeftPart(UriPartial.Authority)} (Ctrl+C ends it)");
        await DeadMemory.CollectAsync(cancellation);
        Stopping(log);
        await server.StopAsync();
        return 0;
    }

    /// <summary>Two servers on one data folder would write over each other.</summary>
    /// <exception cref="FailureException">Another server has it.</exception>
    internal static FileStream Claim(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        try
        {
            return new FileStream(Path.Combine(dataFolder, "serving"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException)
        {
            throw new FailureException($"another server uses {dataFolder}; end it, or set STREAMING_DATA to another folder and STREAMING_PORT to another port");
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Line}")]
    private static partial void Noted(ILogger log, string line);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "stopping: requests in flight are ended first")]
    private static partial void Stopping(ILogger log);
}
