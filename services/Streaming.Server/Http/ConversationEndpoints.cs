using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/conversations/{conversation}: what was asked and answered under a name. A conversation begins with its first question.</summary>
internal static class ConversationEndpoints
{
    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/v1/conversations/{conversation}").WithTags("Ask");
        one.MapGet("", async Task<Ok<ConversationDocument>> (IStreamDirectory directory, string conversation, CancellationToken cancellation) =>
                TypedResults.Ok(await FindAsync(directory, conversation, cancellation)))
            .Needs(Role.Viewer).WithSummary("The newest turns of a conversation of the caller, at most 32.").Fails(ProblemKind.NotFound, ProblemKind.Invalid);
        one.MapDelete("", async Task<NoContent> (IStreamDirectory directory, string conversation, CancellationToken cancellation) =>
            {
                await FindAsync(directory, conversation, cancellation);
                await directory.ForgetConversationAsync(Name(conversation), cancellation);
                return TypedResults.NoContent();
            })
            .Needs(Role.Viewer).WithSummary("Forget the turns of a conversation of the caller.").Fails(ProblemKind.NotFound, ProblemKind.Invalid);
    }

    /// <exception cref="RefusalException">Nothing was asked under that name, or it is none.</exception>
    private static async Task<ConversationDocument> FindAsync(IStreamDirectory directory, string id, CancellationToken cancellation) =>
        await directory.ConversationAsync(Name(id), cancellation) is { Turns.Count: > 0 } conversation
            ? conversation
            : throw new RefusalException(new Problem(ProblemKind.NotFound, "there is no conversation of that name"));

    /// <exception cref="RefusalException">It is no name.</exception>
    internal static ConversationName Name(string id, string parameter = "conversation") => ConversationName.IsId(id)
        ? new ConversationName(id)
        : throw new RefusalException(StatusCodes.Status422UnprocessableEntity, ConversationName.Rule, parameter: parameter);
}
