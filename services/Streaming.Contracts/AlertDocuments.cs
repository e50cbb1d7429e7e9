using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>How far the webhook of an event is.</summary>
[JsonConverter(typeof(SnakeCaseEnum<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>The watch has no webhook.</summary>
    None,

    /// <summary>It is being sent, again and again until it is taken.</summary>
    Pending,
    Delivered,

    /// <summary>It was given up; it can be sent once more by hand.</summary>
    Dead,
}

/// <summary>An event of a watch, with what it rests on.</summary>
/// <param name="Id">Stable; events of this server are numbered in the order in which they came to pass.</param>
/// <param name="Start">Since when what the watch waits for was the case, as far as its answers tell.</param>
/// <param name="At">The moment that the event stands for: up to then the stream had been seen when the watch was answered.</param>
/// <param name="Keyframes">Numbers of the stream's keyframes that the answer rests on.</param>
/// <param name="Picture">Path of the newest of them, kept as long as the event; null if it was gone.</param>
public sealed record AlertDocument(
    string Id, string Stream, string Watch, WatchSeverity Severity, string Question, string Answer, string? Model,
    DateTimeOffset Start, DateTimeOffset At, double StartSeconds, double AtSeconds, IReadOnlyList<int> Keyframes, string? Picture,
    DateTimeOffset StoredAt, AcknowledgedDocument? Acknowledged, DeliveryDocument Delivery);

/// <summary>Who took notice of an event, and when.</summary>
public sealed record AcknowledgedDocument(DateTimeOffset At, string? By, string? Note);

/// <param name="Tries">Since it became pending, or since the program started.</param>
/// <param name="Problem">What went wrong with the last try, in words.</param>
public sealed record DeliveryDocument(DeliveryState State, int Tries, string? Problem);

/// <summary>Events in order of their ids.</summary>
public sealed record AlertList(IReadOnlyList<AlertDocument> Events);

/// <summary>Which events are asked for; null: all.</summary>
/// <param name="Streams">Only those of these streams.</param>
/// <param name="From">Only those that stand for a moment from then on.</param>
/// <param name="After">Only those with a greater id.</param>
/// <param name="Most">The most to return, the newest of them, or the first after <paramref name="After"/>.</param>
public sealed record AlertQuery(
    string? Stream = null, string? Watch = null, WatchSeverity? Severity = null, bool? Acknowledged = null, DeliveryState? Delivery = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, long? After = null, int Most = 100, IReadOnlySet<string>? Streams = null);

/// <summary>That somebody took notice.</summary>
/// <param name="By">Up to 100 characters.</param>
/// <param name="Note">Up to 1000 characters.</param>
public sealed record Acknowledgement(string? By = null, string? Note = null);
