using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>What the OpenAPI document says beyond what the routes say themselves.</summary>
internal static class ApiDescription
{
    private const string Events =
        "Server-sent events with ids: \"text\" with {\"text\"} pieces of the answer, then \"answer\" with the whole object, or \"problem\" with a problem document. The ids count the events of this answer; Last-Event-ID is not read, because the model stops when its reader leaves: ask again. On /v1/events: \"event\" with one event each, whose id is the one to resume after with Last-Event-ID. On OpenAI's route: its chunks, then [DONE].";

    /// <summary>Bodies whose required members may not be null; the records take null in order to say so in words.</summary>
    private static readonly Type[] Requests = [typeof(AskBody), typeof(AskManyBody), typeof(StreamRequest), typeof(WatchRequest), typeof(UtteranceBody)];

    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddSchemaTransformer((schema, context, _) => Describe(schema, context.JsonTypeInfo.Type));
        options.AddOperationTransformer((operation, _, _) => Describe(operation));
    });

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Streaming",
            Version = "v1",
            Description = "Streams and films that can be asked. Failures are problem documents (RFC 9457); on OpenAI's routes they are OpenAI's error objects.",
        };
        document.Servers = [];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiSchema schema, Type type)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(Moment))
        {
            schema.Type = JsonSchemaType.Number | JsonSchemaType.String;
            schema.Description = "Seconds since the start, a negative number of seconds before now or the end, or a date and time with its offset.";
        }
        if (Requests.Contains(type))
        {
            foreach (OpenApiSchema member in (schema.Required ?? new HashSet<string>()).Select(name => schema.Properties?[name]).OfType<OpenApiSchema>())
                member.Type &= ~JsonSchemaType.Null;
        }
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content is { } body && body.TryGetValue("multipart/form-data", out OpenApiMediaType? form))
            form.Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Required = new HashSet<string> { "file" }, Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = Binary() } };
        foreach (var (type, content) in (operation.Responses ?? []).SelectMany(response => response.Value.Content ?? new Dictionary<string, OpenApiMediaType>()))
        {
            if (type is "image/jpeg" or "image/png")
                content.Schema = Binary();
            else if (type == "text/event-stream")
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = Events };
        }
        // Where there is an end too, a beginning is a moment; else it is a number of a keyframe.
        bool isSpan = operation.Parameters?.Any(parameter => parameter.Name == "to") == true;
        foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
        {
            if (parameter is OpenApiParameter { Name: "from" or "most" or "number" } number && !(isSpan && number.Name == "from"))
                number.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" };
        }
        return Task.CompletedTask;
    }

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
