using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streaming.Contracts;
using Streaming.Pipelines;

namespace Streaming.Server.Access;

/// <summary>
/// What each caller has left of their limits, and what each stream and film has left for all callers together. A question is let in as long as anything is left and counted when it ends, so that what it
/// took beyond is paid back before the next one. Held in memory: a restart forgives.
/// </summary>
public sealed class Allowances : IDisposable
{
    /// <summary>Beyond so many callers, or sources, those who have used nothing lately are forgotten.</summary>
    private const int MostAccounts = 10_000;

    /// <summary>A question begins with some of each budget: nothing would let in an endless row of free ones.</summary>
    private const double Some = 1e-9;

    private readonly TimeProvider _clock;
    private readonly CallerLimits _ofSource;
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SourceName, Account> _sources = new();
    private readonly Meter _meter = new(StreamingMetrics.MeterName);
    private readonly Counter<long> _refused;

    /// <param name="ofSource">What all callers together may have read of one stream or film, so that no picture, whatever it does to the model, keeps it from the others; null: no limit.</param>
    public Allowances(TimeProvider? clock = null, CallerLimits? ofSource = null)
    {
        (_clock, _ofSource) = (clock ?? TimeProvider.System, ofSource ?? CallerLimits.None);
        _refused = _meter.CreateCounter<long>("streaming_limited_requests_total", null, "Requests that were refused because a caller had used up a limit, by which one.");
    }

    /// <summary>Counts a request.</summary>
    /// <returns>Null if it may go on; else the problem that says when to come back.</returns>
    public Problem? Request(Caller caller) => AccountOf(caller).Requests.Take(1) is { } wait
        ? Refuse("requests", wait, $"{caller.Name} may make {caller.Limits.RequestsPerMinute} requests a minute")
        : null;

    /// <summary>Whether a caller may ask a question about some sources now.</summary>
    /// <inheritdoc cref="Request"/>
    public Problem? Question(Caller caller, IReadOnlyList<SourceName> sources) =>
        Begin(AccountOf(caller), $"{caller.Name} has") ?? sources.Select(source => Begin(AccountOf(source), $"questions about {source.Name} have")).FirstOrDefault(problem => problem is not null);

    /// <summary>Counts what a question took.</summary>
    public void Spend(Caller caller, IReadOnlyList<SourceName> sources, long visualTokens, TimeSpan took)
    {
        foreach (Account account in sources.Select(AccountOf).Prepend(AccountOf(caller)))
        {
            account.Tokens.Spend(visualTokens);
            account.Seconds.Spend(took.TotalSeconds);
        }
    }

    public void Dispose() => _meter.Dispose();

    private Problem? Begin(Account account, string who)
    {
        if (account.Tokens.Take(Some) is { } tokens)
            return Refuse("tokens", tokens, $"{who} used up {account.Limits.VisualTokensPerHour} visual tokens an hour");
        return account.Seconds.Take(Some) is { } seconds
            ? Refuse("seconds", seconds, $"{who} used up {account.Limits.SecondsPerHour} seconds of answering an hour")
            : null;
    }

    /// <summary>Another set of limits is another account: a changed key begins anew.</summary>
    private Account AccountOf(Caller caller)
    {
        Account account = In(_accounts, caller.Name, caller.Limits);
        return account.Limits == caller.Limits ? account : _accounts[caller.Name] = new Account(caller.Limits, _clock);
    }

    private Account AccountOf(SourceName source) => In(_sources, source, _ofSource);

    private Account In<T>(ConcurrentDictionary<T, Account> accounts, T name, CallerLimits limits)
        where T : notnull
    {
        if (accounts.Count > MostAccounts)
            foreach ((T forgotten, Account known) in accounts)
                if (known.IsWhole)
                    accounts.TryRemove(forgotten, out _);
        return accounts.GetOrAdd(name, _ => new Account(limits, _clock));
    }

    private Problem Refuse(string limit, TimeSpan wait, string words)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));
        return new Problem(ProblemKind.Busy, $"{words}; come back in {Math.Ceiling(wait.TotalSeconds):0} s") { RetryAfter = wait };
    }

    private sealed class Account(CallerLimits limits, TimeProvider clock)
    {
        public CallerLimits Limits => limits;

        public bool IsWhole => Requests.IsWhole && Tokens.IsWhole && Seconds.IsWhole;

        public Allowance Requests { get; } = new(limits.RequestsPerMinute ?? 0, TimeSpan.FromMinutes(1), clock);

        public Allowance Tokens { get; } = new(limits.VisualTokensPerHour ?? 0, TimeSpan.FromHours(1), clock);

        public Allowance Seconds { get; } = new(limits.SecondsPerHour ?? 0, TimeSpan.FromHours(1), clock);
    }
}
