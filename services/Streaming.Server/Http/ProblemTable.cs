using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>The one table from what went wrong to what a caller is told.</summary>
public static class ProblemTable
{
    /// <summary>The HTTP status of each kind of problem.</summary>
    public static int StatusOf(ProblemKind kind) => kind switch
    {
        ProblemKind.NotFound => StatusCodes.Status404NotFound,
        ProblemKind.Taken => StatusCodes.Status409Conflict,
        ProblemKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        ProblemKind.Forbidden => StatusCodes.Status403Forbidden,
        ProblemKind.Damaged => TusProtocol.ChecksumMismatch,
        ProblemKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ProblemKind.Full => StatusCodes.Status507InsufficientStorage,
        ProblemKind.Busy => StatusCodes.Status429TooManyRequests,
        ProblemKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ProblemKind.Overdue => StatusCodes.Status504GatewayTimeout,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>A kind as it stands in documents: snake case.</summary>
    public static string WordOf(ProblemKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}");

    /// <summary>The word for a status that came from the framework or from a malformed request.</summary>
    public static string WordOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "malformed",
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "cross_origin",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status408RequestTimeout => "too_slow",
        StatusCodes.Status412PreconditionFailed => "unsupported_version",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status421MisdirectedRequest => "wrong_host",
        StatusCodes.Status503ServiceUnavailable => "not_ready",
        _ when Enum.GetValues<ProblemKind>().Where(kind => StatusOf(kind) == status).Select(WordOf).FirstOrDefault() is { } word => word,
        >= 500 => "internal",
        _ => "malformed",
    };

    /// <summary>What is said where nobody said more.</summary>
    public static string DetailOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "there is nothing under this path; /openapi/v1.json lists what there is",
        StatusCodes.Status405MethodNotAllowed => "this path does not take this method; the Allow header lists those it takes",
        StatusCodes.Status415UnsupportedMediaType => "this route does not take a body of this content type",
        >= 500 => "something failed inside the server; its log says what under this trace id",
        _ => ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant(),
    };
}
