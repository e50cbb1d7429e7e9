using Microsoft.AspNetCore.Builder;
using Streaming.Server.Access;

namespace Streaming.Server.Http.Access;

/// <summary>Who may call a route. A route without one is for administrators.</summary>
/// <param name="Least">The least role; null: whoever comes, with or without a key.</param>
/// <param name="OfAllStreams">It tells of all streams together, so those who see only some may not call it.</param>
internal sealed record Permission(Role? Least, bool OfAllStreams = false);

internal static class Permissions
{
    public static T Needs<T>(this T route, Role least, bool ofAllStreams = false)
        where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Permission(least, ofAllStreams));

    /// <summary>Answered without a key: it tells nothing about streams and files.</summary>
    public static T IsPublic<T>(this T route)
        where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Permission(null));
}
