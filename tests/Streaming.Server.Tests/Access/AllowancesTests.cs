using Streaming.Contracts;
using Streaming.Pipelines.Tests;
using Streaming.Server.Access;

namespace Streaming.Server.Tests.Access;

public sealed class AllowancesTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Allowances _allowances;

    public AllowancesTests() => _allowances = new Allowances(_clock);

    public void Dispose() => _allowances.Dispose();

    [Fact]
    public void Request_beyond_the_limit_is_told_when_to_come_back_and_then_let_in()
    {
        Caller caller = Of("ann", new CallerLimits(RequestsPerMinute: 30));
        for (int i = 0; i < 30; i++)
            Assert.Null(_allowances.Request(caller));
        TimeSpan wait = _allowances.Request(caller)!.RetryAfter!.Value;
        Assert.Equal(TimeSpan.FromSeconds(2), wait);
        Assert.Null(_allowances.Request(Of("bob", caller.Limits)));
        _clock.Advance(wait);
        Assert.Null(_allowances.Request(caller));
        Assert.NotNull(_allowances.Request(caller));
    }

    [Fact]
    public void Question_is_let_in_while_anything_is_left_and_what_it_took_beyond_is_paid_back()
    {
        Caller caller = Of("ann", new CallerLimits(VisualTokensPerHour: 1000));
        Assert.Null(_allowances.Question(caller, []));
        _allowances.Spend(caller, [], 1500, TimeSpan.FromSeconds(100));
        TimeSpan wait = _allowances.Question(caller, [])!.RetryAfter!.Value;
        Assert.Equal(30, wait.TotalMinutes, 0.01);
        _clock.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(_allowances.Question(caller, []));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(_allowances.Question(caller, []));
    }

    [Fact]
    public void Question_seconds_are_a_budget_of_their_own()
    {
        Caller caller = Of("ann", new CallerLimits(VisualTokensPerHour: 1000, SecondsPerHour: 10));
        _allowances.Spend(caller, [], 1, TimeSpan.FromSeconds(11));
        Assert.Contains("seconds", _allowances.Question(caller, [])!.Detail);
        Assert.Null(_allowances.Request(caller));
    }

    [Fact]
    public void Question_about_a_stream_that_had_its_share_is_refused_to_everybody_and_others_are_not()
    {
        using var allowances = new Allowances(_clock, new CallerLimits(SecondsPerHour: 60));
        (SourceName door, SourceName yard) = (SourceName.Stream("door"), SourceName.Stream("yard"));
        allowances.Spend(Of("ann", CallerLimits.None), [door], 500, TimeSpan.FromSeconds(90));
        Problem refused = allowances.Question(Of("bob", CallerLimits.None), [yard, door])!;
        Assert.Equal((ProblemKind.Busy, 30.0), (refused.Kind, Math.Round(refused.RetryAfter!.Value.TotalMinutes)));
        Assert.Contains("door", refused.Detail);
        Assert.Null(allowances.Question(Of("bob", CallerLimits.None), [yard]));
        _clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Null(allowances.Question(Of("bob", CallerLimits.None), [door]));
    }

    [Fact]
    public void Caller_without_limits_and_with_limits_of_zero_is_never_refused()
    {
        foreach (Caller caller in new[] { Caller.Local, Of("ann", new CallerLimits(0, 0, 0)) })
        {
            for (int i = 0; i < 1000; i++)
            {
                Assert.Null(_allowances.Request(caller) ?? _allowances.Question(caller, []));
                _allowances.Spend(caller, [], 1_000_000, TimeSpan.FromHours(1));
            }
        }
    }

    [Fact]
    public void Limits_of_a_key_hold_before_those_of_the_server()
    {
        CallerLimits limits = new CallerLimits(RequestsPerMinute: 1, SecondsPerHour: 0).Or(new CallerLimits(100, 200, 300));
        Assert.Equal(new CallerLimits(1, 200, 0), limits);
    }

    private static Caller Of(string name, CallerLimits limits) => new(name, Role.Viewer, null) { Limits = limits };
}
