using System.Net;
using System.Net.Http.Headers;

namespace Streaming.Models.Hub.Pulling;

/// <summary>
/// Speaks the Hugging Face hub's HTTP: what a repository holds, and stretches of its files. Waits and asks again where the hub is busy
/// (429, with Retry-After), fails (5xx), falls silent or hangs up; follows redirects itself, so that the token stays with the hub.
/// Safe to use from several threads.
/// </summary>
/// <param name="http">Follows no redirects of its own.</param>
/// <param name="endpoint">The hub's address, or a mirror's.</param>
/// <param name="token">For repositories that want one; null for none.</param>
/// <param name="pause">Waits between two tries; null: by the system's clock.</param>
public sealed class HubClient(HttpClient http, Uri endpoint, string? token, Func<TimeSpan, CancellationToken, Task>? pause = null)
{
    /// <summary>The variables by which the hub's own tools take a mirror and a token.</summary>
    public const string EndpointVariable = "HF_ENDPOINT", TokenVariable = "HF_TOKEN";

    public static readonly Uri DefaultEndpoint = new("https://huggingface.co");

    private const int MostRedirects = 5, MostTries = 6;

    /// <summary>A hub that asks for more is not waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>A server that sends nothing for so long is taken for gone.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly Func<TimeSpan, CancellationToken, Task> _pause = pause ?? Task.Delay;

    public Uri Endpoint => endpoint;

    /// <param name="repository"><c>owner/name</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <exception cref="HubException">There is none, or the hub does not answer.</exception>
    public async Task<HubRepository> FindAsync(string repository, string revision, CancellationToken cancellation)
    {
        Uri address = At($"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        string json = "";
        await TryAsync(
            repository,
            async stall =>
            {
                using HttpResponseMessage answer = await SendAsync(address, repository, range: null, stall.Token).ConfigureAwait(false);
                json = await answer.Content.ReadAsStringAsync(stall.Token).ConfigureAwait(false);
            },
            () => 0, cancellation).ConfigureAwait(false);
        return HubRepository.Parse(repository, json);
    }

    /// <summary>Reads a stretch of a file; after a connection that was cut it goes on where that stood.</summary>
    /// <param name="from">The first byte.</param>
    /// <param name="count">How many.</param>
    /// <param name="write">Receives each piece with its place in the file.</param>
    /// <exception cref="HubException">The hub does not give it.</exception>
    public async Task ReadAsync(
        HubRepository repository, HubFile file, long from, long count, Func<ReadOnlyMemory<byte>, long, ValueTask> write, CancellationToken cancellation)
    {
        Uri address = At($"{repository.Name}/resolve/{repository.Commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");
        long at = from, end = from + count;
        if (count > 0)
            await TryAsync(file.Path, ReadOnAsync, () => at, cancellation).ConfigureAwait(false);

        async Task ReadOnAsync(CancellationTokenSource stall)
        {
            var range = at == 0 && end == file.SizeBytes ? null : new RangeHeaderValue(at, end - 1);
            using HttpResponseMessage answer = await SendAsync(address, file.Path, range, stall.Token).ConfigureAwait(false);
            if (range is not null && !IsPart(answer, at, file.SizeBytes))
                throw new HubException($"{file.Path}: the server does not give the parts of a file that it is asked for.");
            Stream body = await answer.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            byte[] buffer = new byte[1 << 17];
            while (at < end)
            {
                stall.CancelAfter(LongestSilence);
                int read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - at)), stall.Token).ConfigureAwait(false);
                if (read == 0)
                    throw new HttpIOException(HttpRequestError.ResponseEnded, "the connection was closed before the end");
                await write(buffer.AsMemory(0, read), at).ConfigureAwait(false);
                at += read;
            }
        }
    }

    private static bool IsPart(HttpResponseMessage answer, long from, long size) =>
        answer.StatusCode == HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange is { From: { } first, Length: var whole }
        && first == from && (whole ?? size) == size;

    /// <summary>Tries again after what may pass. Tries that brought something do not count.</summary>
    /// <param name="progress">Changes with what a try brings.</param>
    private async Task TryAsync(string what, Func<CancellationTokenSource, Task> attempt, Func<long> progress, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            long before = progress();
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            stall.CancelAfter(LongestSilence);
            TimeSpan wait;
            try
            {
                await attempt(stall).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested && error is BusyException or HttpRequestException or IOException or OperationCanceledException)
            {
                if (progress() > before)
                    tries = 1;
                wait = (error as BusyException)?.RetryAfter ?? TimeSpan.FromSeconds(1 << (tries - 1));
                if (tries == MostTries || wait > LongestWait || Cause(error) is not null)
                    throw new HubException($"{what}: {endpoint.Host} does not give it: {(Cause(error) ?? error).Message}", error);
            }
            await _pause(wait, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What made a connection fail for good: neither a socket's nor a server's failure, as a rule of whom may be called.</summary>
    private static Exception? Cause(Exception error) =>
        error is HttpRequestException { InnerException: { } inner and not (System.Net.Sockets.SocketException or IOException or OperationCanceledException) } ? inner : null;

    /// <returns>An answer of 200 or 206, its body unread.</returns>
    /// <exception cref="BusyException">Later it may give it.</exception>
    /// <exception cref="HubException">It never will.</exception>
    private async Task<HttpResponseMessage> SendAsync(Uri address, string what, RangeHeaderValue? range, CancellationToken cancellation)
    {
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Range = range;
            request.Headers.AcceptEncoding.ParseAdd("identity");
            request.Headers.UserAgent.ParseAdd("streaming/1");
            if (token is not null && IsSameServer(address, endpoint))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
                return answer;
            using (answer)
            {
                if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
                    throw Failure(answer, what);
                address = new Uri(address, location);
            }
        }
        throw new HubException($"{what}: more than {MostRedirects} redirects.");
    }

    private Exception Failure(HttpResponseMessage answer, string what) => (int)answer.StatusCode switch
    {
        401 or 403 => new HubException($"{what}: {endpoint.Host} wants a token that may read it: accept the model's terms on its page and set {TokenVariable}."),
        404 => new HubException($"{what}: {endpoint.Host} has no such model or file."),
        408 or 429 or >= 500 => new BusyException($"it answers {(int)answer.StatusCode} {answer.ReasonPhrase}", RetryAfter(answer)),
        var status => new HubException($"{what}: {endpoint.Host} answers {status} {answer.ReasonPhrase}."),
    };

    /// <summary>As many seconds as it asks for; a date is taken for what is left until then by the server's own clock.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } when answer.Headers.Date is { } now => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>Mirrors may lie under a path of their own.</summary>
    private Uri At(string path) => new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private static bool IsSameServer(Uri one, Uri other) => Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private sealed class BusyException(string message, TimeSpan? retryAfter) : Exception(message)
    {
        public TimeSpan? RetryAfter => retryAfter;
    }
}
