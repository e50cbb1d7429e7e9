using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Pipelines.Watches;

namespace Streaming.Server.Watches;

/// <summary>One watch of this machine: what was declared, where it stands, what it counted. Asked by one caller at a time; any thread may read.</summary>
internal sealed class LocalWatch
{
    private readonly StandingQuestion _question;
    private readonly StandingQuestion? _confirm;
    private volatile WatchState _state;
    private volatile LastAsked? _last;
    private long _asked, _skipped, _unclear, _unconfirmed;
    private TimeSpan? _until;

    internal LocalWatch(WatchDeclaration declaration, Answering answering)
    {
        Declaration = declaration;
        _question = new StandingQuestion(answering, declaration.Question, declaration.Window, declaration.FiresOn);
        _confirm = declaration.Confirm is { } second ? new StandingQuestion(answering, second, declaration.Window, "yes") : null;
        _state = WatchState.Resume(declaration.LastFired is { } fired ? TimeSpan.FromSeconds(fired) : null, declaration.IsUnderWay);
    }

    private sealed record LastAsked(string Answer, DateTimeOffset At);

    /// <summary>What came of asking once.</summary>
    /// <param name="Fires">There shall be an event; <see cref="Fire"/> says that there is.</param>
    /// <param name="IsUnconfirmed">There would be one, had the second question been answered with yes.</param>
    /// <param name="Since">Since when it holds.</param>
    internal readonly record struct Finding(WatchFinding First, bool Fires, bool IsUnconfirmed, TimeSpan Since, TimeSpan At);

    /// <summary>As it was declared, with what must survive a restart.</summary>
    internal WatchDeclaration Declaration { get; }

    internal WatchState State => _state;

    /// <summary>It as it shall be stored.</summary>
    internal WatchDeclaration Lasting => Declaration with { LastFired = _state.LastFired?.TotalSeconds, IsUnderWay = _state is { Holds: true, HasFired: true } };

    /// <summary>Counts what was not asked.</summary>
    internal void Skip(int times) => Interlocked.Add(ref _skipped, times);

    /// <summary>Nothing was shown since it was asked last.</summary>
    internal bool HasSeen(TimeSpan until) => until <= _until;

    /// <summary>Asks about the stretch up to a moment.</summary>
    /// <param name="turn">Before what it goes.</param>
    /// <exception cref="InferenceException">The model gave no answer.</exception>
    internal async Task<Finding> AskAsync(Sighting seen, TimeSpan until, DateTimeOffset now, InferenceClass turn, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        WatchFinding found;
        try
        {
            found = await _question.AskAsync(seen.Memory, until, turn, seen.Gaps, seen.Notes, cancellation).ConfigureAwait(false);
        }
        catch (InferenceException)
        {
            Interlocked.Increment(ref _unclear);
            throw;
        }
        _until = until;
        _last = new LastAsked(found.Answer.Text, now);
        if (found.Holds is not { } holds)
        {
            Interlocked.Increment(ref _unclear);
            return new Finding(found, false, false, until, until);
        }
        WatchState state = _state = _state.Vote(Declaration.Rule, until, holds);
        bool isRipe = state.IsRipe(Declaration.Rule, until), isConfirmed = true;
        if (isRipe && _confirm is not null)
        {
            isConfirmed = (await _confirm.AskAsync(seen.Memory, until, turn, seen.Gaps, seen.Notes, cancellation).ConfigureAwait(false)).Holds == true;
            if (!isConfirmed)
                Interlocked.Increment(ref _unconfirmed);
        }
        return new Finding(found, isRipe && isConfirmed, isRipe && !isConfirmed, state.Since ?? until, until);
    }

    /// <summary>The event is stored.</summary>
    internal void Fire(TimeSpan at) => _state = _state.Fire(at);

    /// <param name="secret">Told this once.</param>
    internal WatchDocument Document(string stream, string? lastEvent, string? secret = null)
    {
        WatchDeclaration declared = Declaration;
        LastAsked? last = _last;
        return new WatchDocument(
            declared.Name, stream, declared.Question, declared.FiresOn, declared.EverySeconds, declared.WindowSeconds, declared.Needed, declared.Of, declared.CooldownSeconds,
            declared.Severity, declared.Confirm, declared.Webhook is null ? null : new WebhookDocument(declared.Webhook.Address, secret), declared.Enabled,
            _state.Holds, last?.Answer, last?.At, Interlocked.Read(ref _asked), Interlocked.Read(ref _skipped), Interlocked.Read(ref _unclear), Interlocked.Read(ref _unconfirmed), lastEvent);
    }
}
