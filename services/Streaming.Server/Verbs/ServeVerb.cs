using System.CommandLine;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Clustering;
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

    /// <summary>For the streams of a machine that leaves its cluster; what ends it waits longer (Program, and the grace period of a pod).</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(60);

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
        ICluster? cluster = settings.Cluster is { } joins ? Membership.Prepare(joins) : null;
        using FileStream claim = Claim(settings.DataFolder, isShared: cluster is not null);
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
            Cluster = cluster?.Link,
        };
        await using LocalDirectory machine = await LocalDirectory.OpenAsync(settings, model, options);
        // Left before what it runs is closed, whatever ends this.
        await using ICluster? joined = cluster;
        IStreamDirectory directory = cluster is null ? machine : await cluster.JoinAsync(machine, settings.Redis!, logs, cancellation);
        if (cluster is not null)
            await ClusterCameras.DeclareAsync(directory, settings.Cameras, cancellation);
        if (withDemo && File.Exists(demo))
            await DemoStream.DeclareAsync(directory, demo, cancellation);
        // Servers that share the data folder would write over each other's lines.
        string? audit = settings.Cluster is { } own ? Directory.CreateDirectory(Path.Combine(settings.DataFolder, "audit", own.Machine)).FullName : null;
        await using HttpServer server = HttpServer.Create(http, directory, settings.DataFolder, metrics, logs, keys, issuer, auditFolder: audit);
        await server.StartAsync(cancellation);
        Console.WriteLine($"Streaming is on {server.Address.GetLeftPart(UriPartial.Authority)} (Ctrl+C ends it)");
        await DeadMemory.CollectAsync(cancellation);
        Stopping(log);
        await Task.WhenAll(server.StopAsync(), DrainAsync(cluster));
        return 0;
    }

    /// <summary>Streams that are not handed over by then are opened elsewhere when this machine has left.</summary>
    private static async Task DrainAsync(ICluster? cluster)
    {
        if (cluster is null)
            return;
        using var patience = new CancellationTokenSource(DrainTime);
        try
        {
            await cluster.DrainAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // What is left is closed with the directory.
        }
    }

    /// <summary>Two servers on one data folder would write over each other; those of a cluster share it, and each stream's part of it has one owner.</summary>
    /// <exception cref="FailureException">Another server has it.</exception>
    internal static FileStream Claim(string dataFolder, bool isShared = false)
    {
        Directory.CreateDirectory(dataFolder);
        try
        {
            string path = Path.Combine(dataFolder, "serving");
            if (!isShared)
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            if (!File.Exists(path))
                File.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
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
