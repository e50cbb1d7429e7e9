using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;
using Streaming.Server.Http.Metrics;

namespace Streaming.Server.Http;

/// <summary>For whoever runs the server: probes and metrics.</summary>
internal static class OperationEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("").WithTags("Operation");
        group.MapGet("/livez", () => TypedResults.Ok(new HealthDocument("ok"))).IsPublic()
            .WithSummary("The process answers.");
        group.MapGet("/startupz", () => TypedResults.Ok(new HealthDocument("ok"))).IsPublic()
            .WithSummary("The model is loaded and streams have been taken up: the server listens only then.");
        group.MapGet("/readyz", Ready).IsPublic()
            .WithSummary("Requests can be taken: the model answers, what is seen can be stored, and the server is not stopping. A lost camera does not matter.")
            .Fails(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/metrics", (MetricsCollector metrics) => TypedResults.Text(metrics.Scrape(), PrometheusText.ContentType)).Needs(Role.Viewer, ofAllStreams: true)
            .WithSummary("Metrics as Prometheus text.").Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    private static Ok<HealthDocument> Ready(Readiness readiness) => readiness.Problem() is { } problem
        ? throw new RefusalException(StatusCodes.Status503ServiceUnavailable, problem)
        : TypedResults.Ok(new HealthDocument("ok"));
}
