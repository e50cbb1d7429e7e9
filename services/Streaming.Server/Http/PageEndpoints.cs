using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>The page at / and its parts, all of them inside the program.</summary>
internal static class PageEndpoints
{
    private static readonly (string Path, string File, string Type)[] Parts =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/page.css", "page.css", "text/css; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, file, type) in Parts)
        {
            byte[] content = Read(file);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(..12))}\"");
            routes.MapGet(path, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "no-cache";
                return TypedResults.Bytes(content, type, entityTag: tag);
            }).IsPublic().ExcludeFromDescription();
        }
    }

    private static byte[] Read(string file)
    {
        using Stream part = typeof(PageEndpoints).Assembly.GetManifestResourceStream("web/" + file) ?? throw new InvalidOperationException($"the program lacks its part web/{file}");
        var content = new byte[part.Length];
        part.ReadExactly(content);
        return content;
    }
}
