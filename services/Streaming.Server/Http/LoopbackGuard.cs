using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Streaming.Server.Http;

/// <summary>
/// Keeps web pages of others away from a server that knows no passwords: requests are answered under loopback names only (a page whose
/// name was rebound to 127.0.0.1 sends its own name), and nothing is changed on behalf of another origin.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next)
{
    private static readonly string[] Names = ["localhost", "127.0.0.1", "[::1]"];

    public Task InvokeAsync(HttpContext http)
    {
        if (!Names.Contains(http.Request.Host.Host, StringComparer.OrdinalIgnoreCase) && !IsListener(http))
            throw new RefusalException(StatusCodes.Status421MisdirectedRequest, "this server answers only under localhost, 127.0.0.1 or [::1]");
        bool reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        if (!reads && IsForeign(http.Request))
            throw new RefusalException(StatusCodes.Status403Forbidden, "requests that change something are not taken from pages of another origin");
        return next(http);
    }

    /// <summary>Another address of 127.0.0.0/8 that the operator chose.</summary>
    private static bool IsListener(HttpContext http) => http.Request.Host.Host == http.Connection.LocalIpAddress?.ToString();

    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site is not (["same-origin"] or ["none"]))
            return true;
        StringValues origin = request.Headers.Origin;
        return origin.Count > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
