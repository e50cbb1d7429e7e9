using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/files: uploaded films.</summary>
internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder files = routes.MapGroup("/v1/files").WithTags("Files");
        files.MapPost("", AddAsync).Needs(Role.Operator).WithSummary("Upload a film as the part \"file\" of a form. It can be asked about while it is still read.")
            .Accepts<IFormFile>("multipart/form-data")
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status415UnsupportedMediaType)
            .Fails(ProblemKind.TooLarge, ProblemKind.Invalid, ProblemKind.Full);
        files.MapGet("", ListAsync).Needs(Role.Viewer).WithSummary("All files, the newest first.");
        files.MapGet("/{id}", GetAsync).Needs(Role.Viewer).WithSummary("One file and how far it has been read.")
            .Fails(ProblemKind.NotFound);
        files.MapPost("/{id}/cancel", CancelAsync).Needs(Role.Operator).WithSummary("Stop reading the file; what was read can still be asked about.")
            .Fails(ProblemKind.NotFound);
        files.MapDelete("/{id}", RemoveAsync).Needs(Role.Operator).WithSummary("Delete the file and what was seen of it.")
            .Fails(ProblemKind.NotFound, ProblemKind.Taken);
    }

    private static async Task<Created<FileDocument>> AddAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings)
    {
        FileDocument file = await Upload.StoreAsync(http, directory, settings.MaxUploadBytes);
        return TypedResults.Created(SourceName.File(file.Id).Path, file);
    }

    private static async Task<Ok<FileList>> ListAsync(HttpContext http, IStreamDirectory directory) =>
        TypedResults.Ok(new FileList(await directory.FilesAsync(http.RequestAborted)));

    private static async Task<Ok<FileDocument>> GetAsync(HttpContext http, IStreamDirectory directory, string id) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.FileAsync(id, http.RequestAborted)));

    private static async Task<Ok<FileDocument>> CancelAsync(HttpContext http, IStreamDirectory directory, string id) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.CancelFileAsync(id, http.RequestAborted)));

    private static async Task<Ok<FileDocument>> RemoveAsync(HttpContext http, IStreamDirectory directory, string id) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.RemoveFileAsync(id, http.RequestAborted)));
}
