using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts;
using Streaming.Pipelines.Watches;
using Streaming.Server.Archive;
using Streaming.Server.Streams;
using Streaming.Server.Webhooks;

namespace Streaming.Server.Watches;

/// <summary>A watch as it was declared, and what must survive a restart. Holds a secret: it is never logged or answered with.</summary>
/// <param name="LastFired">Seconds of the stream at which it made its newest event; null: never.</param>
/// <param name="IsUnderWay">What made that event has not ended.</param>
internal sealed record WatchDeclaration(
    string Name, string Question, string FiresOn, double EverySeconds, double WindowSeconds, int Needed, int Of, double CooldownSeconds,
    WatchSeverity Severity, string? Confirm, Webhook? Webhook, bool Enabled, double? LastFired = null, bool IsUnderWay = false)
{
    internal WatchRule Rule => new(TimeSpan.FromSeconds(EverySeconds), Needed, Of, TimeSpan.FromSeconds(CooldownSeconds));

    internal TimeSpan Window => TimeSpan.FromSeconds(WindowSeconds);

    /// <param name="request">One that is not refused.</param>
    internal static WatchDeclaration From(WatchRequest request)
    {
        int needed = request.Needed ?? 1;
        return new WatchDeclaration(
            request.Name!, request.Question!, request.FiresOn ?? "yes", request.EverySeconds ?? 5, request.WindowSeconds ?? 10, needed, request.Of ?? needed,
            request.CooldownSeconds ?? 60, request.Severity ?? WatchSeverity.Warning, request.Confirm is "" ? null : request.Confirm,
            request.Webhook is null ? null : Webhook.Of(request.Webhook), request.Enabled ?? true);
    }

    /// <param name="patch">One that is not refused. A new url without a secret keeps the secret.</param>
    internal WatchDeclaration With(WatchPatch patch) => this with
    {
        Question = patch.Question ?? Question,
        FiresOn = patch.FiresOn ?? FiresOn,
        EverySeconds = patch.EverySeconds ?? EverySeconds,
        WindowSeconds = patch.WindowSeconds ?? WindowSeconds,
        Needed = patch.Needed ?? Needed,
        Of = patch.Of ?? Of,
        CooldownSeconds = patch.CooldownSeconds ?? CooldownSeconds,
        Severity = patch.Severity ?? Severity,
        Confirm = patch.Confirm is "" ? null : patch.Confirm ?? Confirm,
        Webhook = patch.Webhook switch
        {
            null => Webhook,
            { Url: "" } => null,
            var webhook => Webhook.Of(webhook with { Secret = webhook.Secret ?? Webhook?.Secret }),
        },
        Enabled = patch.Enabled ?? Enabled,
    };

    /// <summary>As a request that would declare it, to be judged by the same rules.</summary>
    internal WatchRequest Request() => new(
        Name, Question, FiresOn, EverySeconds, WindowSeconds, Needed, Of, CooldownSeconds, Severity, Confirm, Webhook is null ? null : new WebhookRequest(Webhook.Url, Webhook.Secret), Enabled);

    public override string ToString() => Name;
}

/// <summary>The watches of one stream on disk, beside its declaration.</summary>
internal static class WatchFile
{
    /// <summary>Empty where none can be read.</summary>
    internal static IReadOnlyList<WatchDeclaration> Read(StreamFolder folder, Action<string> warn)
    {
        try
        {
            return File.Exists(folder.Watches) ? JsonSerializer.Deserialize(File.ReadAllBytes(folder.Watches), WatchJson.Default.IReadOnlyListWatchDeclaration) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // The message of a JsonException quotes no values.
            warn($"the watches in {folder.Watches} cannot be read and are left out: {e.Message}");
            return [];
        }
    }

    /// <exception cref="IOException">They cannot be stored.</exception>
    internal static void Write(StreamFolder folder, IReadOnlyList<WatchDeclaration> watches) =>
        AtomicFile.Write(folder.Watches, JsonSerializer.SerializeToUtf8Bytes(watches, WatchJson.Default.IReadOnlyListWatchDeclaration), isSecret: true);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<WatchDeclaration>))]
internal sealed partial class WatchJson : JsonSerializerContext;
