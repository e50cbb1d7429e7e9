using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Streaming.Models.Hub.Tests;

/// <summary>A request as it came in.</summary>
/// <param name="From">First byte of the range that was asked for; null for no range.</param>
internal sealed record HubRequest(string Server, string Path, long? From, long? To, string? Authorization);

/// <summary>What the server does instead of answering properly; each is done once.</summary>
/// <param name="Status">An answer without content; 0 for a proper one that is cut.</param>
/// <param name="CutAfter">Bytes of the body after which the connection is closed.</param>
/// <param name="Headers">Further header lines.</param>
internal sealed record Fault(int Status, int CutAfter = 0, string Headers = "");

/// <summary>
/// A hub on this machine: repositories with their hashes, redirects of large files to a second server, ranges, and faults where a test wants them.
/// </summary>
internal sealed class LocalHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Repository = "someone/model";
    private readonly TcpListener _hub = new(IPAddress.Loopback, 0), _store = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, (byte[] Content, bool IsLarge)> _files = [];

    public LocalHub()
    {
        foreach (TcpListener listener in (TcpListener[])[_hub, _store])
        {
            listener.Start();
            _ = ServeAsync(listener);
        }
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_hub.LocalEndpoint).Port}");

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>Faults of the server that holds large files, in the order of the requests.</summary>
    public ConcurrentQueue<Fault> StoreFaults { get; } = new();

    /// <summary>Faults of the hub itself.</summary>
    public ConcurrentQueue<Fault> HubFaults { get; } = new();

    public bool GivesParts { get; set; } = true;

    public IEnumerable<HubRequest> PartsAsked => Requests.Where(request => request.Server == "store");

    /// <param name="served">What is given instead of the content that the hashes are of.</param>
    public void Add(string path, byte[] content, bool isLarge, byte[]? served = null)
    {
        _files[path] = (served ?? content, isLarge);
        Listing[path] = Describe(path, content, isLarge);
    }

    /// <summary>What the hub's interface says of each file.</summary>
    public Dictionary<string, object> Listing { get; } = [];

    public void Dispose()
    {
        _hub.Dispose();
        _store.Dispose();
    }

    private static object Describe(string path, byte[] content, bool isLarge)
    {
        string git = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
        return isLarge
            ? new { rfilename = path, size = content.Length, blobId = git, lfs = new { sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), size = content.Length, pointerSize = 134 } }
            : new { rfilename = path, size = content.Length, blobId = git };
    }

    private async Task ServeAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(), listener == _hub);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client, bool isHub)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                HubRequest request = await ReadAsync(stream, isHub ? "hub" : "store");
                Requests.Enqueue(request);
                (string head, byte[] body) = (isHub ? HubFaults : StoreFaults).TryDequeue(out Fault? fault) && fault.Status > 0
                    ? ($"{fault.Status} Fault\r\n{fault.Headers}", [])
                    : isHub ? Hub(request.Path) : Store(request);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
                await stream.WriteAsync(fault is { Status: 0 } ? body.AsMemory(0, Math.Min(fault.CutAfter, body.Length)) : body);
            }
            catch (IOException)
            {
                // The other side hung up first.
            }
        }
    }

    private static async Task<HubRequest> ReadAsync(NetworkStream stream, string server)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync() ?? throw new IOException("no request")).Split(' ')[1];
        (long? from, long? to, string? authorization) = (null, null, null);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            string[] header = line.Split(": ", 2);
            if (header[0] == "Range")
            {
                string[] ends = header[1]["bytes=".Length..].Split('-');
                (from, to) = (long.Parse(ends[0]), long.Parse(ends[1]));
            }
            if (header[0] == "Authorization")
                authorization = header[1];
        }
        return new HubRequest(server, path, from, to, authorization);
    }

    private (string Head, byte[] Body) Hub(string path)
    {
        if (path == $"/api/models/{Repository}/revision/main?blobs=true")
            return ("200 OK\r\n", JsonSerializer.SerializeToUtf8Bytes(new { id = Repository, sha = Commit, cardData = new { license = "apache-2.0" }, siblings = Listing.Values }));
        string start = $"/{Repository}/resolve/{Commit}/";
        if (!path.StartsWith(start, StringComparison.Ordinal) || !_files.TryGetValue(path[start.Length..], out var file))
            return ("404 Not Found\r\n", []);
        return file.IsLarge
            ? ($"302 Found\r\nLocation: http://127.0.0.1:{((IPEndPoint)_store.LocalEndpoint).Port}/store/{path[start.Length..]}?signature=1\r\n", [])
            : ($"200 OK\r\nETag: \"{Convert.ToHexStringLower(SHA1.HashData(file.Content))}\"\r\n", file.Content);
    }

    private (string Head, byte[] Body) Store(HubRequest request)
    {
        byte[] content = _files[request.Path["/store/".Length..^"?signature=1".Length]].Content;
        if (request.From is not { } from || !GivesParts)
            return ("200 OK\r\n", content);
        long to = Math.Min(request.To!.Value, content.Length - 1);
        return ($"206 Partial Content\r\nContent-Range: bytes {from}-{to}/{content.Length}\r\n", content[(int)from..(int)(to + 1)]);
    }
}
