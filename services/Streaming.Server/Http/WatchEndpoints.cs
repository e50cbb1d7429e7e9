using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/streams/{name}/watches: questions that stand.</summary>
internal static class WatchEndpoints
{
    public static void MapWatches(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder watches = routes.MapGroup("/v1/streams/{name}/watches").WithTags("Watches");
        watches.MapPost("", AddAsync).Needs(Role.Operator).WithSummary("Declare a question that stands: it is asked again and again about the newest stretch of the stream, and makes an event when enough answers hold.")
            .Takes<WatchRequest>().Fails(ProblemKind.NotFound, ProblemKind.Taken, ProblemKind.Full);
        watches.MapGet("", ListAsync).Needs(Role.Viewer).WithSummary("The stream's watches in order of name.")
            .Fails(ProblemKind.NotFound);
        watches.MapPost("/backtest", BacktestAsync).Needs(Role.Operator).WithSummary("Ask as such a watch would have asked over the last hour that memory holds, and list the events it would have made. Nothing is stored or sent; name and webhook may be left out.")
            .Takes<WatchRequest>().Fails(ProblemKind.NotFound, ProblemKind.Busy, ProblemKind.Unavailable, ProblemKind.Overdue);
        watches.MapGet("/{watch}", GetAsync).Needs(Role.Viewer).WithSummary("One watch as it is now.")
            .Fails(ProblemKind.NotFound);
        watches.MapPatch("/{watch}", ChangeAsync).Needs(Role.Operator).WithSummary("Change what the body names; the answers so far count no more.")
            .Takes<WatchPatch>().Fails(ProblemKind.NotFound, ProblemKind.Full);
        watches.MapDelete("/{watch}", RemoveAsync).Needs(Role.Operator).WithSummary("Take the watch away; its events stay. The answer is the watch as it was.")
            .Fails(ProblemKind.NotFound, ProblemKind.Full);
    }

    private static async Task<Created<WatchDocument>> AddAsync(HttpContext http, IStreamDirectory directory, string name)
    {
        WatchRequest request = await JsonBody.ReadAsync<WatchRequest>(http.Request);
        WatchDocument watch = RefusalException.Unwrap(await directory.Watches.AddAsync(name, request, http.RequestAborted));
        return TypedResults.Created($"{SourceName.Stream(name).Path}/watches/{Uri.EscapeDataString(watch.Name)}", watch);
    }

    private static async Task<Ok<WatchList>> ListAsync(HttpContext http, IStreamDirectory directory, string name) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.AllAsync(name, http.RequestAborted)));

    private static async Task<Ok<WatchDocument>> GetAsync(HttpContext http, IStreamDirectory directory, string name, string watch) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.FindAsync(name, watch, http.RequestAborted)));

    private static async Task<Ok<WatchDocument>> ChangeAsync(HttpContext http, IStreamDirectory directory, string name, string watch)
    {
        WatchPatch patch = await JsonBody.ReadAsync<WatchPatch>(http.Request);
        return TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.ChangeAsync(name, watch, patch, http.RequestAborted)));
    }

    private static async Task<Ok<WatchDocument>> RemoveAsync(HttpContext http, IStreamDirectory directory, string name, string watch) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.RemoveAsync(name, watch, http.RequestAborted)));

    private static async Task<Ok<BacktestDocument>> BacktestAsync(HttpContext http, IStreamDirectory directory, string name)
    {
        WatchRequest request = await JsonBody.ReadAsync<WatchRequest>(http.Request);
        return TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.BacktestAsync(name, request, http.RequestAborted)));
    }
}
