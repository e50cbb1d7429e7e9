using System.Diagnostics.Metrics;
using Streaming.Pipelines;

namespace Streaming.Server.Watches;

/// <summary>The instruments of watches, events and webhooks, on the same meter as the streams'.</summary>
internal sealed class WatchMetrics : IDisposable
{
    private readonly Meter _meter = new(StreamingMetrics.MeterName);
    private readonly Counter<long> _evaluations, _skips, _events, _posts;

    /// <param name="pending">Events whose webhooks have not taken them yet.</param>
    internal WatchMetrics(Func<int> pending)
    {
        _evaluations = _meter.CreateCounter<long>("streaming_watch_evaluations_total", null, "Answers of watches, by what they told; reused ones needed no model because nothing had changed.");
        _skips = _meter.CreateCounter<long>("streaming_watch_skips_total", null, "Times at which a watch was not asked: late, the machine was too small; still, the stream showed nothing since the last time.");
        _events = _meter.CreateCounter<long>("streaming_watch_events_total", null, "Events that watches made, by severity, and those that a second question did not confirm.");
        _posts = _meter.CreateCounter<long>("streaming_webhook_tries_total", null, "Tries to bring an event to its webhook, and events that were given up.");
        _meter.CreateObservableGauge("streaming_webhooks_pending", pending, null, "Events whose webhooks have not taken them yet.");
    }

    /// <param name="outcome">holds, not, unclear or failed.</param>
    internal void Evaluated(string stream, string outcome, bool isReused) => _evaluations.Add(1, Label(stream), new("outcome", outcome), new("reused", isReused ? "yes" : "no"));

    /// <param name="reason">late or still.</param>
    internal void Skipped(string stream, string reason, int times) => _skips.Add(times, Label(stream), new("reason", reason));

    /// <param name="severity">The event's, or unconfirmed.</param>
    internal void Fired(string stream, string severity) => _events.Add(1, Label(stream), new("severity", severity));

    /// <param name="outcome">delivered, failed or dead.</param>
    internal void Posted(string stream, string outcome) => _posts.Add(1, Label(stream), new("outcome", outcome));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Label(string stream) => new("stream", stream);
}
