using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/uploads: films that come in pieces, by tus 1.0.</summary>
internal static class UploadEndpoints
{
    public const string Path = "/v1/uploads";

    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder uploads = routes.MapGroup(Path).WithTags("Uploads");
        uploads.AddEndpointFilter(async (context, next) =>
        {
            TusProtocol.Agree(context.HttpContext);
            return await next(context);
        });
        uploads.MapMethods("", [HttpMethods.Options], Offer).IsPublic().WithSummary("What of tus is spoken here.");
        uploads.MapPost("", BeginAsync).Needs(Role.Operator).WithSummary("Begin an upload of Upload-Length bytes; a \"filename\" in Upload-Metadata names it. Its Location takes the bytes.")
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status412PreconditionFailed).Fails(ProblemKind.TooLarge, ProblemKind.Invalid, ProblemKind.Full);
        uploads.MapGet("/{id}", FindAsync).Needs(Role.Operator).WithSummary("Where an upload stands; tus clients ask by HEAD.")
            .Fails(StatusCodes.Status412PreconditionFailed).Fails(ProblemKind.NotFound);
        uploads.MapPatch("/{id}", AppendAsync).Needs(Role.Operator).WithSummary("The next bytes, from Upload-Offset on. After the last ones Content-Location names the film.")
            .Accepts<Stream>(TusProtocol.ContentType)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status412PreconditionFailed, StatusCodes.Status415UnsupportedMediaType)
            .Fails(ProblemKind.NotFound, ProblemKind.Taken, ProblemKind.Damaged, ProblemKind.TooLarge, ProblemKind.Invalid, ProblemKind.Full, ProblemKind.Unavailable);
        uploads.MapDelete("/{id}", RemoveAsync).Needs(Role.Operator).WithSummary("Give an upload up.")
            .Fails(StatusCodes.Status412PreconditionFailed).Fails(ProblemKind.NotFound);
    }

    private static NoContent Offer(HttpContext http, HttpSettings settings)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers["Tus-Version"] = TusProtocol.Version;
        headers["Tus-Extension"] = TusProtocol.Extensions;
        headers["Tus-Max-Size"] = settings.MaxUploadBytes.ToString(CultureInfo.InvariantCulture);
        headers["Tus-Checksum-Algorithm"] = string.Join(',', UploadDigest.Algorithms);
        return TypedResults.NoContent();
    }

    private static async Task<Created<UploadDocument>> BeginAsync(HttpContext http, IStreamDirectory directory)
    {
        string? metadata = TusProtocol.Metadata(http.Request);
        var request = new UploadRequest(TusProtocol.Value(metadata, "filename") ?? "film", TusProtocol.Number(http.Request, "Upload-Length"), metadata);
        UploadDocument upload = RefusalException.Unwrap(await directory.Uploads.BeginAsync(request, http.RequestAborted));
        TusProtocol.Tell(http.Response, upload);
        return TypedResults.Created($"{Path}/{upload.Id}", upload);
    }

    private static async Task<Ok<UploadDocument>> FindAsync(HttpContext http, IStreamDirectory directory, string id)
    {
        UploadDocument upload = RefusalException.Unwrap(await directory.Uploads.FindAsync(id, http.RequestAborted));
        TusProtocol.Tell(http.Response, upload);
        return TypedResults.Ok(upload);
    }

    private static async Task<NoContent> AppendAsync(HttpContext http, IStreamDirectory directory, string id)
    {
        if (http.Request.ContentType != TusProtocol.ContentType)
            throw new RefusalException(StatusCodes.Status415UnsupportedMediaType, $"the bytes of an upload come as {TusProtocol.ContentType}");
        JsonBody.RequirePlain(http.Request);
        long offset = TusProtocol.Number(http.Request, "Upload-Offset");
        UploadDocument upload = RefusalException.Unwrap(await directory.Uploads.AppendAsync(id, offset, http.Request.Body, TusProtocol.Checksum(http.Request), http.RequestAborted));
        TusProtocol.Tell(http.Response, upload);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(HttpContext http, IStreamDirectory directory, string id)
    {
        RefusalException.Unwrap(await directory.Uploads.RemoveAsync(id, http.RequestAborted));
        return TypedResults.NoContent();
    }
}
