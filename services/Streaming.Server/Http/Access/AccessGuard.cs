using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Contracts;
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

/// <summary>Lets in who shows a key or token that is known, may call the route, and has not used up their limits. Where nobody is asked, this machine is let in.</summary>
internal sealed class AccessGuard(RequestDelegate next, Doorkeeper doorkeeper, Allowances allowances)
{
    /// <summary>Browsers carry the key in it, out of scripts' reach and never on behalf of another site.</summary>
    public const string Cookie = "streaming_key";

    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http) => doorkeeper.Asks ? IdentifyAsync(http) : GoOn(http, (Outcome<Caller>)Caller.Local);

    private async Task IdentifyAsync(HttpContext http) =>
        await GoOn(http, Shown(http.Request) is { Length: > 0 } shown ? await doorkeeper.FindAsync(shown, http.RequestAborted) : null);

    private Task GoOn(HttpContext http, Outcome<Caller>? found)
    {
        Permission? permission = PermissionOf(http.GetEndpoint());
        if (found?.Value is { } known)
        {
            http.RequestServices.GetRequiredService<CallerSlot>().Caller = known;
            http.Items[typeof(Caller)] = known;
        }
        if (permission is { Least: null })
            return next(http);
        if (found is not { } outcome)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            throw new RefusalException(StatusCodes.Status401Unauthorized, "this server asks for a key: send it as \"Authorization: Bearer KEY\"; whoever runs the server makes one with ./run keys add");
        }
        Caller caller = RefusalException.Unwrap(outcome);
        if (allowances.Request(caller) is { } limited)
            throw new RefusalException(limited);
        Require(caller, permission);
        return next(http);
    }

    /// <exception cref="RefusalException">The caller may not call the route.</exception>
    private static void Require(Caller caller, Permission? permission)
    {
        Role least = permission?.Least ?? Role.Admin;
        if (caller.Role < least)
            throw new RefusalException(StatusCodes.Status403Forbidden, $"this takes the role {WordOf(least)}; {caller.Name} has {WordOf(caller.Role)}", "forbidden");
        if (permission is { OfAllStreams: true } && caller.Streams is not null)
            throw new RefusalException(StatusCodes.Status403Forbidden, $"this tells of all streams; {caller.Name} sees only some", "forbidden");
    }

    /// <summary>What is no route, or not by this method, is told to everybody who has a key.</summary>
    private static Permission? PermissionOf(Endpoint? endpoint) =>
        endpoint is RouteEndpoint route ? route.Metadata.GetMetadata<Permission>() : new Permission(Role.Viewer);

    private static string WordOf(Role role) => role.ToString().ToLowerInvariant();

    private static string? Shown(HttpRequest request) => request.Headers.Authorization.ToString() is { Length: > 0 } header
        ? header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null
        : request.Cookies[Cookie];
}
