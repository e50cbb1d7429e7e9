using System.Net;
using System.Threading.Channels;

namespace Streaming.Server.Tests.Watches;

/// <summary>Somebody whom webhooks are posted to, on this machine, who answers as a test says.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<Post> _posts = Channel.CreateUnbounded<Post>();

    /// <summary>A request as it came.</summary>
    internal sealed record Post(string Id, string Timestamp, string Signature, string Body);

    public Receiver(int port)
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>The status of the answer to the n-th request, from 0 on; null: it never answers.</summary>
    public Func<int, int?> Answer { get; init; } = _ => 204;

    public async Task<Post> NextAsync() => await _posts.Reader.ReadAsync();

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        for (int count = 0; ; count++)
        {
            HttpListenerContext context = await _listener.GetContextAsync();
            using var body = new StreamReader(context.Request.InputStream);
            string text = await body.ReadToEndAsync();
            if (Answer(count) is { } status)
            {
                context.Response.StatusCode = status;
                if (status is >= 300 and < 400)
                    context.Response.RedirectLocation = "http://127.0.0.1:1/elsewhere";
                context.Response.Close();
            }
            _posts.Writer.TryWrite(new Post(context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!, context.Request.Headers["webhook-signature"]!, text));
        }
    }
}
