using System.Text.Json;
using Streaming.Contracts;
using Streaming.Grains.Hosting;

namespace Streaming.Grains.Tests;

/// <summary>What the contract's records are after a way from machine to machine.</summary>
public sealed class ContractJsonTests
{
    [Fact]
    public void Outcome_is_its_value_or_its_problem()
    {
        Outcome<WatchList> value = new WatchList([]), problem = new Problem(ProblemKind.Busy, "later") { RetryAfter = TimeSpan.FromSeconds(3) };
        Assert.Empty(There(value).Value!.Watches);
        Assert.Equal(problem.Problem, There(problem).Problem);
    }

    [Fact]
    public void Question_loses_nothing_on_its_way()
    {
        var asked = new AskRequest([SourceName.Stream("a"), SourceName.File("f")], "What?", Moment.Since(TimeSpan.FromSeconds(-120)), Moment.On(DateTimeOffset.UnixEpoch), 40, "holitom", 0.2)
        {
            Schema = "{}",
            Detail = true,
            Sight = true,
            Stated = ["The bike is Ann's."],
            Conversation = new ConversationName("talk", "me"),
            Said = [new SaidTurn("q", "a") { Source = SourceName.Stream("a"), Seen = [new SeenSpan(1, 2)] }],
        };
        AskRequest there = There(asked);
        Assert.Equal(Json(asked), Json(there));
        Assert.Equal((asked.Conversation, asked.From, asked.To, asked.Said[0].Source), (there.Conversation, there.From, there.To, there.Said[0].Source));
    }

    [Fact]
    public void Record_of_a_newer_machine_is_read_without_what_is_new_in_it() =>
        Assert.Equal("yes", JsonSerializer.Deserialize<AnswerPiece>("""{"Text":"yes","Mood":"good"}""", ContractJson.Options)!.Text);

    private static T There<T>(T value) => JsonSerializer.Deserialize<T>(Json(value), ContractJson.Options)!;

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ContractJson.Options);
}
