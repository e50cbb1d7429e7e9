using System.Collections.Immutable;

namespace Streaming.Pipelines.Watches;

/// <summary>
/// Where a watch stands between two answers: votes -> occurrence -> event. An occurrence begins when enough of the newest votes hold, and
/// ends when so many do not that the rest cannot be enough. It makes one event: at its beginning, or when the cooldown of the one
/// before it ends, if it lasts that long. Immutable and pure.
/// </summary>
public sealed record WatchState
{
    public static WatchState Idle { get; } = new();

    /// <summary>The newest votes in order of time, <see cref="WatchRule.Of"/> at most.</summary>
    public ImmutableArray<WatchVote> Votes { get; private init; } = [];

    /// <summary>An occurrence is under way.</summary>
    public bool Holds { get; private init; }

    /// <summary>It has made its event.</summary>
    public bool HasFired { get; private init; }

    /// <summary>Time of the newest event; null: there was none.</summary>
    public TimeSpan? LastFired { get; private init; }

    /// <summary>Since when it holds, as far as the votes tell; null while none of them holds.</summary>
    public TimeSpan? Since => Votes.FirstOrDefault(vote => vote.Holds) is { Holds: true } first ? first.At : null;

    /// <summary>As it was when the program ended: the votes are gone, what was told is not told again.</summary>
    /// <param name="isUnderWay">The occurrence that made the last event had not ended.</param>
    public static WatchState Resume(TimeSpan? lastFired, bool isUnderWay) => new() { Holds = isUnderWay, HasFired = isUnderWay, LastFired = lastFired };

    /// <param name="at">Later than all votes before.</param>
    public WatchState Vote(WatchRule rule, TimeSpan at, bool holds)
    {
        ImmutableArray<WatchVote> votes = [.. Votes.Where(vote => at - vote.At <= rule.Remembers).Append(new WatchVote(at, holds)).TakeLast(rule.Of)];
        int yes = votes.Count(vote => vote.Holds), no = votes.Length - yes;
        bool isUnderWay = yes >= rule.Needed || (Holds && no <= rule.Of - rule.Needed);
        return this with { Votes = votes, Holds = isUnderWay, HasFired = HasFired && isUnderWay };
    }

    /// <summary>Whether the occurrence shall make its event now.</summary>
    public bool IsRipe(WatchRule rule, TimeSpan at) => Holds && !HasFired && !(at - LastFired < rule.Cooldown);

    /// <summary>It has made its event.</summary>
    public WatchState Fire(TimeSpan at) => this with { HasFired = true, LastFired = at };
}
