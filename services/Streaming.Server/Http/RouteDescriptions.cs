using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>What the OpenAPI document says of a route beyond its types.</summary>
internal static class RouteDescriptions
{
    /// <summary>The body is JSON of this shape; its own refusals come with it.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route)
        where T : notnull =>
        route.Accepts<T>("application/json")
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity);

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params ProblemKind[] kinds) =>
        route.Fails([.. kinds.Select(ProblemTable.StatusOf)]);

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (int status in statuses)
            route.Produces<ProblemDocument>(status, "application/problem+json");
        return route;
    }
}
