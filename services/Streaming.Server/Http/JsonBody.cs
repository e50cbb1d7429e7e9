using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>JSON bodies of requests: what is not JSON is malformed (400), what is JSON of another shape cannot be meant (422).</summary>
internal static class JsonBody
{
    /// <summary>No question and no declaration is longer.</summary>
    public const int LargestBytes = 1 << 20;

    /// <summary>Nothing the API takes is nested deeper than a chat's content parts, which are five deep.</summary>
    private const int MostDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>A member that no document has is a typing error worth a word.</summary>
    private static readonly JsonSerializerOptions Exact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = MostDepth,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(DocumentJson.Default, HttpJson.Default),
    };

    /// <exception cref="RefusalException">The body is no JSON, too large, or not of this shape.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        using JsonDocument document = await ParseAsync(request);
        return Shape(document, (JsonTypeInfo<T>)Exact.GetTypeInfo(typeof(T)));
    }

    /// <exception cref="RefusalException">The body is no JSON or too large.</exception>
    public static async Task<JsonDocument> ParseAsync(HttpRequest request)
    {
        RequireJson(request);
        byte[] body = await ReadAsync(request);
        if (!Utf8.IsValid(body))
            throw new RefusalException(StatusCodes.Status400BadRequest, "the body is not UTF-8");
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            throw new RefusalException(StatusCodes.Status400BadRequest, $"the body is no JSON: {e.Message}");
        }
    }

    /// <exception cref="RefusalException">The document is not of this shape.</exception>
    public static T Shape<T>(JsonDocument document, JsonTypeInfo<T> type)
        where T : class =>
        Shape(() => document.Deserialize(type) ?? throw new RefusalException(StatusCodes.Status422UnprocessableEntity, "the body is null, an object is needed"));

    /// <summary>Runs a step of reading that may find another shape than it needs.</summary>
    /// <exception cref="RefusalException">It did.</exception>
    public static T Shape<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            throw new RefusalException(StatusCodes.Status422UnprocessableEntity, Words(e), parameter: e.Path?.TrimStart('$', '.'));
        }
        catch (InvalidOperationException)
        {
            throw new RefusalException(StatusCodes.Status422UnprocessableEntity, "a text of the body holds half of a surrogate pair");
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read = request.ContentLength is null or <= LargestBytes ? 1 : throw TooLarge();
        while (read > 0)
        {
            try
            {
                read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted);
            }
            catch (IOException e) when (e is not BadHttpRequestException)
            {
                // Such as a chunk whose size is beyond all numbers.
                throw new RefusalException(StatusCodes.Status400BadRequest, "the body is broken off or not well formed");
            }
            body.Write(buffer, 0, read);
            if (body.Length > LargestBytes)
                throw TooLarge();
        }
        return body.ToArray();

        static RefusalException TooLarge() => new(StatusCodes.Status413PayloadTooLarge, $"a JSON body has at most {LargestBytes} bytes");
    }

    private static void RequireJson(HttpRequest request)
    {
        bool isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) &&
            (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
            throw new RefusalException(StatusCodes.Status415UnsupportedMediaType, "the body has to be application/json");
        if (type!.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new RefusalException(StatusCodes.Status415UnsupportedMediaType, "JSON is UTF-8, no other charset is read");
        RequirePlain(request);
    }

    /// <exception cref="RefusalException">The body is compressed: what it grows to could not be told beforehand.</exception>
    public static void RequirePlain(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw new RefusalException(StatusCodes.Status415UnsupportedMediaType, "compressed bodies are not read");
    }

    /// <summary>Names the member that is wrong and never repeats its value, which may be a camera's address with its password.</summary>
    private static string Words(JsonException e)
    {
        string where = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "the body" : e.Path.TrimStart('$', '.');
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"{where} is no member of this request";
        return e.Message.Contains("could not be converted", StringComparison.Ordinal) || e.InnerException is not null
            ? $"{where} is not of the type that is needed"
            : $"{where}: {e.Message.Split(" Path:")[0]}";
    }
}
