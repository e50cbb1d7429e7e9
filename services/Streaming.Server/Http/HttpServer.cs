using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Http.Access;
using Streaming.Server.Http.Metrics;
using Streaming.Server.Http.OpenAI;

namespace Streaming.Server.Http;

/// <summary>The HTTP server in front of a directory: what it listens to, what every request passes, and the routes.</summary>
public sealed partial class HttpServer : IAsyncDisposable
{
    /// <summary>More connections at once are not for one machine; the rest wait to be taken.</summary>
    private const int MostConnections = 1024;

    /// <summary>A request's head fits into one packet; whoever takes longer holds a connection and asks nothing.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Slower bodies are given up: 240 bytes a second, Kestrel's default, with a shorter grace so that a refusal comes within 10 s.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private readonly WebApplication _app;

    private HttpServer(WebApplication app) => _app = app;

    /// <summary>Where it answers, once started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Every route, for the test that compares them with the OpenAPI document.</summary>
    internal IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> Endpoints => _app.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints;

    /// <param name="dataFolder">Where what is seen is stored; ready means that it can be written.</param>
    /// <param name="metrics">What /metrics tells; listening since before the directory began.</param>
    /// <param name="logs">Where log lines go; not disposed.</param>
    /// <param name="keys">What callers have to show, if there are any.</param>
    /// <param name="issuer">Whose tokens let in besides; null: nobody's.</param>
    /// <param name="clock">For limits and the audit log; null: the system's.</param>
    /// <param name="auditFolder">Where the audit log lies; null: the data folder.</param>
    public static HttpServer Create(
        HttpSettings settings, IStreamDirectory directory, string dataFolder, MetricsCollector metrics, ILoggerFactory logs, KeyRing keys,
        TokenIssuer? issuer = null, TimeProvider? clock = null, string? auditFolder = null)
    {
        // An empty builder: no setting of ASP.NET Core's own can make it listen elsewhere.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(HttpServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, settings));
        builder.Services.AddRoutingCore();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(settings).AddSingleton(metrics).AddSingleton(logs).AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(new Doorkeeper(keys, issuer, settings.Limits)).AddSingleton(_ => new Allowances(clock, settings.SourceLimits));
        ILogger log = logs.CreateLogger("Streaming");
        builder.Services.AddSingleton(new AuditLog(auditFolder ?? dataFolder, line => Noted(log, line)));
        builder.Services.AddScoped<CallerSlot>();
        builder.Services.AddScoped<IStreamDirectory>(services => new GuardedDirectory(directory, services.GetRequiredService<CallerSlot>().Caller, services.GetRequiredService<Allowances>()));
        builder.Services.AddSingleton(services => new Readiness(dataFolder, directory, services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.ShutdownDeadline);
        builder.Services.ConfigureHttpJsonOptions(json => UseDocuments(json.SerializerOptions));
        ApiDescription.Add(builder.Services);
        WebApplication app = builder.Build();
        app.Use(RequestSpan.TellAsync);
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<AuditTrail>();
        app.Use(ResponseHeaders.SetAsync);
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<OriginGuard>();
        app.Use(TusProtocol.ReadMethodAsync);
        app.Use(HeadRequests.AnswerAsync);
        app.UseRouting();
        app.UseMiddleware<AccessGuard>();
        app.MapSession();
        app.MapFiles();
        app.MapUploads();
        app.MapStreams();
        app.MapKeyframes();
        app.MapMemory();
        app.MapPerception();
        app.MapWatches();
        app.MapAlerts();
        app.MapAsk();
        app.MapConversations();
        app.MapUtterances();
        app.MapOpenAI();
        app.MapOperations();
        app.MapOpenApi("/openapi/{documentName}.json").Needs(Role.Viewer);
        app.MapPage();
        return new HttpServer(app);
    }

    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            HttpSettings settings = _app.Services.GetRequiredService<HttpSettings>();
            throw new IOException($"{settings.Listen}:{settings.Port} is taken by another program; set STREAMING_PORT to another port", e);
        }
    }

    /// <summary>Takes no more requests, lets those in flight end, and cuts what is left when <see cref="HttpSettings.ShutdownDeadline"/> has passed.</summary>
    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Limit(KestrelServerOptions kestrel, HttpSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        // Routes count what they read themselves: Kestrel cuts the connection where its own limit is passed, and a caller who is still
        // sending then never sees the answer. Bodies that nobody reads are drained for five seconds.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
        kestrel.Listen(settings.Listen, settings.Port, listener => listener.Protocols = HttpProtocols.Http1);
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Line}")]
    private static partial void Noted(ILogger log, string line);

    private static void UseDocuments(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.TypeInfoResolverChain.Insert(0, DocumentJson.Default);
        json.TypeInfoResolverChain.Insert(1, HttpJson.Default);
        json.TypeInfoResolverChain.Insert(2, OpenAIJson.Default);
    }
}
