using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>How much an event of a watch matters.</summary>
[JsonConverter(typeof(SnakeCaseEnum<WatchSeverity>))]
public enum WatchSeverity { Info, Warning, Critical }

/// <summary>A question that stands: asked again and again about the newest stretch of a stream, with an event when its answers hold.</summary>
/// <param name="Name">1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit; its own within the stream.</param>
/// <param name="Question">In words, such as "Is there a red car at the gate?".</param>
/// <param name="FiresOn">How the answer begins that is waited for; without it, yes.</param>
/// <param name="EverySeconds">How often it is asked, 1 to 3600; without it, 5.</param>
/// <param name="WindowSeconds">The stretch it is asked about, up to 600; without it, 10.</param>
/// <param name="Needed">How many of the last answers have to hold; without it, 1.</param>
/// <param name="Of">Of how many of the last answers, up to 100; without it, as many as are needed.</param>
/// <param name="CooldownSeconds">No second event comes sooner after the first; without it, 60.</param>
/// <param name="Severity">Without it, warning.</param>
/// <param name="Confirm">A second question, about the same stretch, that has to be answered with yes before there is an event.</param>
/// <param name="Webhook">Who is told of events.</param>
/// <param name="Enabled">False: it is kept and not asked; without it, true.</param>
public sealed record WatchRequest(
    string? Name, string? Question, string? FiresOn = null, double? EverySeconds = null, double? WindowSeconds = null, int? Needed = null, int? Of = null,
    double? CooldownSeconds = null, WatchSeverity? Severity = null, string? Confirm = null, WebhookRequest? Webhook = null, bool? Enabled = null);

/// <summary>What to change of a watch; null leaves it.</summary>
/// <param name="Confirm">Empty takes it away.</param>
/// <param name="Webhook">One with an empty url takes it away.</param>
public sealed record WatchPatch(
    string? Question = null, string? FiresOn = null, double? EverySeconds = null, double? WindowSeconds = null, int? Needed = null, int? Of = null,
    double? CooldownSeconds = null, WatchSeverity? Severity = null, string? Confirm = null, WebhookRequest? Webhook = null, bool? Enabled = null);

/// <summary>Where events are posted to, signed as Standard Webhooks 1.0 has it.</summary>
/// <param name="Url">https://, or http:// within the networks that the operator listed.</param>
/// <param name="Secret">whsec_ and 24 to 64 bytes in base64; without it, one is made and told once.</param>
public sealed record WebhookRequest(string? Url, string? Secret = null);

/// <param name="Address">Scheme, host and port; what comes after may be a secret.</param>
/// <param name="Secret">Only in the answer to the request that made it.</param>
public sealed record WebhookDocument(string Address, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null);

/// <summary>A watch as it is now.</summary>
/// <param name="IsUnderWay">What it waits for is the case, as far as the last answers tell.</param>
/// <param name="LastAnswer">Null before the first.</param>
/// <param name="Asked">How often it was answered since the program started, whether or not the model had to be asked anew.</param>
/// <param name="Skipped">How often it should have been asked, but the machine was too small.</param>
/// <param name="Unclear">Answers that told neither, or that did not come.</param>
/// <param name="Unconfirmed">How often the second question was not answered with yes.</param>
/// <param name="LastEvent">Id of its newest event.</param>
public sealed record WatchDocument(
    string Name, string Stream, string Question, string FiresOn, double EverySeconds, double WindowSeconds, int Needed, int Of, double CooldownSeconds,
    WatchSeverity Severity, string? Confirm, WebhookDocument? Webhook, bool Enabled,
    bool IsUnderWay, string? LastAnswer, DateTimeOffset? LastAskedAt, long Asked, long Skipped, long Unclear, long Unconfirmed, string? LastEvent);

/// <summary>The watches of a stream in order of name.</summary>
public sealed record WatchList(IReadOnlyList<WatchDocument> Watches);

/// <summary>When a watch would have made events, had it stood for the last hour that memory holds.</summary>
/// <param name="IsWhole">False: the time for it ran out at <paramref name="End"/>.</param>
/// <param name="Asked">Moments that were looked at.</param>
/// <param name="Inferences">How often the model had to be asked for that.</param>
/// <param name="Held">Moments at which the answer held.</param>
public sealed record BacktestDocument(DateTimeOffset Start, DateTimeOffset End, bool IsWhole, int Asked, int Inferences, int Held, int Unclear, IReadOnlyList<BacktestEvent> Events);

/// <param name="Start">Since when it held.</param>
/// <param name="At">The moment of the event.</param>
/// <param name="Picture">Path of the newest picture that it rests on.</param>
public sealed record BacktestEvent(DateTimeOffset Start, DateTimeOffset At, double AtSeconds, string Answer, string? Picture);
