using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>Questions about a stream, a file, or several of them.</summary>
internal static class AskEndpoints
{
    public static void MapAsk(this IEndpointRouteBuilder routes)
    {
        Describe<AskBody>(routes.MapPost("/v1/streams/{name}/ask", AskStreamAsync)
            .WithTags("Streams").WithSummary("Ask a stream. With Accept: text/event-stream the answer comes as it is written."));
        Describe<AskBody>(routes.MapPost("/v1/files/{id}/ask", AskFileAsync)
            .WithTags("Files").WithSummary("Ask a file, also while it is being read. With Accept: text/event-stream the answer comes as it is written."));
        Describe<AskManyBody>(routes.MapPost("/v1/ask", AskManyAsync)
            .WithTags("Ask").WithSummary("Ask several streams and files; each citation names its own. Without any named, all streams are asked."));
    }

    private static void Describe<T>(RouteHandlerBuilder route)
        where T : notnull =>
        route.Needs(Role.Viewer).Takes<T>().Fails(ProblemKind.NotFound, ProblemKind.Busy, ProblemKind.Unavailable, ProblemKind.Overdue)
            .Produces<AnswerDocument>(StatusCodes.Status200OK, "application/json", "text/event-stream");

    private static Task AskStreamAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings, string name) =>
        AskOneAsync(http, directory, settings, SourceName.Stream(name));

    private static Task AskFileAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings, string id) =>
        AskOneAsync(http, directory, settings, SourceName.File(id));

    private static async Task AskOneAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings, SourceName source)
    {
        AskBody body = await JsonBody.ReadAsync<AskBody>(http.Request);
        await AnswerWriter.WriteAsync(http, directory, settings, new AskRequest([source], Question(body.Question), body.From, body.To, Policy: body.Policy, Retain: body.Retain) { Detail = body.Detail, Sight = body.Sight is true, Conversation = Named(body.Conversation) });
    }

    private static async Task AskManyAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings)
    {
        AskManyBody body = await JsonBody.ReadAsync<AskManyBody>(http.Request);
        string question = Question(body.Question);
        SourceName[] sources = [.. Names("streams", body.Streams).Select(SourceName.Stream), .. Names("files", body.Files).Select(SourceName.File)];
        if (sources.Length == 0)
            sources = await AllStreamsAsync(directory, http.RequestAborted);
        await AnswerWriter.WriteAsync(http, directory, settings, new AskRequest(sources, question, body.From, body.To, Policy: body.Policy, Retain: body.Retain) { Detail = body.Detail, Sight = body.Sight is true, Conversation = Named(body.Conversation) });
    }

    /// <exception cref="RefusalException">There is no stream.</exception>
    internal static async Task<SourceName[]> AllStreamsAsync(IStreamDirectory directory, CancellationToken cancellation)
    {
        SourceName[] all = [.. (await directory.StreamsAsync(cancellation)).Select(stream => SourceName.Stream(stream.Name))];
        return all.Length > 0
            ? all
            : throw new RefusalException(StatusCodes.Status422UnprocessableEntity, "there is no stream to ask; declare one with POST /v1/streams, or name a file");
    }

    private static string Question(string? text) => !string.IsNullOrWhiteSpace(text)
        ? text
        : throw new RefusalException(StatusCodes.Status422UnprocessableEntity, "the question is missing or empty", parameter: "question");

    private static ConversationName? Named(string? conversation) => conversation is null ? null : ConversationEndpoints.Name(conversation, "conversation");

    private static IEnumerable<string> Names(string member, IReadOnlyList<string?>? names) => (names ?? []).Distinct().Select(name => !string.IsNullOrEmpty(name)
        ? name
        : throw new RefusalException(StatusCodes.Status422UnprocessableEntity, $"{member} holds an empty name", parameter: member));
}
