using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Server.Alerts;
using Streaming.Server.Egress;
using Streaming.Server.Watches;

namespace Streaming.Server.Webhooks;

/// <summary>How webhooks are tried.</summary>
internal sealed record WebhookOptions
{
    /// <summary>For one try: receivers that do more than take note should do it later.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between tries; a receiver that is back after an hour waits five minutes at most.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));

    /// <summary>An event that is pending for longer is given up after its next try: an alert of yesterday alarms nobody.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(6);
}

/// <summary>
/// Brings stored events to their receivers: at least once each, those of one stream to one receiver in their order, whatever is killed in
/// between. What nobody takes ends in the dead letter: it stays listed as such and can be sent again by hand.
/// </summary>
/// <param name="isHere">Whether this machine runs a stream; events of others are their machines'.</param>
/// <param name="webhookOf">The webhook of a stream's watch as it is declared now; null: it has none any more.</param>
internal sealed class WebhookCourier(
    IAlertLog log, Predicate<string> isHere, Func<string, string, Webhook?> webhookOf, EgressGuard guard, TimeProvider clock, WebhookOptions options, WatchMetrics metrics, Action<string> warn) : IAsyncDisposable
{
    private static readonly AlertQuery AllPending = new(Delivery: DeliveryState.Pending, Most: int.MaxValue);

    private readonly WebhookPost _post = new(guard, clock, options.Timeout);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(string Stream, string Url), Task> _lanes = [];
    private Task _work = Task.CompletedTask;

    internal void Start() => _work = Task.Run(WorkAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_lanes.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _post.Dispose();
        _stop.Dispose();
    }

    /// <summary>A lane for each stream and receiver that something is pending for.</summary>
    private async Task WorkAsync()
    {
        while (true)
        {
            Task changed = log.Changed;
            foreach (Task ended in _lanes.Values.Where(lane => lane.IsFaulted))
                warn($"webhooks: {ended.Exception!.InnerException!.GetType().Name}: {ended.Exception.InnerException.Message}");
            foreach (var ended in _lanes.Where(lane => lane.Value.IsCompleted).Select(lane => lane.Key).ToList())
                _lanes.Remove(ended);
            foreach (StoredAlert pending in log.Query(AllPending).Where(pending => isHere(pending.Alert.Stream)))
            {
                if (webhookOf(pending.Alert.Stream, pending.Alert.Watch) is not { } webhook)
                    Settle(pending, DeliveryState.Dead, "its watch has no webhook any more");
                else if (!_lanes.ContainsKey((pending.Alert.Stream, webhook.Url)))
                    _lanes[(pending.Alert.Stream, webhook.Url)] = Task.Run(() => WalkAsync(pending.Alert.Stream, webhook.Url), CancellationToken.None);
            }
            await Task.WhenAny([changed, .. _lanes.Values]).WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>One event after another, each until it is taken or given up; ends when none is pending.</summary>
    private async Task WalkAsync(string stream, string url)
    {
        int failures = 0;
        while (Next(stream, url) is var (pending, webhook))
        {
            string? problem = await _post.SendAsync(webhook, pending, _stop.Token).ConfigureAwait(false);
            int tries = pending.Delivery.Tries + 1;
            failures = problem is null ? 0 : failures + 1;
            metrics.Posted(stream, problem is null ? "delivered" : "failed");
            if (problem is null || clock.GetUtcNow() - pending.Delivery.Since > options.GiveUpAfter)
            {
                Settle(pending, problem is null ? DeliveryState.Delivered : DeliveryState.Dead, problem, tries);
                continue;
            }
            log.Note(pending.Alert.Number, pending.Delivery with { Tries = tries, Problem = problem });
            await Task.Delay(options.Backoff.Wait(failures, Random.Shared.NextDouble()), clock, _stop.Token).ConfigureAwait(false);
        }
    }

    private (StoredAlert Pending, Webhook Webhook)? Next(string stream, string url)
    {
        foreach (StoredAlert pending in log.Query(AllPending with { Stream = stream }))
            if (webhookOf(stream, pending.Alert.Watch) is { } webhook && webhook.Url == url)
                return (pending, webhook);
        return null;
    }

    /// <summary>Where the disk does not take it, the event is sent again after a restart: at least once.</summary>
    private void Settle(StoredAlert pending, DeliveryState state, string? problem, int tries = 0)
    {
        var delivery = new Delivery(state, tries, problem, pending.Delivery.Since);
        if (state == DeliveryState.Dead)
        {
            metrics.Posted(pending.Alert.Stream, "dead");
            warn($"event {pending.Alert.Id} of stream {pending.Alert.Stream}: its webhook is given up: {problem}");
        }
        try
        {
            log.Change(pending.Alert.Number, stored => stored with { Delivery = delivery });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Note(pending.Alert.Number, delivery);
            warn($"what became of event {pending.Alert.Id} cannot be stored: {e.Message}");
        }
    }
}
