using System.Net;
using Streaming.Contracts;
using Streaming.Models;

namespace Streaming.Server.Tests.Watches;

public sealed class WatchTests : IAsyncLifetime
{
    private const string NobodyThere = "rtsp://127.0.0.1:9/cam";

    private readonly LocalMachine _machine = new() { Settings = new Settings { Egress = [IPNetwork.Parse("127.0.0.0/8")] } };

    [Fact]
    public async Task Watch_answer_that_holds_is_one_event_with_evidence_that_outlasts_a_restart()
    {
        string id = (await _machine.UploadAsync(_machine.Film(4))).Value!.Id;
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id), default);
        int port = Ports.Free();
        using var told = new Receiver(port);
        WatchDocument added = (await directory.Watches.AddAsync("film", new WatchRequest(
            "square", "Is there a square?", EverySeconds: 1, CooldownSeconds: 0, Severity: WatchSeverity.Critical, Confirm: "Is it white?", Webhook: new WebhookRequest($"http://127.0.0.1:{port}/hook?key=secret")), default)).Value!;
        Assert.StartsWith("whsec_", added.Webhook!.Secret);
        await directory.Watches.AddAsync("film", new WatchRequest("other", "Is there a circle?", FiresOn: "no", EverySeconds: 1), default);

        AlertDocument alert = await FirstAsync(directory.Watches.FollowAsync(new AlertQuery(After: 0), default));
        Assert.Equal(("film", "square", WatchSeverity.Critical, "yes", "scripted"), (alert.Stream, alert.Watch, alert.Severity, alert.Answer, alert.Model));
        Assert.NotEmpty(alert.Keyframes);
        Assert.Equal($"/v1/events/{alert.Id}/picture.jpg", alert.Picture);
        Assert.Equal([0xFF, 0xD8], (await directory.Watches.PictureAsync(alert.Id, default)).Value![..2]);
        Assert.Equal($"evt_{alert.Id}", (await told.NextAsync()).Id);
        await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        // Whoever ends before the receiver's answer has come sends the event once more.
        await LocalMachine.UntilAsync(async () => (await directory.Watches.EventAsync(alert.Id, default)).Value!, fired => fired.Delivery.State == DeliveryState.Delivered);
        await _machine.CloseAsync();

        directory = await _machine.OpenAsync();
        WatchDocument again = (await directory.Watches.FindAsync("film", "square", default)).Value!;
        Assert.Equal((true, alert.Id, null), (again.IsUnderWay, again.LastEvent, again.Webhook!.Secret));
        Assert.Equal($"http://127.0.0.1:{port}", again.Webhook.Address);
        AlertDocument kept = Assert.Single((await directory.Watches.EventsAsync(new AlertQuery(), default)).Events);
        Assert.Equal((alert.Id, DeliveryState.Delivered, 1), (kept.Id, kept.Delivery.State, kept.Delivery.Tries));
        Assert.Equal("ann", (await directory.Watches.AcknowledgeAsync(kept.Id, new Acknowledgement("ann"), default)).Value!.Acknowledged!.By);

        BacktestDocument test = (await directory.Watches.BacktestAsync("film", new WatchRequest(null, "Is there a square?", EverySeconds: 1), default)).Value!;
        Assert.True(test.IsWhole);
        Assert.Equal((test.Asked, 1), (test.Held, test.Events.Count));
        Assert.InRange(test.Asked, 3, 5);

        await directory.RemoveStreamAsync("film", default);
        Assert.Empty((await directory.Watches.EventsAsync(new AlertQuery(), default)).Events);
        Assert.Equal(ProblemKind.NotFound, (await directory.Watches.FindAsync("film", "square", default)).Problem!.Kind);
    }

    [Fact]
    public async Task Watch_of_one_round_are_asked_about_the_same_pictures()
    {
        string id = (await _machine.UploadAsync(_machine.Film(4))).Value!.Id;
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id), default);
        foreach (string name in (string[])["a", "b", "c"])
            await directory.Watches.AddAsync("film", new WatchRequest(name, $"Is there {name}?", EverySeconds: 1), default);
        await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        await _machine.CloseAsync();
        int before = _machine.Model.Asked.Count;

        // All are there from the start now, and the stream stands still: one round it is.
        directory = await _machine.OpenAsync();
        await LocalMachine.UntilAsync(async () => (await directory.Watches.AllAsync("film", default)).Value!, all => all.Watches.All(watch => watch.Asked == 1));
        await _machine.CloseAsync();
        Prompt[] round = [.. _machine.Model.Asked.Skip(before)];
        Assert.Equal(["a", "b", "c"], round.Select(prompt => WordsOf(prompt).Trim()[^2..^1]));
        Assert.Single(round.Select(prompt => prompt.Prefix!.Digest).Distinct());
        Assert.Single(round.Select(prompt => string.Join(' ', FramesOf(prompt).Select(frame => frame.Origins.Span[0].Time))).Distinct());
    }

    [Theory]
    [InlineData("", "question")]
    [InlineData("a/b", "name")]
    [InlineData("..", "name")]
    public async Task AddAsync_name_or_question_that_cannot_be_is_refused(string name, string word)
    {
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default);
        Problem problem = (await directory.Watches.AddAsync("gate", new WatchRequest(name.Length == 0 ? "w" : name, name.Length == 0 ? " " : "Is it?"), default)).Problem!;
        Assert.Equal(ProblemKind.Invalid, problem.Kind);
        Assert.StartsWith(word, problem.Detail);
    }

    [Fact]
    public async Task AddAsync_numbers_that_cannot_be_meant_are_refused_by_name()
    {
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default);
        var good = new WatchRequest("w", "Is it?");
        (WatchRequest Request, string Word)[] bad =
        [
            (good with { EverySeconds = 0 }, "every_seconds"), (good with { EverySeconds = double.NaN }, "every_seconds"), (good with { EverySeconds = 1e9 }, "every_seconds"), (good with { WindowSeconds = -1 }, "window_seconds"), (good with { WindowSeconds = 601 }, "window_seconds"),
            (good with { CooldownSeconds = -1 }, "cooldown_seconds"), (good with { Of = 0 }, "of"), (good with { Of = 101 }, "of"), (good with { Needed = 0 }, "needed"), (good with { Needed = 3, Of = 2 }, "needed"),
            (good with { FiresOn = "?!" }, "fires_on"), (good with { FiresOn = new string('x', 101) }, "fires_on"), (good with { Confirm = " " }, "confirm"), (good with { Question = new string('q', 5000) }, "question"),
            (good with { Webhook = new WebhookRequest("http://192.168.0.1/") }, "webhook.url"), (good with { Webhook = new WebhookRequest("https://a.example", "x") }, "webhook.secret"),
        ];
        foreach ((WatchRequest request, string word) in bad)
        {
            Problem problem = (await directory.Watches.AddAsync("gate", request, default)).Problem!;
            Assert.Equal(ProblemKind.Invalid, problem.Kind);
            Assert.StartsWith(word, problem.Detail);
        }
        Assert.Equal(ProblemKind.NotFound, (await directory.Watches.AddAsync("yard", good, default)).Problem!.Kind);
        Assert.Null((await directory.Watches.AddAsync("gate", good with { Of = 3 }, default)).Problem);
        Assert.Equal(ProblemKind.Taken, (await directory.Watches.AddAsync("gate", good, default)).Problem!.Kind);
        Assert.Equal(ProblemKind.Invalid, (await directory.Watches.ChangeAsync("gate", "w", new WatchPatch(Needed: 4), default)).Problem!.Kind);
        Assert.Equal(3, (await directory.Watches.ChangeAsync("gate", "w", new WatchPatch(Needed: 3), default)).Value!.Needed);
        Assert.Null((await directory.Watches.RemoveAsync("gate", "w", default)).Problem);
        Assert.Empty((await directory.Watches.AllAsync("gate", default)).Value!.Watches);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();

    private static async Task<AlertDocument> FirstAsync(IAsyncEnumerable<AlertDocument> alerts)
    {
        await foreach (AlertDocument alert in alerts)
            return alert;
        throw new InvalidOperationException("there was none");
    }

    private static string WordsOf(Prompt prompt) => prompt.Messages[^1].Content.OfType<TextPart>().Last().Text;

    private static IEnumerable<VisualTokens> FramesOf(Prompt prompt) => prompt.Messages.SelectMany(message => message.Content).OfType<VisualPart>().Select(part => part.Tokens);
}
