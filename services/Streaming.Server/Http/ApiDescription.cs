using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>What the OpenAPI document says beyond what the routes say themselves.</summary>
internal static class ApiDescription
{
    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Streaming",
                Version = "v1",
                Description = "Streams and films that can be asked. Failures are problem documents (RFC 9457); on OpenAI's routes they are OpenAI's error objects.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Moment) || context.JsonTypeInfo.Type == typeof(Moment?))
                (schema.Type, schema.Description) = (JsonSchemaType.Number | JsonSchemaType.String,
                    "Seconds since the start, a negative number of seconds before now or the end, or a date and time with its offset.");
            return Task.CompletedTask;
        });
    });
}
