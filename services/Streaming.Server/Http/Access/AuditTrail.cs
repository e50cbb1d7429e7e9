using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Streaming.Server.Access;

namespace Streaming.Server.Http.Access;

/// <summary>Notes every request that is to change or ask something, and every one that was not let in or limited.</summary>
internal sealed class AuditTrail(RequestDelegate next, AuditLog log, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        bool reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        if (reads && http.Response.StatusCode is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests))
            return;
        var caller = http.Items[typeof(Caller)] as Caller;
        log.Write(new AuditEntry(
            clock.GetUtcNow(), caller?.Name, caller?.Role, http.Connection.RemoteIpAddress?.ToString(), http.Request.Method,
            http.Request.Path.ToUriComponent(), http.Response.StatusCode, Activity.Current?.TraceId.ToHexString()));
    }
}
