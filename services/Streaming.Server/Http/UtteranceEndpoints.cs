using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Pipelines.Conversation;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/streams/{name}/utterances: a conversation that goes on near a stream, of which only what is meant for the service is answered.</summary>
internal static class UtteranceEndpoints
{
    /// <summary>As long as a question may be.</summary>
    private const int LongestUtterance = 4_000;

    public static void MapUtterances(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/streams/{name}/utterances", HearAsync).Needs(Role.Viewer).WithTags("Streams")
            .WithSummary("Pass on what somebody said or wrote: what is a question or an instruction to the service is answered, anything else is not.")
            .Takes<UtteranceBody>().Fails(ProblemKind.NotFound, ProblemKind.Busy, ProblemKind.Unavailable, ProblemKind.Overdue);

    private static async Task<Ok<UtteranceDocument>> HearAsync(HttpContext http, IStreamDirectory directory, string name)
    {
        UtteranceBody body = await JsonBody.ReadAsync<UtteranceBody>(http.Request);
        RefusalException.Unwrap(await directory.StreamAsync(name, http.RequestAborted));
        if (string.IsNullOrWhiteSpace(body.Text) || body.Text.Length > LongestUtterance)
            throw new RefusalException(StatusCodes.Status422UnprocessableEntity, $"text has to hold 1 to {LongestUtterance} characters", parameter: "text");
        if (!InstructionGate.Opens(body.Text))
            return TypedResults.Ok(new UtteranceDocument(false, null));
        IAsyncEnumerable<AnswerPiece> pieces = directory.AskAsync(new AskRequest([SourceName.Stream(name)], body.Text, body.From), http.RequestAborted);
        return TypedResults.Ok(new UtteranceDocument(true, (await AnswerWriter.WholeAsync(pieces, http.RequestAborted)).Answer));
    }
}
