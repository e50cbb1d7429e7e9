using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Http;
using Streaming.Server.Http.Metrics;

namespace Streaming.Server.Tests.Http;

/// <summary>A server in this process, on a free port of the loopback, with real HTTP in between.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpServer _server;
    private readonly MetricsCollector _metrics = new();
    private readonly ILoggerFactory _logs;

    private RunningServer(HttpSettings settings, IStreamDirectory directory, IReadOnlyList<AccessKey> keys, TokenIssuer? issuer, TimeProvider? clock)
    {
        Folder = Directory.CreateTempSubdirectory("streaming-http-").FullName;
        Keys = new KeyRing(Folder);
        if (keys.Count > 0)
            Keys.Store(keys);
        _logs = LoggerFactory.Create(logs => logs.AddProvider(Log).SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning));
        _server = HttpServer.Create(settings, directory, Folder, _metrics, _logs, Keys, issuer, clock);
    }

    public string Folder { get; }

    public KeyRing Keys { get; }

    public LogLines Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => _server.Address;

    public HttpServer Server => _server;

    public static Task<RunningServer> StartAsync(FakeDirectory directory) => StartAsync(directory, new HttpSettings { Port = 0 });

    public static async Task<RunningServer> StartAsync(IStreamDirectory directory, HttpSettings settings, IReadOnlyList<AccessKey>? keys = null, TokenIssuer? issuer = null, TimeProvider? clock = null)
    {
        var server = new RunningServer(settings, directory, keys ?? [], issuer, clock);
        await server._server.StartAsync(CancellationToken.None);
        server.Client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address, Timeout = Patience };
        return server;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Declares a stream named <paramref name="name"/>.</summary>
    public async Task DeclareAsync(string name) =>
        Assert.Equal(201, (int)(await PostAsync("/v1/streams", $$"""{"name":"{{name}}","url":"rtsp://camera/1"}""")).StatusCode);

    /// <summary>Uploads <paramref name="content"/> as a form's part.</summary>
    public Task<HttpResponseMessage> UploadAsync(byte[] content, string name = "film.mp4") =>
        Client.PostAsync("/v1/files", new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } });

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>Checks that a response is a whole problem document of this status.</summary>
    public static async Task<JsonNode> ProblemAsync(int status, HttpResponseMessage response)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = await JsonAsync(response);
        Assert.Equal(status, (int)problem["status"]!);
        foreach (string member in (string[])["type", "title", "detail", "kind", "trace_id"])
            Assert.False(string.IsNullOrEmpty((string?)problem[member]), member);
        return problem;
    }

    /// <summary>A connection of its own, for what no client would send.</summary>
    public async Task<TcpClient> ConnectAsync()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(Address.Host, Address.Port);
        return connection;
    }

    /// <summary>Sends bytes as they are and reads until the server closes; empty if it closed without a word.</summary>
    /// <param name="hangsUp">Sends no more after that and says so; else the connection stays open for the server to close.</param>
    public async Task<string> RawAsync(byte[] request, bool hangsUp)
    {
        using TcpClient connection = await ConnectAsync();
        using var patience = new CancellationTokenSource(Patience);
        NetworkStream stream = connection.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, patience.Token);
            if (hangsUp)
                connection.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // The server may close while the request is still being written.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The status of an answer as it came; 0 if there is none.</summary>
    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        _metrics.Dispose();
        _logs.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Keeps what is logged, with its scopes.</summary>
    internal sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
