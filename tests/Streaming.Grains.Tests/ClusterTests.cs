using Streaming.Contracts;
using Streaming.Server;
using Streaming.Server.Clustering;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;

namespace Streaming.Grains.Tests;

/// <summary>Two machines of a cluster in one process, over a real Redis and one folder.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-cluster-").FullName;
    private readonly RedisServer _redis = new();
    private readonly Camera _camera = new();
    private ClusterMachine _first = null!, _second = null!;

    public async Task InitializeAsync()
    {
        _first = await ClusterMachine.JoinAsync(_folder, _redis.Address, "first");
        _second = await ClusterMachine.JoinAsync(_folder, _redis.Address, "second");
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _camera.Dispose();
        _redis.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Streams_are_spread_over_the_machines_and_any_of_them_answers_about_each()
    {
        await AddAsync(4);
        Assert.Equal((2, 2), (_first.Running.Count, _second.Running.Count));
        Assert.Equal(["cam-0", "cam-1", "cam-2", "cam-3"], (await _second.Directory.StreamsAsync(default)).Select(stream => stream.Name));
        foreach (string name in (string[])[_first.Running[0], _second.Running[0]])
        {
            foreach (ClusterMachine machine in (ClusterMachine[])[_first, _second])
            {
                await machine.UntilAsync(name, stream => stream is { State: StreamState.Running, VisualTokens.Remembered: > 0 });
                AnswerPiece last = await machine.AskAsync(new AskRequest([SourceName.Stream(name)], "Is there anything?"));
                Assert.Equal("yes", last.Answer!.Answer);
                Assert.NotEmpty((await machine.Directory.LivePictureAsync(name, default)).Value!);
                KeyframeDocument keyframe = (await machine.Directory.KeyframesAsync(SourceName.Stream(name), 0, 1, default)).Value!.Keyframes.Single();
                Assert.NotEmpty((await machine.Directory.KeyframePictureAsync(SourceName.Stream(name), keyframe.Number, default)).Value!);
            }
        }
        Assert.Equal(ProblemKind.Taken, (await _second.Directory.AddStreamAsync(new StreamRequest("cam-0", _camera.Url), default)).Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, (await _first.Directory.StreamAsync("nobody", default)).Problem!.Kind);
        Assert.Equal(2, (await _second.Directory.ChangeStreamAsync("cam-0", new StreamPatch(Sampling: 2), default)).Value!.Sampling);
        Assert.Null((await _second.Directory.RemoveStreamAsync("cam-0", default)).Problem);
        Assert.Equal(ProblemKind.NotFound, (await _first.Directory.StreamAsync("cam-0", default)).Problem!.Kind);
    }

    [Fact]
    public async Task Machine_that_leaves_hands_its_streams_over_with_all_that_they_saw()
    {
        await AddAsync(2);
        string name = _first.Running.Single();
        StreamDocument before = await _first.UntilAsync(name, stream => stream.DurableUntil is not null);
        KeyframeDocument oldest = (await _first.Directory.KeyframesAsync(SourceName.Stream(name), 0, 1000, default)).Value!.Keyframes[0];
        string other = _second.Running.Single();
        StreamDocument stays = await _second.UntilAsync(other, stream => stream.State == StreamState.Running);
        await _first.LeaveAsync();
        Assert.Equal(2, _second.Running.Count);
        // The machine that stays goes on with its own stream as if nothing had been: a stream that is opened anew counts its frames anew.
        StreamDocument stayed = (await _second.Directory.StreamAsync(other, default)).Value!;
        Assert.True(stayed.State == StreamState.Running && stayed.Frames.Decoded >= stays.Frames.Decoded, $"{stays} {stayed}");
        StreamDocument after = await _second.UntilAsync(name, stream => stream.State == StreamState.Running && stream.Frames.Kept > before.Frames.Kept);
        Assert.Equal(before.StartedAt, after.StartedAt);
        Assert.Contains(oldest, (await _second.Directory.KeyframesAsync(SourceName.Stream(name), 0, 1000, default)).Value!.Keyframes);
        Assert.NotEmpty((await _second.Directory.KeyframePictureAsync(SourceName.Stream(name), oldest.Number, default)).Value!);
    }

    [Fact]
    public async Task Event_of_a_watch_is_heard_of_and_acknowledged_on_the_other_machine()
    {
        await AddAsync(2);
        string name = _first.Running.Single();
        await using IAsyncEnumerator<AlertDocument> heard = _second.Directory.Watches.FollowAsync(new AlertQuery(), default).GetAsyncEnumerator();
        ValueTask<bool> first = heard.MoveNextAsync();
        Assert.Null((await _second.Directory.Watches.AddAsync(name, new WatchRequest("any", "Is there anything?", EverySeconds: 1, CooldownSeconds: 0), default)).Problem);
        Assert.True(await first.AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        AlertDocument made = heard.Current;
        Assert.Equal((name, "any"), (made.Stream, made.Watch));
        Assert.NotEmpty((await _second.Directory.Watches.PictureAsync(made.Id, default)).Value!);
        Assert.Equal("me", (await _second.Directory.Watches.AcknowledgeAsync(made.Id, new Acknowledgement("me"), default)).Value!.Acknowledged!.By);
        await ClusterMachine.UntilAsync(async () => (await _first.Directory.Watches.EventAsync(made.Id, default)).Value!, seen => seen.Acknowledged?.By == "me");
        await _first.LeaveAsync();
        Assert.Equal("any", (await _second.Directory.Watches.AllAsync(name, default)).Value!.Watches.Single().Name);
        Assert.NotNull((await _second.Directory.Watches.EventAsync(made.Id, default)).Value);
    }

    [Fact]
    public async Task Question_about_streams_of_two_machines_is_answered_out_of_both_and_kept_as_a_turn()
    {
        await AddAsync(2);
        string[] names = [_first.Running.Single(), _second.Running.Single()];
        foreach (string name in names)
            await _first.UntilAsync(name, stream => stream.VisualTokens.Remembered > 0);
        var talk = new ConversationName("shift", "me");
        AnswerPiece last = await _second.AskAsync(new AskRequest([.. names.Select(SourceName.Stream)], "Which camera saw a square?") { Conversation = talk });
        Assert.Equal($"{names[0]}, {names[1]}\n{names[0]}: yes\n{names[1]}: yes", last.Answer!.Answer);
        Assert.Equal(new TurnPlace("shift", 1, Durable: true), last.Answer.Conversation);
        last = await _first.AskAsync(new AskRequest([SourceName.Stream(names[1])], "And now?") { Conversation = talk });
        Assert.Equal(new TurnPlace("shift", 2, Durable: true), last.Answer!.Conversation);
        ConversationDocument kept = await _second.Directory.ConversationAsync(talk, default);
        Assert.Equal([2, 1], kept.Turns.Select(turn => turn.Parts.Count));
    }

    [Fact]
    public async Task What_is_stated_to_streams_of_two_machines_is_noted_of_each_and_the_question_beside_it_answered()
    {
        await AddAsync(2);
        SourceName[] both = [SourceName.Stream(_first.Running.Single()), SourceName.Stream(_second.Running.Single())];
        foreach (SourceName stream in both)
            await _first.UntilAsync(stream.Name, seen => seen.VisualTokens.Remembered > 0);
        var talk = new ConversationName("shift", "me");
        AnswerPiece last = await _second.AskAsync(new AskRequest(both, "The red bike is Ann's. Is there anything?") { Conversation = talk });
        Assert.Equal([$"{both[0].Name}: yes", $"{both[1].Name}: yes"], last.Answer!.Answer.Split('\n').Order());
        last = await _first.AskAsync(new AskRequest(both, "The blue car is Bob's.") { Conversation = talk });
        Assert.Equal(("noted", new TurnPlace("shift", 2, Durable: true)), (last.Answer!.Answer, last.Answer.Conversation));
        foreach (SourceName stream in both)
        {
            string said = string.Join('\n', await _second.Conversations.SaidAsync(stream));
            Assert.Contains("red bike", said);
            Assert.Contains("blue car", said);
        }
    }

    [Fact]
    public async Task Who_is_there_is_told_by_Redis_alone()
    {
        await AddAsync(2);
        string moved = _first.Running.Single();
        await _first.LeaveAsync();
        Assert.Equal("second", await OwnerAsync(moved));
        IReadOnlyList<MachineRow> rows = await Membership.RowsAsync(new ClusterSettings("test", new(System.Net.IPAddress.Loopback, 1), "looker"), _redis.Address);
        Assert.True(rows.Single(row => row.Machine == "second").IsActive);
        Assert.True(rows.Single(row => row.Machine == "first").IsDead);
    }

    private async Task<string?> OwnerAsync(string stream)
    {
        await using RedisLink link = RedisLink.Connect(_redis.Address, TimeSpan.FromSeconds(5));
        return (string?)(StackExchange.Redis.RedisValue)await link.SendAsync("GET", LocalDirectory.OwnerKey(_redis.Address, stream));
    }

    private async Task AddAsync(int streams)
    {
        for (int i = 0; i < streams; i++)
            Assert.Null((await _first.Directory.AddStreamAsync(new StreamRequest($"cam-{i}", _camera.Url, Sampling: 5), default)).Problem);
    }
}
