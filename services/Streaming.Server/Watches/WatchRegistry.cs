using Streaming.Contracts;
using Streaming.Pipelines.Watches;
using Streaming.Server.Alerts;
using Streaming.Server.Egress;
using Streaming.Server.Streams;
using Streaming.Server.Webhooks;

namespace Streaming.Server.Watches;

/// <summary>The watches of this machine by stream and name, and when each is due. Any thread may call; changes are on disk when they are told.</summary>
internal sealed class WatchRegistry
{
    /// <summary>More questions about one stream than anybody reads the events of.</summary>
    private const int MostOfAStream = 100;

    private readonly LocalSystem _system;
    private readonly StreamRegistry _streams;
    private readonly EgressRules _rules;
    private readonly IAlertLog _log;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Stream, string Watch), LocalWatch> _watches = [];
    private readonly WatchAgenda _agenda = new();
    private readonly long _start;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WatchRegistry(LocalSystem system, StreamRegistry streams, EgressRules rules, IAlertLog log)
    {
        (_system, _streams, _rules, _log, _start) = (system, streams, rules, log, system.Clock.GetTimestamp());
    }

    /// <summary>Enters what was declared of the streams that are there.</summary>
    internal void Open()
    {
        lock (_gate)
            foreach (LocalStream stream in _streams.All)
                Open(stream);
    }

    /// <summary>Enters what was declared of a stream that came.</summary>
    internal void Open(string name)
    {
        lock (_gate)
            if (_streams.Find(name).Value is { } stream)
                Open(stream);
    }

    private void Open(LocalStream stream)
    {
        foreach (WatchDeclaration declaration in WatchFile.Read(stream.Folder, _system.Warn))
            Enter(stream.Name, new LocalWatch(declaration, _system.Model.Answering));
    }

    /// <summary>When the next round is due, from now; null: nothing is watched. With it a task that completes when that changes.</summary>
    internal (TimeSpan? Wait, Task Changed) Next
    {
        get
        {
            lock (_gate)
                return (_agenda.NextDue - Now is { } wait ? wait > TimeSpan.Zero ? wait : TimeSpan.Zero : null, _changed.Task);
        }
    }

    private TimeSpan Now => _system.Clock.GetElapsedTime(_start);

    /// <summary>The round that is due, with its watches as they are; null: none is.</summary>
    internal (string Stream, IReadOnlyList<(LocalWatch Watch, int Skipped)> Watches)? Take()
    {
        lock (_gate)
        {
            return _agenda.Take(Now) is { } round
                ? (round.Stream, [.. round.Watches.Select(due => (_watches[(round.Stream, due.Watch)], due.Skipped)).OrderBy(due => due.Item1.Declaration.Window)])
                : null;
        }
    }

    internal Webhook? WebhookOf(string stream, string watch)
    {
        lock (_gate)
            return _watches.GetValueOrDefault((stream, watch))?.Declaration.Webhook;
    }

    internal Outcome<WatchList> All(string stream)
    {
        if (_streams.Find(stream).Problem is { } problem)
            return problem;
        lock (_gate)
            return new WatchList([.. _watches.Where(watch => watch.Key.Stream == stream).Select(watch => Document(stream, watch.Value))]);
    }

    internal Outcome<WatchDocument> Find(string stream, string name)
    {
        lock (_gate)
            return _watches.TryGetValue((stream, name), out LocalWatch? watch) ? Document(stream, watch) : NotFound(stream);
    }

    internal Outcome<WatchDocument> Add(string stream, WatchRequest request)
    {
        if (_streams.Find(stream).Problem is { } problem)
            return problem;
        if (Refuse(request) is { } refused)
            return refused;
        lock (_gate)
        {
            if (_watches.ContainsKey((stream, request.Name!)))
                return new Problem(ProblemKind.Taken, $"there is a watch {request.Name} of this stream already");
            if (_watches.Keys.Count(key => key.Stream == stream) >= MostOfAStream)
                return new Problem(ProblemKind.Full, $"the stream has {MostOfAStream} watches, which is the limit; remove one first");
            var watch = new LocalWatch(WatchDeclaration.From(request), _system.Model.Answering);
            return Storing(stream, () => Enter(stream, watch), () => Leave(stream, request.Name!))
                ?? (Outcome<WatchDocument>)Document(stream, watch, watch.Declaration.Webhook?.Secret);
        }
    }

    internal Outcome<WatchDocument> Change(string stream, string name, WatchPatch patch)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue((stream, name), out LocalWatch? before))
                return NotFound(stream);
            if (patch.Webhook is { Url: not "" } webhook && Webhook.Refuse(webhook, _rules) is { } wrong)
                return wrong;
            WatchDeclaration lasting = before.Lasting, after = lasting.With(patch);
            if (Refuse(after.Request()) is { } refused)
                return refused;
            // Another question has not been answered yet.
            bool isSame = (after.Question, after.FiresOn, after.Enabled) == (lasting.Question, lasting.FiresOn, lasting.Enabled);
            var watch = new LocalWatch(after with { IsUnderWay = lasting.IsUnderWay && isSame }, _system.Model.Answering);
            return Storing(stream, () => Enter(stream, watch), () => Enter(stream, before))
                ?? (Outcome<WatchDocument>)Document(stream, watch, patch.Webhook is null ? null : watch.Declaration.Webhook?.Secret);
        }
    }

    internal Outcome<WatchDocument> Remove(string stream, string name)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue((stream, name), out LocalWatch? watch))
                return NotFound(stream);
            return Storing(stream, () => Leave(stream, name), () => Enter(stream, watch)) ?? (Outcome<WatchDocument>)Document(stream, watch);
        }
    }

    /// <summary>A stream is gone, and with its folder what was declared of its watches.</summary>
    internal void Forget(string stream)
    {
        lock (_gate)
            foreach (var (_, name) in _watches.Keys.Where(key => key.Stream == stream).ToList())
                Leave(stream, name);
    }

    /// <summary>Makes last where a watch stands, if it is still declared so.</summary>
    /// <param name="change">What comes first: nobody takes the watch or its stream away in between.</param>
    /// <exception cref="IOException">Of <paramref name="change"/>.</exception>
    internal void Settle(string stream, LocalWatch watch, Action? change = null)
    {
        lock (_gate)
        {
            if (_watches.GetValueOrDefault((stream, watch.Declaration.Name)) != watch)
                return;
            change?.Invoke();
            Storing(stream, () => { }, () => { });
        }
    }

    /// <summary>Why there can be no such watch; null if there can.</summary>
    internal Problem? Refuse(WatchRequest request) => WatchRules.Refuse(request, _system.Model.Answering.Refuse, _rules);

    private WatchDocument Document(string stream, LocalWatch watch, string? secret = null) => watch.Document(stream, _log.NewestOf(stream, watch.Declaration.Name)?.Id, secret);

    private Problem NotFound(string stream) => _streams.Find(stream).Problem ?? new Problem(ProblemKind.NotFound, "the stream has no watch of that name");

    private void Enter(string stream, LocalWatch watch)
    {
        string name = watch.Declaration.Name;
        _watches[(stream, name)] = watch;
        if (watch.Declaration.Enabled)
            _agenda.Set(stream, name, watch.Declaration.Rule.Every, Now);
        else
            _agenda.Remove(stream, name);
        Announce();
    }

    private void Leave(string stream, string name)
    {
        _watches.Remove((stream, name));
        _agenda.Remove(stream, name);
        Announce();
    }

    private void Announce()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Changes and stores; what cannot be stored is taken back.</summary>
    private Problem? Storing(string stream, Action change, Action takeBack)
    {
        change();
        try
        {
            if (_streams.Find(stream).Value is not { } local)
                throw new DirectoryNotFoundException("the stream is gone");
            WatchFile.Write(local.Folder, [.. _watches.Where(watch => watch.Key.Stream == stream).Select(watch => watch.Value.Lasting)]);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            takeBack();
            _system.Warn($"the watches of stream {stream} cannot be stored: {e.Message}");
            return new Problem(ProblemKind.Full, "the watch cannot be stored: the disk is full or not writable");
        }
    }
}
