using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/streams: cameras, and films played as if they were cameras.</summary>
internal static class StreamEndpoints
{
    public static void MapStreams(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder streams = routes.MapGroup("/v1/streams").WithTags("Streams");
        streams.MapPost("", AddAsync).Needs(Role.Operator).WithSummary("Declare a stream. It is there at once, whether or not its camera answers.")
            .Takes<StreamRequest>().Fails(ProblemKind.Taken, ProblemKind.Full);
        streams.MapGet("", ListAsync).Needs(Role.Viewer).WithSummary("All streams in order of name.");
        streams.MapGet("/{name}", GetAsync).Needs(Role.Viewer).WithSummary("One stream as it is now.")
            .Fails(ProblemKind.NotFound);
        streams.MapPatch("/{name}", ChangeAsync).Needs(Role.Operator).WithSummary("Change what the body names; a change of source or sampling reconnects, and what was seen is kept.")
            .Takes<StreamPatch>().Fails(ProblemKind.NotFound);
        streams.MapDelete("/{name}", RemoveAsync).Needs(Role.Operator).WithSummary("End the stream and forget what it saw. The answer is the stream as it was.")
            .Fails(ProblemKind.NotFound);
    }

    private static async Task<Created<StreamDocument>> AddAsync(HttpContext http, IStreamDirectory directory)
    {
        StreamRequest request = await JsonBody.ReadAsync<StreamRequest>(http.Request);
        StreamDocument stream = RefusalException.Unwrap(await directory.AddStreamAsync(request, http.RequestAborted));
        return TypedResults.Created(SourceName.Stream(stream.Name).Path, stream);
    }

    private static async Task<Ok<StreamList>> ListAsync(HttpContext http, IStreamDirectory directory) =>
        TypedResults.Ok(new StreamList(await directory.StreamsAsync(http.RequestAborted)));

    private static async Task<Ok<StreamDocument>> GetAsync(HttpContext http, IStreamDirectory directory, string name) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.StreamAsync(name, http.RequestAborted)));

    private static async Task<Ok<StreamDocument>> ChangeAsync(HttpContext http, IStreamDirectory directory, string name)
    {
        StreamPatch patch = await JsonBody.ReadAsync<StreamPatch>(http.Request);
        return TypedResults.Ok(RefusalException.Unwrap(await directory.ChangeStreamAsync(name, patch, http.RequestAborted)));
    }

    private static async Task<Ok<StreamDocument>> RemoveAsync(HttpContext http, IStreamDirectory directory, string name) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.RemoveStreamAsync(name, http.RequestAborted)));
}
