using Microsoft.AspNetCore.Http;

namespace Streaming.Server.Http;

/// <summary>HEAD is answered wherever GET is, with the same head and no body: the server writes none whatever the route does.</summary>
internal static class HeadRequests
{
    public static async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        bool isHead = HttpMethods.IsHead(http.Request.Method);
        if (isHead)
            http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            if (isHead)
                http.Request.Method = HttpMethods.Head;
        }
        string[] allowed = http.Response.Headers.GetCommaSeparatedValues("Allow");
        if (!http.Response.HasStarted && allowed.Contains(HttpMethods.Get))
            http.Response.Headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head));
    }
}
