using Streaming.Contracts;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Conversations;
using Streaming.Server.Store;

namespace Streaming.Server.Tests;

public sealed class ConversationTests : IAsyncLifetime
{
    private static readonly ConversationName Mine = new("c1", "ann");

    private readonly LocalMachine _machine = new();
    private string _file = "";

    [Fact]
    public async Task AskAsync_in_a_conversation_reads_its_earlier_turns_and_becomes_the_next()
    {
        Assert.Null((await AskAsync("What is there?", null)).Conversation);
        Assert.Equal(1, (await AskAsync("What is there?", Mine)).Conversation!.Turn);
        Assert.Equal(("c1", 2), (await AskAsync("And before that?", Mine)).Conversation is { } place ? (place.Id, place.Turn) : default);
        Assert.Equal(["What is there?", "yes", "And before that?"], Texts());
        await AskAsync("And before that?", Mine with { Owner = "bob" });
        Assert.Single(_machine.Model.Asked[^1].Messages);
        ConversationDocument conversation = await (await _machine.OpenAsync()).ConversationAsync(Mine, default);
        Assert.Equal([(1L, "What is there?", "yes"), (2, "And before that?", "yes")], conversation.Turns.Select(turn => (turn.Number, turn.Question, turn.Answer)));
        Assert.Equal(_file, Assert.Single(conversation.Turns[0].Parts).File);
        Assert.NotEmpty(conversation.Turns[0].Parts[0].Seen);
    }

    [Fact]
    public async Task AskAsync_statement_is_noted_and_answered_without_a_model_and_a_later_one_supersedes_it()
    {
        AnswerDocument noted = await AskAsync("The square is Bob's.", Mine);
        Assert.Equal(("noted", null), (noted.Answer, noted.Model));
        Assert.Empty(_machine.Model.Asked);
        await AskAsync("No, it is Ann's. Whose is it?", Mine);
        string read = string.Concat(_machine.Model.Asked[^1].Messages.SelectMany(message => message.Content).OfType<TextPart>().Select(part => part.Text));
        Assert.Contains("user says \"No, the square is Ann's.\"", read, StringComparison.Ordinal);
        Assert.DoesNotContain("user says \"The square is Bob's.\"", read, StringComparison.Ordinal);
        await AskAsync("Whose is the square?", null);
        Assert.Contains("user says", string.Concat(_machine.Model.Asked[^1].Messages[0].Content.OfType<TextPart>().Select(part => part.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForgetConversationAsync_and_removing_its_source_leave_no_turns()
    {
        LocalDirectory directory = await _machine.OpenAsync();
        await AskAsync("What is there?", Mine);
        await directory.ForgetConversationAsync(Mine, default);
        Assert.Empty((await directory.ConversationAsync(Mine, default)).Turns);
        await AskAsync("What is there?", Mine);
        await directory.RemoveFileAsync(_file, default);
        Assert.Empty((await directory.ConversationAsync(Mine, default)).Turns);
    }

    [Fact]
    public async Task Add_to_a_long_conversation_and_to_many_keeps_the_newest_turns_and_those_used_last()
    {
        string log = Path.Combine(_machine.DataFolder, "other.log");
        for (int run = 0; run < 2; run++)
        {
            await using var book = new ConversationBook(new FileMemoryStore(log), new LineJournalOptions("conversations", Backoff.Default, TimeProvider.System, text => Assert.Fail(text)));
            await book.OpenAsync();
            for (int i = 0; run == 0 && i <= ConversationBook.MostConversations; i++)
                await book.AddAsync(new ConversationName($"c{i}"), "?", "yes", []);
            for (int i = 0; run == 0 && i <= ConversationBook.MostTurns; i++)
                await book.AddAsync(new ConversationName("c7"), "?", "yes", []);
            IReadOnlyList<TurnDocument> turns = (await book.FindAsync(new ConversationName("c7"))).Turns;
            Assert.Equal((3L, ConversationBook.MostTurns), (turns[0].Number, turns.Count));
            Assert.Empty((await book.FindAsync(new ConversationName("c0"))).Turns);
            Assert.Single((await book.FindAsync(new ConversationName("c1"))).Turns);
        }
    }

    [Fact]
    public async Task AskAsync_turns_and_what_was_said_outlive_a_restart()
    {
        await AskAsync("The square is Bob's.", Mine);
        Assert.True((await AskAsync("What is there?", Mine)).Conversation!.Durable);
        await _machine.CloseAsync();
        Assert.Equal(3, (await AskAsync("Whose is it?", Mine)).Conversation!.Turn);
        // What was noted stands before the first turn.
        Assert.EndsWith("user says \"The square is Bob's.\"\nThe square is Bob's.", Texts().First(), StringComparison.Ordinal);
        Assert.Equal(["noted", "What is there?", "yes", "Whose is it?"], Texts().Skip(1));
    }

    public async Task InitializeAsync()
    {
        _file = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        await _machine.UntilReadAsync(_file);
    }

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();

    private async Task<AnswerDocument> AskAsync(string question, ConversationName? conversation)
    {
        var (_, answer, problem) = await _machine.AskAsync(new AskRequest([SourceName.File(_file)], question) { Conversation = conversation });
        Assert.Null(problem);
        return answer!;
    }

    /// <summary>The last text of each message of the newest prompt.</summary>
    private IEnumerable<string> Texts() => _machine.Model.Asked[^1].Messages.Select(message => ((TextPart)message.Content[^1]).Text.Trim());
}
