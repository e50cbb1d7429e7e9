using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Streaming.Server.Http;

/// <summary>Names a request's span by its route and tells what came of it, in the words of OpenTelemetry's conventions for HTTP; ASP.NET Core 10 does neither by itself.</summary>
internal static class RequestSpan
{
    internal const string Path = "url.path";

    internal static async Task TellAsync(HttpContext http, RequestDelegate next)
    {
        Activity? span = Activity.Current;
        try
        {
            await next(http);
        }
        finally
        {
            if (span is { IsAllDataRequested: true })
                Tell(span, http);
        }
    }

    private static void Tell(Activity span, HttpContext http)
    {
        string? route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        int status = http.Response.StatusCode;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method).SetTag(Path, http.Request.Path.ToUriComponent()).SetTag("http.response.status_code", status);
        if (route is not null)
            span.SetTag("http.route", route);
        if (status >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }
}
