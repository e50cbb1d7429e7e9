using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>The pictures that are kept of a stream or file.</summary>
internal static class KeyframeEndpoints
{
    /// <summary>How many are listed where the caller names no number, and at most.</summary>
    private const int Usual = 100, Most = 5000;

    public static void MapKeyframes(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder streams = routes.MapGroup("/v1/streams/{name}/keyframes").WithTags("Streams");
        DescribeList(streams.MapGet("", (HttpContext http, IStreamDirectory directory, string name, [FromQuery] string? from, [FromQuery] string? most) =>
            ListAsync(http, directory, SourceName.Stream(name), from, most)));
        DescribePicture(streams.MapGet("/{number}.jpg", (HttpContext http, IStreamDirectory directory, string name, string number) =>
            PictureAsync(http, directory, SourceName.Stream(name), number)));
        RouteGroupBuilder files = routes.MapGroup("/v1/files/{id}/keyframes").WithTags("Files");
        DescribeList(files.MapGet("", (HttpContext http, IStreamDirectory directory, string id, [FromQuery] string? from, [FromQuery] string? most) =>
            ListAsync(http, directory, SourceName.File(id), from, most)));
        DescribePicture(files.MapGet("/{number}.jpg", (HttpContext http, IStreamDirectory directory, string id, string number) =>
            PictureAsync(http, directory, SourceName.File(id), number)));
    }

    private static void DescribeList(RouteHandlerBuilder route) => route.Needs(Role.Viewer)
        .WithSummary("Keyframes that are still kept, in order of time: those numbered at least \"from\", the newest \"most\" of them.")
        .Fails(ProblemKind.NotFound, ProblemKind.Invalid);

    private static void DescribePicture(RouteHandlerBuilder route) => route.Needs(Role.Viewer)
        .WithSummary("The picture of one keyframe.")
        .Produces<byte[]>(StatusCodes.Status200OK, "image/jpeg").Produces(StatusCodes.Status304NotModified).Fails(ProblemKind.NotFound);

    private static async Task<Ok<KeyframeList>> ListAsync(HttpContext http, IStreamDirectory directory, SourceName source, string? from, string? most)
    {
        int first = Whole("from", from, 0, 0, int.MaxValue), count = Whole("most", most, Usual, 1, Most);
        return TypedResults.Ok(RefusalException.Unwrap(await directory.KeyframesAsync(source, first, count, http.RequestAborted)));
    }

    private static async Task<FileContentHttpResult> PictureAsync(HttpContext http, IStreamDirectory directory, SourceName source, string number)
    {
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed))
            throw new RefusalException(new Problem(ProblemKind.NotFound, "keyframes are numbered 0, 1, 2, ..."));
        byte[] jpeg = RefusalException.Unwrap(await directory.KeyframePictureAsync(source, parsed, http.RequestAborted));
        // A stream that was removed and declared again numbers from 0 anew: a browser asks each time, and mostly hears 304.
        http.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(jpeg).AsSpan(..12))}\"");
        return TypedResults.Bytes(jpeg, "image/jpeg", entityTag: tag);
    }

    private static int Whole(string name, string? text, int usual, int least, int most)
    {
        if (text is null)
            return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new RefusalException(StatusCodes.Status422UnprocessableEntity, $"{name} has to be a whole number from {least} to {most}", parameter: name);
    }
}
