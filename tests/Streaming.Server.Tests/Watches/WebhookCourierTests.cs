using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Pipelines.Tests;
using Streaming.Server.Alerts;
using Streaming.Server.Egress;
using Streaming.Server.Watches;
using Streaming.Server.Webhooks;

namespace Streaming.Server.Tests.Watches;

public sealed class WebhookCourierTests : IAsyncLifetime
{
    /// <summary>Told apart from all waits between tries.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(77);

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-webhooks-").FullName;
    private readonly ManualClock _clock = new();
    private readonly WatchMetrics _metrics = new(() => 0);
    private readonly int _port = Ports.Free();
    private AlertLog _log = null!;
    private WebhookCourier _courier = null!;

    [Fact]
    public async Task Courier_receiver_that_fails_in_every_way_gets_the_event_in_the_end()
    {
        int?[] answers = [500, 302, null, 429, 204];
        using var receiver = new Receiver(_port) { Answer = count => answers[count] };
        _log.Append(AlertLogTests.Alert("door"), null, hasWebhook: true);
        var posts = new List<Receiver.Post>();
        foreach (int? answer in answers)
        {
            posts.Add(await receiver.NextAsync());
            if (answer is null)
                _clock.Advance(Timeout);
            if (answer is not 204)
                _clock.Advance(await NextPauseAsync());
        }
        await UntilAsync(1, DeliveryState.Delivered);
        Assert.Equal(5, _log.Find(1)!.Delivery.Tries);
        Assert.All(posts, post => Assert.Equal(("evt_1", posts[0].Body), (post.Id, post.Body)));
        JsonNode message = JsonNode.Parse(posts[0].Body)!;
        Assert.Equal(("watch.fired", "1", "door"), ((string)message["type"]!, (string)message["data"]!["id"]!, (string)message["data"]!["stream"]!));
        Assert.All(posts, post => Assert.Equal(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{post.Id}.{post.Timestamp}.{post.Body}"))), post.Signature));
        Assert.True(long.Parse(posts[^1].Timestamp) >= long.Parse(posts[0].Timestamp) + Timeout.TotalSeconds);
    }

    [Fact]
    public async Task Courier_receiver_that_is_away_for_an_hour_gets_all_events_in_order()
    {
        for (int i = 0; i < 3; i++)
            _log.Append(AlertLogTests.Alert("door", i == 1 ? "other" : "w"), null, hasWebhook: true);
        while (_clock.GetUtcNow() - ManualClock.Start < TimeSpan.FromHours(1))
        {
            TimeSpan pause = await NextPauseAsync();
            Assert.InRange(pause, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5));
            _clock.Advance(pause);
        }
        TimeSpan last = await NextPauseAsync();
        using var receiver = new Receiver(_port);
        _clock.Advance(last);
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal($"evt_{i}", (await receiver.NextAsync()).Id);
            await UntilAsync(i, DeliveryState.Delivered);
        }
    }

    [Fact]
    public async Task Courier_event_that_nobody_takes_ends_in_the_dead_letter_and_can_be_sent_again()
    {
        _log.Append(AlertLogTests.Alert("door"), null, hasWebhook: true);
        TimeSpan pause = await NextPauseAsync();
        _clock.Advance(TimeSpan.FromHours(7) + pause);
        await UntilAsync(1, DeliveryState.Dead);
        Assert.Contains("cannot be reached", _log.Find(1)!.Delivery.Problem);
        using var receiver = new Receiver(_port);
        _log.Change(1, stored => stored with { Delivery = new Delivery(DeliveryState.Pending, Since: _clock.GetUtcNow()) });
        Assert.Equal("evt_1", (await receiver.NextAsync()).Id);
        await UntilAsync(1, DeliveryState.Delivered);
    }

    [Fact]
    public async Task Courier_that_is_killed_sends_what_was_pending_after_the_next_start()
    {
        _log.Append(AlertLogTests.Alert("door"), null, hasWebhook: true);
        await NextPauseAsync();
        await CloseAsync();
        using var receiver = new Receiver(_port);
        Open();
        Assert.Equal("evt_1", (await receiver.NextAsync()).Id);
        await UntilAsync(1, DeliveryState.Delivered);
        await CloseAsync();
        Open();
        _log.Append(AlertLogTests.Alert("door"), null, hasWebhook: true);
        Assert.Equal("evt_2", (await receiver.NextAsync()).Id);
    }

    [Fact]
    public async Task Courier_event_of_a_watch_without_a_webhook_any_more_is_dead()
    {
        _log.Append(AlertLogTests.Alert("door", "gone"), null, hasWebhook: true);
        await UntilAsync(1, DeliveryState.Dead);
    }

    [Fact]
    public async Task Courier_address_that_is_not_public_is_refused_and_told_why()
    {
        _log.Append(AlertLogTests.Alert("door", "inside"), null, hasWebhook: true);
        await NextPauseAsync();
        Assert.Contains("not public", _log.Find(1)!.Delivery.Problem);
    }

    [Theory]
    [InlineData(null, null, "url is missing")]
    [InlineData("http://127.0.0.1:9999/", null, null)]
    [InlineData("http://10.0.0.1/", null, "not public")]
    [InlineData("https://hooks.example.com/", "short", "secret")]
    [InlineData("https://hooks.example.com/", "whsec_AAAA", "secret")]
    [InlineData("https://hooks.example.com/", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null)]
    public void Webhook_that_cannot_be_is_refused(string? url, string? secret, string? word)
    {
        Problem? problem = Webhook.Refuse(new WebhookRequest(url, secret), new EgressRules([IPNetwork.Parse("127.0.0.0/8")]));
        Assert.Equal(word is null, problem is null);
        Assert.Contains(word ?? "", problem?.Detail ?? "");
    }

    public Task InitializeAsync()
    {
        Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await CloseAsync();
        _metrics.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private void Open()
    {
        _log = new AlertLog(_folder, new AlertRetention(TimeSpan.FromDays(30), 1 << 20), _clock, _ => { });
        _courier = new WebhookCourier(
            _log, _ => true, WebhookOf, new EgressGuard(new EgressRules([IPNetwork.Parse("127.0.0.0/8")])), _clock,
            new WebhookOptions { Timeout = Timeout, GiveUpAfter = TimeSpan.FromHours(6) }, _metrics, _ => { });
        _courier.Start();
    }

    private async Task CloseAsync()
    {
        await _courier.DisposeAsync();
        _log.Dispose();
    }

    private Webhook? WebhookOf(string stream, string watch) => watch switch
    {
        "gone" => null,
        "inside" => new Webhook("http://192.168.0.1/", "whsec_" + Convert.ToBase64String(Key)),
        _ => new Webhook($"http://127.0.0.1:{_port}/{stream}", "whsec_" + Convert.ToBase64String(Key)),
    };

    /// <summary>How long the next try is waited for.</summary>
    private async Task<TimeSpan> NextPauseAsync()
    {
        TimeSpan pause;
        do
            pause = await _clock.NextWaitAsync();
        while (pause == Timeout);
        return pause;
    }

    private async Task UntilAsync(long number, DeliveryState state)
    {
        while (true)
        {
            Task changed = _log.Changed;
            if (_log.Find(number)!.Delivery.State == state)
                return;
            await changed;
        }
    }
}
