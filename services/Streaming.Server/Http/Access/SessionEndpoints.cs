using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;

namespace Streaming.Server.Http.Access;

/// <summary>/v1/session: how a browser shows a key once and stays let in.</summary>
internal static class SessionEndpoints
{
    /// <summary>A working day; then the page asks again.</summary>
    private static readonly TimeSpan Stays = TimeSpan.FromHours(12);

    /// <summary>Browsers keep 4096 bytes of a cookie, with its name and attributes (RFC 6265, 6.1).</summary>
    private const int LongestCookie = 3900;

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder session = routes.MapGroup("/v1/session").WithTags("Session");
        session.MapPost("", OpenAsync).IsPublic().WithSummary("Show a key; from then on the browser sends it as a cookie that scripts cannot read.")
            .Takes<SessionBody>().Fails(StatusCodes.Status401Unauthorized);
        session.MapGet("", Get).Needs(Role.Viewer).WithSummary("Who the caller is, and what they may do.");
        session.MapDelete("", Close).IsPublic().WithSummary("Forget the key in this browser.");
    }

    private static async Task<Ok<SessionDocument>> OpenAsync(HttpContext http, Doorkeeper doorkeeper)
    {
        SessionBody body = await JsonBody.ReadAsync<SessionBody>(http.Request);
        if (body.Key is { Length: > LongestCookie })
            throw new RefusalException(StatusCodes.Status422UnprocessableEntity, "a browser does not carry so long a key", parameter: "key");
        Outcome<Caller> found = await doorkeeper.FindAsync(body.Key ?? "", http.RequestAborted) ?? throw new RefusalException(StatusCodes.Status401Unauthorized, "nobody has this key");
        Caller caller = RefusalException.Unwrap(found);
        http.Response.Cookies.Append(AccessGuard.Cookie, body.Key!, Options(http, Stays));
        return TypedResults.Ok(DocumentOf(caller));
    }

    private static Ok<SessionDocument> Get(CallerSlot slot) => TypedResults.Ok(DocumentOf(slot.Caller));

    private static NoContent Close(HttpContext http)
    {
        http.Response.Cookies.Delete(AccessGuard.Cookie, Options(http, null));
        return TypedResults.NoContent();
    }

    private static SessionDocument DocumentOf(Caller caller) => new(caller.Name, caller.Role, caller.Streams?.Order(StringComparer.Ordinal).ToArray());

    private static CookieOptions Options(HttpContext http, TimeSpan? stays) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", MaxAge = stays };
}

/// <summary>A key, or a token of the identity provider, to be let in with.</summary>
public sealed record SessionBody(string? Key);

/// <summary>Who the caller is.</summary>
/// <param name="Streams">The only streams that exist for them; null: all, and all files.</param>
public sealed record SessionDocument(string Name, Role Role, IReadOnlyList<string>? Streams);
