using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Server.Alerts;

/// <summary>An event of a watch as it is stored. Immutable.</summary>
/// <param name="Number">Greater than those of all events before.</param>
/// <param name="At">The moment that it stands for.</param>
internal sealed record Alert(
    long Number, string Stream, string Watch, WatchSeverity Severity, string Question, string Answer, string? Model,
    DateTimeOffset Start, DateTimeOffset At, double StartSeconds, double AtSeconds, IReadOnlyList<int> Keyframes, bool HasPicture, DateTimeOffset StoredAt)
{
    internal string Id => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The path under which the API serves it.</summary>
    internal string Path => $"/v1/events/{Id}";
}

/// <summary>How far an event's webhook is.</summary>
/// <param name="Since">When it became pending: after some time it is given up.</param>
internal sealed record Delivery(DeliveryState State, int Tries = 0, string? Problem = null, DateTimeOffset Since = default);

/// <summary>An event with what became of it.</summary>
internal sealed record StoredAlert(Alert Alert, Delivery Delivery, AcknowledgedDocument? Acknowledged = null)
{
    internal AlertDocument Document() => new(
        Alert.Id, Alert.Stream, Alert.Watch, Alert.Severity, Alert.Question, Alert.Answer, Alert.Model, Alert.Start, Alert.At, Alert.StartSeconds, Alert.AtSeconds,
        Alert.Keyframes, Alert.HasPicture ? $"{Alert.Path}/picture.jpg" : null, Alert.StoredAt, Acknowledged, new DeliveryDocument(Delivery.State, Delivery.Tries, Delivery.Problem));

    internal bool Matches(AlertQuery query) =>
        (query.Stream is null || query.Stream == Alert.Stream)
        && query.Streams?.Contains(Alert.Stream) is not false
        && (query.Watch is null || query.Watch == Alert.Watch)
        && (query.Severity is null || query.Severity == Alert.Severity)
        && (query.Acknowledged is null || query.Acknowledged == Acknowledged is not null)
        && (query.Delivery is null || query.Delivery == Delivery.State)
        && !(Alert.At < query.From) && !(Alert.At > query.To);
}

/// <summary>What is asked of all events of a log, given in the order of their numbers.</summary>
internal static class StoredAlerts
{
    /// <summary>Those that a query means: the newest, or after a number the next.</summary>
    internal static IReadOnlyList<StoredAlert> Meant(this IEnumerable<StoredAlert> alerts, AlertQuery query)
    {
        IEnumerable<StoredAlert> found = alerts.Where(stored => !(stored.Alert.Number <= query.After) && stored.Matches(query));
        return [.. query.After is null ? found.TakeLast(query.Most) : found.Take(query.Most)];
    }

    /// <inheritdoc cref="IAlertLog.NewestOf"/>
    internal static Alert? NewestOf(this IEnumerable<StoredAlert> alerts, string stream, string watch) =>
        alerts.LastOrDefault(stored => stored.Alert.Stream == stream && stored.Alert.Watch == watch)?.Alert;
}

/// <summary>A line of the log: an event in all its parts, as it is from then on.</summary>
/// <param name="Next">The number of the next event; on the first line only.</param>
internal sealed record AlertLine(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StoredAlert? Event = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertLine))]
internal sealed partial class AlertJson : JsonSerializerContext;
