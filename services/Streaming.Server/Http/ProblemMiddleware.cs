using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Http.OpenAI;

namespace Streaming.Server.Http;

/// <summary>Gives every failed request its problem document: refusals, the framework's own bare statuses, and bugs.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    /// <summary>How long a caller who comes when all is busy, or the model is not well, is told to wait: a few answers later.</summary>
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(2);

    /// <summary>What nginx logs for a client that went away; nobody receives it.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await WriteAsync(http, new RefusalException(http.Response.StatusCode, ProblemTable.DetailOf(http.Response.StatusCode)));
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            WentAway(log, e.GetType().Name);
            if (!http.Response.HasStarted)
                http.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception e)
        {
            await AnswerAsync(http, e);
        }
    }

    private async Task AnswerAsync(HttpContext http, Exception failure)
    {
        RefusalException refusal = failure switch
        {
            RefusalException known => known,
            UnavailableException away => new RefusalException(away.Problem),
            BadHttpRequestException bad => new RefusalException(bad.StatusCode, bad.Message),
            _ => new RefusalException(StatusCodes.Status500InternalServerError, ProblemTable.DetailOf(StatusCodes.Status500InternalServerError)),
        };
        if (refusal.Status >= 500 && failure is not (RefusalException or UnavailableException))
            Failed(log, http.Request.Method, http.Request.Path.ToUriComponent(), failure);
        if (http.Response.HasStarted)
        {
            // Too late for words: a cut connection tells the caller that the answer is incomplete.
            http.Abort();
            return;
        }
        // What the endpoint had prepared is gone, what middleware set (security headers, Allow) stays.
        http.Response.ContentLength = null;
        await WriteAsync(http, refusal);
    }

    public static ProblemDocument Document(HttpContext http, RefusalException refusal) => new(
        "about:blank", TitleOf(refusal.Status), refusal.Status, refusal.Message, refusal.Kind,
        Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier);

    private static string TitleOf(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } known ? known : ProblemTable.WordOf(status);

    private static async Task WriteAsync(HttpContext http, RefusalException refusal)
    {
        http.Response.StatusCode = refusal.Status;
        http.Response.Headers.CacheControl = "private, no-store";
        if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling((refusal.RetryAfter ?? SoonEnough).TotalSeconds)}");
        if (OpenAIRoutes.Include(http.Request.Path))
        {
            await http.Response.WriteAsJsonAsync(ErrorDocument.Of(refusal), OpenAIJson.Default.ErrorDocument, cancellationToken: http.RequestAborted);
            return;
        }
        await http.Response.WriteAsJsonAsync(Document(http, refusal), HttpJson.Default.ProblemDocument, "application/problem+json", http.RequestAborted);
    }

    [LoggerMessage(EventId = 11, Level = LogLevel.Debug, Message = "the client went away ({What})")]
    private static partial void WentAway(ILogger log, string what);

    [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger log, string method, string path, Exception failure);
}
