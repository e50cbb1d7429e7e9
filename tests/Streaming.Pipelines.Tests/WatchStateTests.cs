using Streaming.Pipelines.Watches;

namespace Streaming.Pipelines.Tests;

public sealed class WatchStateTests
{
    private static readonly WatchRule TwoOfThree = new(Seconds(1), Needed: 2, Of: 3, Cooldown: Seconds(10));

    [Fact]
    public void Vote_enough_of_the_newest_hold_is_one_event_at_the_edge()
    {
        Assert.Equal([3], Fire(TwoOfThree, "nyy" + "yynyyyyy"));
        Assert.Equal([1], Fire(new WatchRule(Seconds(1)), "yyyy"));
        Assert.Equal([1, 3, 5], Fire(new WatchRule(Seconds(1)), "ynyny"));
        Assert.Empty(Fire(TwoOfThree, "ynnynnynn"));
    }

    [Fact]
    public void Vote_occurrence_that_begins_in_the_cooldown_fires_at_its_end_if_it_lasts()
    {
        var rule = new WatchRule(Seconds(1), Cooldown: Seconds(10));
        Assert.Equal([1, 11], Fire(rule, "yn" + "nyyyyyyyyyyyyy"));
        Assert.Equal([1], Fire(rule, "yn" + "nyyynnnnnnnnnn"));
    }

    [Fact]
    public void Vote_before_an_outage_does_not_meet_one_after_it()
    {
        WatchState state = WatchState.Idle.Vote(TwoOfThree, Seconds(1), true);
        Assert.False(state.Vote(TwoOfThree, Seconds(8), true).IsRipe(TwoOfThree, Seconds(8)));
        Assert.True(state.Vote(TwoOfThree, Seconds(7), true).IsRipe(TwoOfThree, Seconds(7)));
    }

    [Fact]
    public void Resume_what_was_told_is_not_told_again_until_it_has_ended()
    {
        WatchState state = WatchState.Resume(Seconds(5), isUnderWay: true);
        foreach (int second in Enumerable.Range(100, 5))
        {
            state = state.Vote(TwoOfThree, Seconds(second), true);
            Assert.False(state.IsRipe(TwoOfThree, Seconds(second)));
        }
        state = state.Vote(TwoOfThree, Seconds(105), false).Vote(TwoOfThree, Seconds(106), false).Vote(TwoOfThree, Seconds(107), true).Vote(TwoOfThree, Seconds(108), true);
        Assert.True(state.IsRipe(TwoOfThree, Seconds(108)));
        Assert.Equal(Seconds(107), state.Since);
    }

    [Fact]
    public void Vote_any_votes_fire_by_the_rule_alone()
    {
        var dice = new Random(20261121);
        for (int round = 0; round < 500; round++)
        {
            int of = dice.Next(1, 6), needed = dice.Next(1, of + 1), cooldown = dice.Next(0, 12);
            var rule = new WatchRule(Seconds(1), needed, of, Seconds(cooldown));
            string votes = string.Concat(Enumerable.Range(0, 60).Select(_ => dice.Next(3) == 0 ? 'y' : 'n'));
            List<int> fired = Fire(rule, votes);
            Assert.Equal(Textbook(rule, votes), fired);
            Assert.All(fired, at => Assert.True(votes[Math.Max(0, at - of)..at].Count(vote => vote == 'y') >= needed));
            Assert.All(fired.Zip(fired.Skip(1)), pair => Assert.True(pair.Second - pair.First >= cooldown));
        }
    }

    [Theory]
    [InlineData("yes", "yes", true)]
    [InlineData("Yes, a red car.", "yes", true)]
    [InlineData("no", "yes", false)]
    [InlineData("No, but a yes would be nice.", "yes", false)]
    [InlineData("yesterday", "yes", null)]
    [InlineData("cannot tell", "yes", null)]
    [InlineData("it is true", "yes", null)]
    [InlineData("", "yes", null)]
    [InlineData("no", "no", true)]
    [InlineData("red", "Red", true)]
    [InlineData("a red circle at 4 s", "red circle", true)]
    [InlineData("not red", "red", false)]
    [InlineData("blue", "red", false)]
    [InlineData("cannot tell", "red", null)]
    public void Verdict_of_an_answer_is_how_it_begins(string answer, string firesOn, bool? verdict) => Assert.Equal(verdict, Verdict.Of(answer, firesOn));

    /// <summary>The same in other words: all windows at once instead of one vote after another.</summary>
    private static List<int> Textbook(WatchRule rule, string votes)
    {
        var fired = new List<int>();
        bool isUnderWay = false, hasFired = false;
        for (int at = 1; at <= votes.Length; at++)
        {
            string window = votes[Math.Max(0, at - rule.Of)..at];
            bool isEnough = window.Count(vote => vote == 'y') >= rule.Needed;
            isUnderWay = window.Length < rule.Of ? isUnderWay || isEnough : isEnough;
            hasFired &= isUnderWay;
            if (isUnderWay && !hasFired && (fired.Count == 0 || at - fired[^1] >= rule.Cooldown.TotalSeconds))
            {
                fired.Add(at);
                hasFired = true;
            }
        }
        return fired;
    }

    /// <summary>The seconds at which votes, one a second from second 1 on, make events.</summary>
    private static List<int> Fire(WatchRule rule, string votes)
    {
        WatchState state = WatchState.Idle;
        var fired = new List<int>();
        for (int at = 1; at <= votes.Length; at++)
        {
            state = state.Vote(rule, Seconds(at), votes[at - 1] == 'y');
            if (!state.IsRipe(rule, Seconds(at)))
                continue;
            state = state.Fire(Seconds(at));
            fired.Add(at);
        }
        return fired;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
