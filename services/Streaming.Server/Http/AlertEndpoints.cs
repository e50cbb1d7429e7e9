using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>/v1/events: what watches have found.</summary>
internal static class AlertEndpoints
{
    /// <summary>How many are listed where the caller names no number, and at most.</summary>
    private const int Usual = 100, Most = 1000;

    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder events = routes.MapGroup("/v1/events").WithTags("Events");
        events.MapGet("", ListAsync).Needs(Role.Viewer)
            .WithSummary("Events of watches in order of their ids: the newest \"most\" of them, or the first after the id \"after\". With Accept: text/event-stream they come as they happen, beginning after Last-Event-ID or \"after\", each once, until the caller leaves.")
            .Produces<AlertList>(StatusCodes.Status200OK, "application/json", "text/event-stream").Fails(ProblemKind.Invalid);
        events.MapGet("/{event}", GetAsync).Needs(Role.Viewer).WithSummary("One event.").Fails(ProblemKind.NotFound);
        events.MapGet("/{event}/picture.jpg", PictureAsync).Needs(Role.Viewer).WithSummary("The newest picture that the event rests on.")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/jpeg").Fails(ProblemKind.NotFound);
        events.MapPost("/{event}/acknowledge", AcknowledgeAsync).Needs(Role.Operator).WithSummary("Take notice of an event; who, and what is to be said, may be left out.")
            .Takes<Acknowledgement>().Fails(ProblemKind.NotFound, ProblemKind.Full);
        events.MapPost("/{event}/redeliver", RedeliverAsync).Needs(Role.Operator).WithSummary("Send the event to its watch's webhook once more. The body is an empty object.")
            .Takes<NoBody>().Fails(ProblemKind.NotFound, ProblemKind.Full);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, IStreamDirectory directory, HttpSettings settings, IHostApplicationLifetime lifetime, [FromQuery] string? stream, [FromQuery] string? watch, [FromQuery] string? severity,
        [FromQuery] string? acknowledged, [FromQuery] string? delivery, [FromQuery] string? from, [FromQuery] string? to, [FromQuery] string? after, [FromQuery] string? most)
    {
        var query = new AlertQuery(
            stream, watch, Word<WatchSeverity>("severity", severity), acknowledged switch { null => null, "true" => true, "false" => false, _ => throw Wrong("acknowledged", "has to be true or false") },
            Word<DeliveryState>("delivery", delivery), DateOf("from", from), DateOf("to", to), IdOf("after", after), most is null ? Usual : (int)Number("most", most, 1, Most));
        if (!EventStream.IsWanted(http.Request))
            return TypedResults.Ok(await directory.Watches.EventsAsync(query, http.RequestAborted));
        string? last = http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : null;
        await FollowAsync(http, directory, query with { After = IdOf("Last-Event-ID", last) ?? query.After }, settings, lifetime.ApplicationStopping);
        return Results.Empty;
    }

    private static async Task FollowAsync(HttpContext http, IStreamDirectory directory, AlertQuery query, HttpSettings settings, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        end.CancelAfter(settings.Follow);
        var events = new EventStream(http.Response);
        // Before the first sign of life: what happens after it is not missed.
        IAsyncEnumerable<AlertDocument> alerts = directory.Watches.FollowAsync(query, end.Token);
        await events.BeatAsync();
        try
        {
            await foreach (AlertDocument? alert in alerts.WithHeartbeats(settings.Heartbeat, end.Token))
                await (alert is null ? events.BeatAsync() : events.SendAsync(alert.Id, "event", alert, DocumentJson.Default.AlertDocument));
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The reader comes back, perhaps to the next server, with its key and the last id it saw.
        }
    }

    private static async Task<Ok<AlertDocument>> GetAsync(HttpContext http, IStreamDirectory directory, string @event) =>
        TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.EventAsync(@event, http.RequestAborted)));

    private static async Task<FileContentHttpResult> PictureAsync(HttpContext http, IStreamDirectory directory, string @event)
    {
        byte[] jpeg = RefusalException.Unwrap(await directory.Watches.PictureAsync(@event, http.RequestAborted));
        http.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(jpeg, "image/jpeg");
    }

    private static async Task<Ok<AlertDocument>> AcknowledgeAsync(HttpContext http, IStreamDirectory directory, string @event)
    {
        Acknowledgement body = await JsonBody.ReadAsync<Acknowledgement>(http.Request);
        return TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.AcknowledgeAsync(@event, body, http.RequestAborted)));
    }

    private static async Task<Ok<AlertDocument>> RedeliverAsync(HttpContext http, IStreamDirectory directory, string @event)
    {
        await JsonBody.ReadAsync<NoBody>(http.Request);
        return TypedResults.Ok(RefusalException.Unwrap(await directory.Watches.RedeliverAsync(@event, http.RequestAborted)));
    }

    private static T? Word<T>(string name, string? text)
        where T : struct, Enum
    {
        if (text is null)
            return null;
        foreach (T value in Enum.GetValues<T>())
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}") == text)
                return value;
        throw Wrong(name, $"has to be one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}");
    }

    private static DateTimeOffset? DateOf(string name, string? text) => text is null ? null
        : Moment.Parse(text)?.At ?? throw Wrong(name, "has to be a date and time with its offset");

    private static long? IdOf(string name, string? text) => text is null ? null : Number(name, text, 0, long.MaxValue);

    private static long Number(string name, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"has to be a whole number from {least} to {most}");

    private static RefusalException Wrong(string name, string what) => new(StatusCodes.Status422UnprocessableEntity, $"{name} {what}", parameter: name);
}
