using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Server.Access;

namespace Streaming.Server.Http.Access;

/// <summary>Who the request at hand comes from; there is none before the guard has let it in.</summary>
internal sealed class CallerSlot
{
    private Caller? _caller;

    public Caller Caller
    {
        get => _caller ?? throw new InvalidOperationException("nobody has been let in");
        set => _caller = value;
    }
}

/// <summary>Lets in who shows a key that is known and may call the route. Where there has never been a key, this machine is let in.</summary>
internal sealed class AccessGuard(RequestDelegate next, KeyRing keys)
{
    /// <summary>Browsers carry the key in it, out of scripts' reach and never on behalf of another site.</summary>
    public const string Cookie = "streaming_key";

    private const string Scheme = "Bearer ";

    // Never back: a server that has asked for keys is not opened by the loss of a file.
    private volatile bool _asks = !keys.IsEmpty;

    public Task InvokeAsync(HttpContext http)
    {
        _asks = _asks || !keys.IsEmpty;
        Permission? permission = PermissionOf(http.GetEndpoint());
        Caller? caller = _asks ? Identify(http.Request) : Caller.Local;
        if (caller is not null)
        {
            http.RequestServices.GetRequiredService<CallerSlot>().Caller = caller;
            http.Items[typeof(Caller)] = caller.Name;
        }
        if (permission is { Least: null })
            return next(http);
        if (caller is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            throw new RefusalException(StatusCodes.Status401Unauthorized, "this server asks for a key: send it as \"Authorization: Bearer KEY\"; whoever runs the server makes one with ./run keys add");
        }
        Role least = permission?.Least ?? Role.Admin;
        if (caller.Role < least)
            throw new RefusalException(StatusCodes.Status403Forbidden, $"this takes the role {WordOf(least)}; {caller.Name} has {WordOf(caller.Role)}", "forbidden");
        if (permission is { OfAllStreams: true } && caller.Streams is not null)
            throw new RefusalException(StatusCodes.Status403Forbidden, $"this tells of all streams; {caller.Name} sees only some", "forbidden");
        return next(http);
    }

    /// <summary>What is no route, or not by this method, is told to everybody who has a key.</summary>
    private static Permission? PermissionOf(Endpoint? endpoint) =>
        endpoint is RouteEndpoint route ? route.Metadata.GetMetadata<Permission>() : new Permission(Role.Viewer);

    private static string WordOf(Role role) => role.ToString().ToLowerInvariant();

    private Caller? Identify(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        string? key = header is null ? request.Cookies[Cookie]
            : header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        return string.IsNullOrEmpty(key) ? null : keys.Find(key);
    }
}
