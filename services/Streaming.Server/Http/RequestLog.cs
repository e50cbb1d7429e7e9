using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Streaming.Server.Access;

namespace Streaming.Server.Http;

/// <summary>One line for each request that changes or asks something or fails; what a page polls is for debugging. No query, no body.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            LogLevel level = http.Response.StatusCode >= 400 || !HttpMethods.IsGet(http.Request.Method) ? LogLevel.Information : LogLevel.Debug;
            // Escaped as on the wire, so that a path cannot forge lines.
            Served(log, level, http.Request.Method, http.Request.Path.ToUriComponent(), (http.Items[typeof(Caller)] as Caller)?.Name ?? "nobody", http.Response.StatusCode, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    [LoggerMessage(EventId = 10, Message = "{Method} {Path} by {Caller}: {Status} in {Milliseconds:0.0} ms")]
    private static partial void Served(ILogger log, LogLevel level, string method, string path, string caller, int status, double milliseconds);
}
