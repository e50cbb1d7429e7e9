using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>What a stream shows now, and how finely a stream or film is remembered.</summary>
internal static class MemoryEndpoints
{
    public static void MapMemory(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder stream = routes.MapGroup("/v1/streams/{name}").WithTags("Streams");
        stream.MapGet("/picture.jpg", PictureAsync).Needs(Role.Viewer)
            .WithSummary("The newest picture of the stream. While somebody asks for it every few seconds, every picture that is looked at is offered, not only keyframes.")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/jpeg").Produces(StatusCodes.Status304NotModified).Fails(ProblemKind.NotFound);
        Describe(stream.MapGet("/memory", (HttpContext http, IStreamDirectory directory, string name) => MemoryAsync(http, directory, SourceName.Stream(name))));
        Describe(routes.MapGroup("/v1/files/{id}").WithTags("Files").MapGet("/memory", (HttpContext http, IStreamDirectory directory, string id) => MemoryAsync(http, directory, SourceName.File(id))));
    }

    private static void Describe(RouteHandlerBuilder route) => route.Needs(Role.Viewer)
        .WithSummary("How finely it is remembered over time, and what of it was not seen.")
        .Fails(ProblemKind.NotFound);

    private static async Task<Ok<MemoryDocument>> MemoryAsync(HttpContext http, IStreamDirectory directory, SourceName source) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.MemoryAsync(source, http.RequestAborted)));

    private static async Task<FileContentHttpResult> PictureAsync(HttpContext http, IStreamDirectory directory, string name)
    {
        byte[] jpeg = RefusalException.Unwrap(await directory.LivePictureAsync(name, http.RequestAborted));
        http.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(jpeg, "image/jpeg", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(jpeg).AsSpan(..12))}\""));
    }
}
