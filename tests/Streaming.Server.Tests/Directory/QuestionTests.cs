using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Pipelines.Tests;

namespace Streaming.Server.Tests;

public sealed class QuestionTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new();

    [Theory]
    [InlineData("", null, null, "empty")]
    [InlineData("?", 5.0, 2.0, "end")]
    public async Task AskAsync_what_cannot_be_asked_is_a_problem(string question, double? from, double? to, string word)
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        var (_, _, problem) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], question, At(from), At(to)));
        Assert.Equal(ProblemKind.Invalid, problem!.Kind);
        Assert.Contains(word, problem.Detail);
    }

    [Fact]
    public async Task AskAsync_unknown_source_is_not_found()
    {
        Assert.Equal(ProblemKind.NotFound, (await _machine.AskAsync(new AskRequest([SourceName.Stream("gate")], "?"))).Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, (await _machine.AskAsync(new AskRequest([SourceName.File("x")], "?"))).Problem!.Kind);
        Assert.Equal(ProblemKind.Invalid, (await _machine.AskAsync(new AskRequest([], "?"))).Problem!.Kind);
    }

    [Fact]
    public async Task AskAsync_with_sight_tells_every_token_that_was_read_and_its_picture()
    {
        string id = (await _machine.UploadAsync(_machine.Film(8))).Value!.Id;
        await _machine.UntilReadAsync(id);
        var (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?") { Sight = true });
        SightDocument sight = Assert.Single(answer!.Sight!);
        Assert.Equal(($"/v1/files/{id}", 4, 4), (sight.Source, sight.Rows, sight.Columns));
        Assert.Equal(answer.Usage.VisualTokensKept, sight.Frames.Sum(frame => frame.Places.Count));
        Assert.Equal(sight.Frames.Select(frame => frame.Seconds).Order(), sight.Frames.Select(frame => frame.Seconds));
        Assert.All(sight.Frames, frame =>
        {
            Assert.Equal(frame.Places.Distinct().Order(), frame.Places);
            Assert.All(frame.Places, place => Assert.InRange(place, 0, 15));
            Assert.Equal(frame.Places.Count, frame.Weights.Count);
            Assert.All(frame.Weights, weight => Assert.True(weight >= 1));
            Assert.StartsWith($"/v1/files/{id}/keyframes/", frame.Picture);
        });
        Assert.Null((await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?"))).Answer!.Sight);
    }

    [Fact]
    public async Task AskAsync_for_detail_tells_which_parts_of_which_pictures_were_looked_at_again()
    {
        string id = (await _machine.UploadAsync(_machine.Film(8))).Value!.Id;
        await _machine.UntilReadAsync(id);
        AnswerDocument whole = (await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?"))).Answer!;
        AnswerDocument close = (await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?") { Detail = true, Sight = true })).Answer!;
        Assert.Null(whole.Detail);
        Assert.Equal([(0, 0, 0.5), (0.5, 0, 0.5), (0, 0.5, 0.5), (0.5, 0.5, 0.5)], close.Detail!.Select(part => (part.Left, part.Top, part.Width)));
        Assert.InRange(Assert.Single(close.Detail!.Select(part => part.Seconds).Distinct()), 7, 8); // The newest picture, which showed nothing new.
        Assert.Equal(whole.Usage.VisualTokensKept + (4 * 16), close.Usage.VisualTokensKept);
    }

    [Fact]
    public async Task AskAsync_nothing_after_the_moment_asked_about_is_cited()
    {
        string id = (await _machine.UploadAsync(_machine.Film(8))).Value!.Id;
        await _machine.UntilReadAsync(id);
        var (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?", At(2), At(-3)));
        CitationDocument citation = Assert.Single(answer!.Citations);
        Assert.InRange(citation.StartSeconds, 2, 5);
        Assert.InRange(citation.EndSeconds, 2, 5);
        var (text, nothing, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?", At(100)));
        Assert.Equal(("nothing seen yet", null), (text, nothing!.Model));
        Assert.Equal(ProblemKind.Invalid, (await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?", Moment.On(DateTimeOffset.UtcNow)))).Problem!.Kind);
    }

    [Theory]
    [InlineData("magic", null, "policy has to be one of")]
    [InlineData("holitom", null, "policy has to be one of")]
    [InlineData("divprune", 2.0, "retain")]
    [InlineData(null, 0.5, "retain needs a policy")]
    [InlineData("recovery", null, "reads words")]
    public async Task AskAsync_by_a_policy_that_cannot_be_is_a_problem(string? policy, double? retain, string word)
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        var (_, _, problem) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "what?", Policy: policy, Retain: retain));
        Assert.Equal(ProblemKind.Invalid, problem!.Kind);
        Assert.Contains(word, problem.Detail);
    }

    [Fact]
    public async Task AskAsync_by_a_policy_reads_its_share_and_memory_stays_as_it_is()
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        await _machine.UntilReadAsync(id);
        var question = new AskRequest([SourceName.File(id)], "what?");
        int all = (await _machine.AskAsync(question)).Answer!.Usage.VisualTokensKept;
        int few = (await _machine.AskAsync(question with { Policy = "divprune", Retain = 0.25 })).Answer!.Usage.VisualTokensKept;
        Assert.Equal((int)Math.Round(all * 0.25), few);
        Assert.Equal(all, (await _machine.AskAsync(question)).Answer!.Usage.VisualTokensKept);
    }

    [Fact]
    public async Task AskAsync_too_many_at_once_are_told_to_come_again()
    {
        _machine.Settings = new Settings { Questions = 1 };
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        await _machine.UntilReadAsync(id);
        var question = new AskRequest([SourceName.File(id)], "what?");
        await using (var first = (await _machine.OpenAsync()).AskAsync(question, default).GetAsyncEnumerator())
        {
            Assert.True(await first.MoveNextAsync());
            Assert.Equal(ProblemKind.Busy, (await _machine.AskAsync(question)).Problem!.Kind);
        }
        Assert.Null((await _machine.AskAsync(question)).Problem);
    }

    [Fact]
    public async Task AskAsync_whoever_stops_listening_stops_the_model()
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        await _machine.UntilReadAsync(id);
        var stopped = new TaskCompletionSource();
        _machine.Model.Holding = async cancellation =>
        {
            await using var registration = cancellation.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        await using (var pieces = (await _machine.OpenAsync()).AskAsync(new AskRequest([SourceName.File(id)], "what?"), default).GetAsyncEnumerator())
            Assert.True(await pieces.MoveNextAsync());
        await stopped.Task;
    }

    [Fact]
    public async Task AskAsync_model_that_hangs_is_a_problem_for_everybody_until_it_answers_again()
    {
        var limits = new InferenceLimits();
        var clock = new ManualClock();
        await using var machine = new LocalMachine { Queue = new InferenceQueue(limits, clock) };
        string id = (await machine.UploadAsync(machine.Film())).Value!.Id;
        await machine.UntilReadAsync(id);
        LocalDirectory directory = await machine.OpenAsync();
        var question = new AskRequest([SourceName.File(id)], "what?");
        var hanging = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        machine.Model.Holding = _ =>
        {
            asked.TrySetResult();
            return hanging.Task;
        };

        Task<(string, AnswerDocument?, Problem? Problem)> first = machine.AskAsync(question);
        await asked.Task;
        clock.Advance(limits.Run);
        while (await clock.NextWaitAsync() != limits.Grace)
        {
        }
        clock.Advance(limits.Grace);
        Assert.Equal(ProblemKind.Unavailable, (await first).Problem!.Kind);
        Assert.Equal(ProblemKind.Unavailable, (await machine.AskAsync(question)).Problem!.Kind);
        Assert.Contains("hangs", directory.Trouble);
        await directory.AddStreamAsync(new StreamRequest("gate", "rtsp://127.0.0.1:9/cam"), default);
        Assert.Contains("hangs", Assert.Single((await directory.StreamAsync("gate", default)).Value!.Notes));

        machine.Model.Holding = null;
        hanging.SetResult();
        await LocalMachine.UntilAsync(() => Task.FromResult(directory.Trouble ?? "none"), trouble => trouble == "none");
        Assert.Equal("yes", (await machine.AskAsync(question)).Answer!.Answer);
    }

    [Fact]
    public async Task AskAsync_capped_answer_is_cut_and_several_sources_share_the_cap()
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id, other = (await _machine.UploadAsync(_machine.Film(3, "other.mp4"))).Value!.Id;
        await _machine.UntilReadAsync(id);
        await _machine.UntilReadAsync(other);
        LocalDirectory directory = await _machine.OpenAsync();
        Assert.True(await IsCutAsync(directory, new AskRequest([SourceName.File(id)], "what?", MaxTokens: 2)));
        Assert.False(await IsCutAsync(directory, new AskRequest([SourceName.File(id)], "what?", MaxTokens: 50)));
        Assert.True(await IsCutAsync(directory, new AskRequest([SourceName.File(id), SourceName.File(other)], "what?", MaxTokens: 7)));
        Assert.Equal([2, 50, 3, 3], _machine.Model.Limits.Select(limits => limits.MaxNewTokens));
        var (_, _, problem) = await _machine.AskAsync(new AskRequest([SourceName.File(id), SourceName.File(other)], "what?", MaxTokens: 1));
        Assert.Equal(ProblemKind.Invalid, problem!.Kind);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();

    private static async Task<bool> IsCutAsync(LocalDirectory directory, AskRequest request)
    {
        bool isCut = false;
        await foreach (AnswerPiece piece in directory.AskAsync(request, default))
            isCut |= piece.IsCut;
        return isCut;
    }

    private static Moment? At(double? seconds) => seconds is { } value ? Moment.Since(TimeSpan.FromSeconds(value)) : null;
}
