using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Streaming.Contracts;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests.Http;

/// <summary>Watches that never ask anything, and events that a test makes.</summary>
internal sealed class FakeWatches(Func<string, bool> isStream) : IWatchDirectory
{
    /// <summary>Of every webhook.</summary>
    public const string Secret = "whsec_dG9sZCBvbmNlIGFuZCBuZXZlciBhZ2Fpbg==";

    private readonly ConcurrentDictionary<(string, string), WatchDocument> _watches = [];
    private readonly List<AlertDocument> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the next event.</summary>
    public void Fire(string stream, WatchSeverity severity = WatchSeverity.Warning)
    {
        lock (_events)
        {
            DateTimeOffset at = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero).AddSeconds(_events.Count);
            _events.Add(new AlertDocument(
                (_events.Count + 1).ToString(CultureInfo.InvariantCulture), stream, "car", severity, "Is there a car?", "yes", "scenes", at, at, 0, 1, [0, 1, 2], null, at, null, new DeliveryDocument(DeliveryState.None, 0, null)));
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task<Outcome<WatchDocument>> AddAsync(string stream, WatchRequest request, CancellationToken cancellation)
    {
        if (!isStream(stream))
            return Fail<WatchDocument>(ProblemKind.NotFound);
        if (request.Name is null || StreamRules.NameProblem(request.Name) is not null || string.IsNullOrEmpty(request.Question))
            return Fail<WatchDocument>(ProblemKind.Invalid);
        var watch = new WatchDocument(
            request.Name, stream, request.Question, "yes", request.EverySeconds ?? 5, 10, 1, 1, 60, WatchSeverity.Warning, null, HookOf(request.Webhook), true, false, null, null, 0, 0, 0, 0, null);
        return _watches.TryAdd((stream, request.Name), watch with { Webhook = watch.Webhook is { } hook ? hook with { Secret = null } : null }) ? Done(watch) : Fail<WatchDocument>(ProblemKind.Taken);
    }

    private static WebhookDocument? HookOf(WebhookRequest? request) => Uri.TryCreate(request?.Url, UriKind.Absolute, out Uri? url) ? new WebhookDocument(url.GetLeftPart(UriPartial.Authority), Secret) : null;

    public Task<Outcome<WatchList>> AllAsync(string stream, CancellationToken cancellation) => isStream(stream)
        ? Done(new WatchList([.. _watches.Values.Where(watch => watch.Stream == stream)]))
        : Fail<WatchList>(ProblemKind.NotFound);

    public Task<Outcome<WatchDocument>> FindAsync(string stream, string watch, CancellationToken cancellation) =>
        _watches.TryGetValue((stream, watch), out WatchDocument? found) ? Done(found) : Fail<WatchDocument>(ProblemKind.NotFound);

    public Task<Outcome<WatchDocument>> ChangeAsync(string stream, string watch, WatchPatch patch, CancellationToken cancellation)
    {
        if (_watches.TryGetValue((stream, watch), out WatchDocument? found))
            _watches[(stream, watch)] = found with { EverySeconds = patch.EverySeconds ?? found.EverySeconds };
        return FindAsync(stream, watch, cancellation);
    }

    public Task<Outcome<WatchDocument>> RemoveAsync(string stream, string watch, CancellationToken cancellation) =>
        _watches.TryRemove((stream, watch), out WatchDocument? found) ? Done(found) : Fail<WatchDocument>(ProblemKind.NotFound);

    public Task<Outcome<BacktestDocument>> BacktestAsync(string stream, WatchRequest request, CancellationToken cancellation) =>
        !isStream(stream) ? Fail<BacktestDocument>(ProblemKind.NotFound)
        : request.Question is null ? Fail<BacktestDocument>(ProblemKind.Invalid)
        : Done(new BacktestDocument(default, default, true, 3, 2, 1, 0, [new BacktestEvent(default, default, 1, "yes", "/v1/streams/door/keyframes/1.jpg")]));

    public Task<AlertList> EventsAsync(AlertQuery query, CancellationToken cancellation) => Task.FromResult(new AlertList([.. After(query).TakeLast(query.Most)]));

    public Task<Outcome<AlertDocument>> EventAsync(string id, CancellationToken cancellation)
    {
        lock (_events)
            return _events.Find(alert => alert.Id == id) is { } found ? Done(found) : Fail<AlertDocument>(ProblemKind.NotFound);
    }

    public Task<Outcome<AlertDocument>> AcknowledgeAsync(string id, Acknowledgement acknowledgement, CancellationToken cancellation)
    {
        lock (_events)
        {
            int index = _events.FindIndex(alert => alert.Id == id);
            if (index >= 0)
                _events[index] = _events[index] with { Acknowledged = new AcknowledgedDocument(default, acknowledgement.By, acknowledgement.Note) };
        }
        return EventAsync(id, cancellation);
    }

    public Task<Outcome<AlertDocument>> RedeliverAsync(string id, CancellationToken cancellation) => EventAsync(id, cancellation);

    public Task<Outcome<byte[]>> PictureAsync(string id, CancellationToken cancellation) => id == "1" ? Done<byte[]>([1, 2, 3]) : Fail<byte[]>(ProblemKind.NotFound);

    public IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, CancellationToken cancellation) =>
        FollowAsync(query, query.After ?? After(new AlertQuery()).Count, cancellation);

    private async IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Task changed = _changed.Task;
            foreach (AlertDocument alert in After(query with { After = last }))
            {
                last = long.Parse(alert.Id, CultureInfo.InvariantCulture);
                yield return alert;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    private List<AlertDocument> After(AlertQuery query)
    {
        lock (_events)
            return [.. _events.Where(alert => !(long.Parse(alert.Id, CultureInfo.InvariantCulture) <= query.After) && query.Streams?.Contains(alert.Stream) is not false && (query.Stream ?? alert.Stream) == alert.Stream && (query.Severity ?? alert.Severity) == alert.Severity)];
    }

    private static Task<Outcome<T>> Done<T>(T value)
        where T : class =>
        Task.FromResult<Outcome<T>>(value);

    private static Task<Outcome<T>> Fail<T>(ProblemKind kind)
        where T : class =>
        Task.FromResult<Outcome<T>>(new Problem(kind, "it cannot be"));
}
