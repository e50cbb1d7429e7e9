using Streaming.Server.Access;

namespace Streaming.Attacks.Access;

/// <summary>Who may call what. A route that is missing here is wrong for everybody: somebody has to decide.</summary>
public static class AccessTable
{
    private const string Public = "public", Viewer = "viewer", Operator = "operator", All = "viewer of all streams";

    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["GET /"] = Public,
        ["GET /page.css"] = Public,
        ["GET /page.js"] = Public,
        ["GET /icon.svg"] = Public,
        ["GET /livez"] = Public,
        ["GET /readyz"] = Public,
        ["GET /startupz"] = Public,
        ["POST /v1/session"] = Public,
        ["DELETE /v1/session"] = Public,
        ["GET /v1/session"] = Viewer,
        ["GET /metrics"] = All,
        ["GET /openapi/{documentName}.json"] = Viewer,
        ["POST /v1/files"] = Operator,
        ["GET /v1/files"] = Viewer,
        ["GET /v1/files/{id}"] = Viewer,
        ["POST /v1/files/{id}/cancel"] = Operator,
        ["DELETE /v1/files/{id}"] = Operator,
        ["POST /v1/files/{id}/ask"] = Viewer,
        ["GET /v1/files/{id}/keyframes"] = Viewer,
        ["GET /v1/files/{id}/keyframes/{number}.jpg"] = Viewer,
        ["GET /v1/files/{id}/memory"] = Viewer,
        ["OPTIONS /v1/uploads"] = Public,
        ["POST /v1/uploads"] = Operator,
        ["GET /v1/uploads/{id}"] = Operator,
        ["PATCH /v1/uploads/{id}"] = Operator,
        ["DELETE /v1/uploads/{id}"] = Operator,
        ["POST /v1/streams"] = Operator,
        ["GET /v1/streams"] = Viewer,
        ["GET /v1/streams/{name}"] = Viewer,
        ["PATCH /v1/streams/{name}"] = Operator,
        ["DELETE /v1/streams/{name}"] = Operator,
        ["POST /v1/streams/{name}/ask"] = Viewer,
        ["GET /v1/streams/{name}/keyframes"] = Viewer,
        ["GET /v1/streams/{name}/keyframes/{number}.jpg"] = Viewer,
        ["GET /v1/streams/{name}/memory"] = Viewer,
        ["GET /v1/streams/{name}/picture.jpg"] = Viewer,
        ["GET /v1/streams/{name}/events"] = Viewer,
        ["GET /v1/streams/{name}/counts"] = Viewer,
        ["GET /v1/streams/{name}/heat.png"] = Viewer,
        ["POST /v1/streams/{name}/watches"] = Operator,
        ["GET /v1/streams/{name}/watches"] = Viewer,
        ["GET /v1/streams/{name}/watches/{watch}"] = Viewer,
        ["PATCH /v1/streams/{name}/watches/{watch}"] = Operator,
        ["DELETE /v1/streams/{name}/watches/{watch}"] = Operator,
        ["POST /v1/streams/{name}/watches/backtest"] = Operator,
        ["GET /v1/events"] = Viewer,
        ["GET /v1/events/{event}"] = Viewer,
        ["GET /v1/events/{event}/picture.jpg"] = Viewer,
        ["POST /v1/events/{event}/acknowledge"] = Operator,
        ["POST /v1/events/{event}/redeliver"] = Operator,
        ["POST /v1/streams/{name}/utterances"] = Viewer,
        ["POST /v1/ask"] = Viewer,
        ["GET /v1/conversations/{conversation}"] = Viewer,
        ["DELETE /v1/conversations/{conversation}"] = Viewer,
        ["POST /v1/chat/completions"] = Viewer,
        ["GET /v1/models"] = Viewer,
        ["GET /v1/models/{model}"] = Viewer,
    };

    /// <summary>All routes that somebody has decided about, as METHOD path.</summary>
    public static IReadOnlyCollection<string> Routes => Table.Keys;

    /// <summary>Whether a route may answer a visitor so.</summary>
    public static bool Allows(string route, Visitor visitor, int status)
    {
        if (!Table.TryGetValue(route, out string? needs))
            return false;
        if (needs == Public)
            return route == "POST /v1/session" && visitor.Role is null ? status == 401 : status is not 401 and not 403 and not 404;
        if (visitor.Role is not { } role)
            return status == 401;
        if ((needs == Operator && role < Role.Operator) || (needs == All && visitor.Streams is not null))
            return status == 403;
        if (visitor.Streams is null)
            return status is not 401 and not 403 and not 404;
        // A conversation about what does not exist for them is none of theirs.
        if (visitor.Streams.Length == 0 && route.Contains("{conversation}", StringComparison.Ordinal))
            return status == 404;
        bool isOfDoor = route.Contains("{name}", StringComparison.Ordinal) || route.Contains("{event}", StringComparison.Ordinal);
        // Files are of no stream: for those who see some streams there are none.
        if (route.Contains("{id}", StringComparison.Ordinal) || (isOfDoor && !visitor.Streams.Contains("door")))
            return status == 404;
        // A stream without a name is none of theirs either.
        bool adds = route is "POST /v1/files" or "POST /v1/uploads" or "POST /v1/streams";
        return adds ? status == 403 : status is not 401 and not 403 and not 404;
    }
}
