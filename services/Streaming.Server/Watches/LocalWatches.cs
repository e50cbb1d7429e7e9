using System.Globalization;
using System.Runtime.CompilerServices;
using Streaming.Contracts;
using Streaming.Server.Alerts;
using Streaming.Server.Egress;
using Streaming.Server.Streams;
using Streaming.Server.Webhooks;

namespace Streaming.Server.Watches;

/// <summary>The watches of one machine with their events and webhooks. Disposing it ends the rounds and the sending; what is stored goes on after the next start.</summary>
internal sealed class LocalWatches : IWatchDirectory, IAsyncDisposable
{
    private const int LongestName = 100, LongestNote = 1000;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private readonly LocalSystem _system;
    private readonly StreamRegistry _streams;
    private readonly IAlertLog _log;
    private readonly WatchRegistry _watches;
    private readonly WatchMetrics _metrics;
    private readonly WatchRounds _rounds;
    private readonly WebhookCourier _courier;
    private readonly Backtest _backtest;
    private ITimer? _sweeper;

    /// <param name="log">Owned by the watches from now on.</param>
    internal LocalWatches(LocalSystem system, StreamRegistry streams, IAlertLog log, WebhookOptions webhooks)
    {
        (_system, _streams, _log) = (system, streams, log);
        var guard = new EgressGuard(new EgressRules(system.Settings.Egress));
        _watches = new WatchRegistry(system, streams, guard.Rules, _log);
        _metrics = new WatchMetrics(() => _log.Query(new AlertQuery(Delivery: DeliveryState.Pending, Most: int.MaxValue)).Count(pending => IsHere(pending.Alert.Stream)));
        _rounds = new WatchRounds(system, streams, _watches, _log, _metrics);
        _courier = new WebhookCourier(_log, IsHere, _watches.WebhookOf, guard, system.Clock, webhooks, _metrics, system.Warn);
        _backtest = new Backtest(system);
    }

    /// <summary>Whether all streams there are run here, so that events of others are of streams that are gone.</summary>
    internal bool ForgetsOthers { get; init; } = true;

    private bool IsHere(string stream) => _streams.Find(stream).Value is not null;

    /// <summary>A stream runs here now: so do its watches.</summary>
    internal void Open(string stream)
    {
        _watches.Open(stream);
        _log.Announce();
    }

    /// <summary>A stream runs elsewhere now.</summary>
    internal void Close(string stream) => _watches.Forget(stream);

    /// <summary>To be called when all streams are there.</summary>
    internal void Start()
    {
        _watches.Open();
        // A stream may have gone while the program ended.
        if (ForgetsOthers)
            _log.Forget(stream => !IsHere(stream));
        _sweeper = _system.Clock.CreateTimer(_ => _log.Sweep(), null, SweepEvery, SweepEvery);
        _rounds.Start();
        _courier.Start();
    }

    /// <summary>A stream is gone: so are its watches and its events.</summary>
    internal void Forget(string stream)
    {
        _watches.Forget(stream);
        _log.Forget(gone => gone == stream);
    }

    public Task<Outcome<WatchDocument>> AddAsync(string stream, WatchRequest request, CancellationToken cancellation) => Task.FromResult(_watches.Add(stream, request));

    public Task<Outcome<WatchList>> AllAsync(string stream, CancellationToken cancellation) => Task.FromResult(_watches.All(stream));

    public Task<Outcome<WatchDocument>> FindAsync(string stream, string watch, CancellationToken cancellation) => Task.FromResult(_watches.Find(stream, watch));

    public Task<Outcome<WatchDocument>> ChangeAsync(string stream, string watch, WatchPatch patch, CancellationToken cancellation) => Task.FromResult(_watches.Change(stream, watch, patch));

    public Task<Outcome<WatchDocument>> RemoveAsync(string stream, string watch, CancellationToken cancellation) => Task.FromResult(_watches.Remove(stream, watch));

    public async Task<Outcome<BacktestDocument>> BacktestAsync(string stream, WatchRequest request, CancellationToken cancellation)
    {
        Outcome<LocalStream> found = _streams.Find(stream);
        if (found.Value is not { } local)
            return found.Problem!;
        request = request with { Name = request.Name ?? "backtest" };
        return _watches.Refuse(request) is { } refused ? refused : await _backtest.RunAsync(local, request, cancellation).ConfigureAwait(false);
    }

    public Task<AlertList> EventsAsync(AlertQuery query, CancellationToken cancellation) =>
        Task.FromResult(new AlertList([.. _log.Query(query).Select(stored => stored.Document())]));

    public Task<Outcome<AlertDocument>> EventAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(Find(id) is { } stored ? stored.Document() : (Outcome<AlertDocument>)Problem.NoEvent);

    public Task<Outcome<AlertDocument>> AcknowledgeAsync(string id, Acknowledgement acknowledgement, CancellationToken cancellation)
    {
        if (acknowledgement.By?.Length > LongestName || acknowledgement.Note?.Length > LongestNote)
            return Task.FromResult<Outcome<AlertDocument>>(new Problem(ProblemKind.Invalid, $"by has at most {LongestName} and note at most {LongestNote} characters"));
        return Task.FromResult(Change(id, stored => stored with { Acknowledged = new AcknowledgedDocument(_system.Clock.GetUtcNow(), acknowledgement.By, acknowledgement.Note) }));
    }

    public Task<Outcome<AlertDocument>> RedeliverAsync(string id, CancellationToken cancellation)
    {
        if (Find(id) is { } stored && _watches.WebhookOf(stored.Alert.Stream, stored.Alert.Watch) is null)
            return Task.FromResult<Outcome<AlertDocument>>(new Problem(ProblemKind.Invalid, "its watch has no webhook, or is gone"));
        return Task.FromResult(Change(id, found => found with { Delivery = new Delivery(DeliveryState.Pending, Since: _system.Clock.GetUtcNow()) }));
    }

    public async Task<Outcome<byte[]>> PictureAsync(string id, CancellationToken cancellation)
    {
        try
        {
            if (Find(id) is { Alert.HasPicture: true } stored)
                return await File.ReadAllBytesAsync(_log.PictureOf(stored.Alert), cancellation).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            // It was forgotten in between.
        }
        return new Problem(ProblemKind.NotFound, "there is no such event, or it has no picture");
    }

    public IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, CancellationToken cancellation) =>
        FollowAsync(query, query.After ?? _log.Newest, cancellation);

    private async IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Task changed = _log.Changed;
            // What is found may be of any age, what is passed over never comes.
            long newest = _log.Newest;
            foreach (StoredAlert stored in _log.Query(query with { After = last, Most = int.MaxValue }).Where(stored => stored.Alert.Number <= newest))
                yield return stored.Document();
            last = Math.Max(last, newest);
            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null)
            await _sweeper.DisposeAsync().ConfigureAwait(false);
        await _rounds.DisposeAsync().ConfigureAwait(false);
        await _courier.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        _log.Dispose();
    }

    private StoredAlert? Find(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? _log.Find(number) : null;

    private Outcome<AlertDocument> Change(string id, Func<StoredAlert, StoredAlert> change)
    {
        try
        {
            return Find(id) is { } stored && _log.Change(stored.Alert.Number, change) is { } changed ? changed.Document() : Problem.NoEvent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _system.Warn($"what became of event {id} cannot be stored: {e.Message}");
            return new Problem(ProblemKind.Full, "it cannot be stored: the disk is full or not writable");
        }
    }
}
