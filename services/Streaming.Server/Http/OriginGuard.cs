using Microsoft.AspNetCore.Http;
using Streaming.Server.Access;

namespace Streaming.Server.Http;

/// <summary>
/// Keeps web pages of others away. Nothing is changed on behalf of another origin; and where nobody is asked for a key, requests are
/// answered under loopback names only (a page whose name was rebound to 127.0.0.1 sends its own name).
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, Doorkeeper doorkeeper)
{
    private static readonly string[] Names = ["localhost", "127.0.0.1", "[::1]"];

    public Task InvokeAsync(HttpContext http)
    {
        if (!doorkeeper.Asks && !Names.Contains(http.Request.Host.Host, StringComparer.OrdinalIgnoreCase) && !IsListener(http))
            throw new RefusalException(StatusCodes.Status421MisdirectedRequest, "this server answers only under localhost, 127.0.0.1 or [::1]");
        bool reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        if (!reads && IsForeign(http.Request))
            throw new RefusalException(StatusCodes.Status403Forbidden, "requests that change something are not taken from pages of another origin");
        return next(http);
    }

    /// <summary>Another address of 127.0.0.0/8 that the operator chose.</summary>
    private static bool IsListener(HttpContext http) => http.Request.Host.Host == http.Connection.LocalIpAddress?.ToString();

    /// <summary>Browsers say where a request comes from. Behind a proxy that speaks TLS the scheme differs, the host does not.</summary>
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site)
            return site is not (["same-origin"] or ["none"]);
        if (request.Headers.Origin is not { Count: > 0 } origin)
            return false;
        return !Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) || !string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
