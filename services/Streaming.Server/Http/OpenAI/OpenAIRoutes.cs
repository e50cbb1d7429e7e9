using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http.OpenAI;

/// <summary>The routes that OpenAI's clients know: /v1/chat/completions and /v1/models.</summary>
internal static class OpenAIRoutes
{
    private const string Chat = "/v1/chat/completions", Models = "/v1/models";

    /// <summary>Whether failures under this path are told in OpenAI's shape.</summary>
    public static bool Include(PathString path) => path.StartsWithSegments(Chat) || path.StartsWithSegments(Models);

    public static void MapOpenAI(this IEndpointRouteBuilder routes)
    {
        long started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        RouteGroupBuilder group = routes.MapGroup("").WithTags("OpenAI");
        group.MapPost(Chat, CompleteAsync).Needs(Role.Viewer).WithSummary("OpenAI's chat completion: text and video parts in, text with annotations out.")
            .Accepts<ChatRequest>("application/json")
            .Produces<ChatCompletion>(StatusCodes.Status200OK, "application/json", "text/event-stream")
            .Produces<ErrorDocument>(StatusCodes.Status400BadRequest).Produces<ErrorDocument>(StatusCodes.Status404NotFound)
            .Produces<ErrorDocument>(StatusCodes.Status413PayloadTooLarge).Produces<ErrorDocument>(StatusCodes.Status415UnsupportedMediaType)
            .Produces<ErrorDocument>(StatusCodes.Status422UnprocessableEntity).Produces<ErrorDocument>(StatusCodes.Status429TooManyRequests)
            .Produces<ErrorDocument>(StatusCodes.Status503ServiceUnavailable).Produces<ErrorDocument>(StatusCodes.Status504GatewayTimeout);
        group.MapGet(Models, (IStreamDirectory directory) => TypedResults.Ok(new ModelList("list", [Entry(directory.Model, started)]))).Needs(Role.Viewer)
            .WithSummary("The models that can be asked.");
        group.MapGet(Models + "/{model}", (IStreamDirectory directory, string model) => GetModel(directory, model, started)).Needs(Role.Viewer)
            .WithSummary("One model.").Produces<ErrorDocument>(StatusCodes.Status404NotFound);
    }

    private static Ok<ModelEntry> GetModel(IStreamDirectory directory, string model, long started)
    {
        RequireModel(directory, model);
        return TypedResults.Ok(Entry(directory.Model, started));
    }

    private static ModelEntry Entry(ModelDocument model, long started) => new(model.Id, "model", started, "streaming", model.ContextTokens);

    private static void RequireModel(IStreamDirectory directory, string? model)
    {
        if (model is not null && model != directory.Model.Id)
            throw new RefusalException(StatusCodes.Status404NotFound, $"this server has the model \"{directory.Model.Id}\" and no other", "model_not_found", "model");
    }

    private static async Task CompleteAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings)
    {
        using JsonDocument body = await JsonBody.ParseAsync(http.Request);
        ChatRequest request = JsonBody.Shape(body, OpenAIJson.Default.ChatRequest);
        RequireModel(directory, request.Model);
        Unsupported.Refuse(request);
        string? schema = ResponseFormat.SchemaOf(request.ResponseFormat);
        Conversation conversation = JsonBody.Shape(() => Conversation.Of(request.Messages));
        SourceName[] all = conversation.Videos.Count == 0 ? await AskEndpoints.AllStreamsAsync(directory, http.RequestAborted) : [];
        IAsyncEnumerable<AnswerPiece> pieces = directory.AskAsync(conversation.Request(all) with { MaxTokens = request.Cap, Schema = schema }, http.RequestAborted);
        var writer = new ChatWriter(http, directory.Model.Id);
        if (request.Stream is true)
            await writer.WriteChunksAsync(pieces, request.StreamOptions?.IncludeUsage is true, settings.Heartbeat);
        else
            await writer.WriteCompletionAsync(pieces);
    }
}
