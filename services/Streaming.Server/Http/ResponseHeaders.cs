using Microsoft.AspNetCore.Http;

namespace Streaming.Server.Http;

/// <summary>What every response tells a browser: nothing from elsewhere, no guessing, no framing, no referrer.</summary>
internal static class ResponseHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static Task SetAsync(HttpContext http, RequestDelegate next)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Answers and pictures are one caller's: no cache between gives them to another.
        headers.CacheControl = "private, no-store";
        headers.Vary = "Authorization, Cookie";
        return next(http);
    }
}
