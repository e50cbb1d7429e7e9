using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http;
using Streaming.Server.Tests.Http;

namespace Streaming.Server.Tests.Page;

/// <summary>The page in a real browser, before a server whose answers are known.</summary>
public sealed class PageTests : IAsyncLifetime
{
    /// <summary>Of the first load, before compression.</summary>
    private const int MostScript = 200_000;

    private readonly FakeDirectory _directory = new() { Kept = 3 };
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(_directory);
        foreach (string stream in (string[])["door", "gate"])
            await _server.DeclareAsync(stream);
        foreach (WatchSeverity severity in Enum.GetValues<WatchSeverity>())
            _directory.Events.Fire("door", severity);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Page_to_a_reader_shows_streams_answers_with_their_moments_and_events()
    {
        JsonNode seen = await VisitAsync("reader.mjs", $"{_server.Address}", "which car?");
        Assert.Equal(["door", "gate"], Texts(seen["before"]));
        Assert.Equal("a stream needs an rtsp:// url, or a file", (string)seen["refused"]!);
        Assert.Equal(["door", "gate", "yard"], Texts(seen["after"]).Order(StringComparer.Ordinal));
        Assert.Equal("a red car", (string)seen["answer"]!);
        Assert.Contains("read 64 of 768 visual tokens (8.3 %)", (string)seen["cost"]!);
        Assert.Equal(["not seen: camera offline 0:03–0:05"], Texts(seen["gaps"]));
        Assert.Equal("00:01.0 – 00:02.5", (string)seen["cited"]!);
        Assert.Equal("3", (string)seen["moment"]!); // 2.5 s, rounded
        Assert.Contains("09:00:02", (string)seen["time"]!); // of the stream, whose reader is an hour ahead
        Assert.Equal("/v1/streams/door/keyframes/2.jpg", (string)seen["picture"]!);
        Assert.Equal(["1", "1", "1", "1"], Texts(seen["fates"]));
        Assert.Equal(3, (int)seen["events"]!);
        Assert.InRange((int)seen["script"]!, 1, MostScript);
        Assert.True(_directory.Asked!.Sight);
    }

    [Fact]
    public async Task Page_of_a_watch_with_a_webhook_tells_its_secret_once()
    {
        JsonNode seen = await VisitAsync("secret.mjs", $"{_server.Address}", "door", "which car?", "https://example.com/hook/s3cret");
        Assert.Equal(FakeWatches.Secret, (string)seen["secret"]!);
        Assert.Equal(FakeWatches.Secret, (string)seen["copied"]!);
        Assert.Empty(Texts(seen["found"]));
        Assert.Contains("https://example.com", (string)seen["listed"]!);
        Assert.True((bool)seen["isGone"]!);
    }

    [Fact]
    public async Task Page_of_events_misses_none_when_the_line_breaks_shows_what_led_to_each_and_takes_several_at_once()
    {
        _directory.Answer = (request, cancellation) =>
        {
            _directory.Events.Fire("gate");
            return FakeDirectory.RedCar(request, cancellation);
        };
        JsonNode seen = await VisitAsync("events.mjs", $"{_server.Address}", "gate");
        Assert.Equal(["3", "2", "1"], Texts(seen["before"]));
        Assert.Equal(["4", "3", "2", "1"], Texts(seen["after"]));
        Assert.Equal(3, (int)seen["played"]!);
        Assert.Equal(["4"], Texts(seen["open"]));
        Assert.Equal((4, 0), ((int)seen["all"]!, (int)seen["none"]!));
    }

    [Fact]
    public async Task Page_without_a_mouse_can_be_used_and_shows_where_one_is()
    {
        JsonNode seen = await VisitAsync("keyboard.mjs", $"{_server.Address}", "which car?");
        Assert.Equal("Skip to the content", (string)seen["first"]!);
        Assert.Equal("Add a camera", (string)seen["back"]!);
        Assert.Equal(["0", "1", "2", "1"], Texts(seen["moments"]));
        Assert.Empty(Texts(seen["unseen"]));
    }

    [Fact]
    public async Task Page_on_two_screens_by_day_and_by_night_has_no_serious_fault()
    {
        JsonNode seen = await VisitAsync("views.mjs", $"{_server.Address}", "which car?");
        JsonObject found = seen["found"]!.AsObject();
        Assert.Equal(8 * 2 * 2, found.Count);
        Assert.All(found, view => Assert.True(view.Value!.AsArray().Count == 0, $"{view.Key}: {view.Value}"));
    }

    [Fact]
    public async Task Page_of_a_server_with_keys_lets_in_who_has_one_and_shows_what_is_theirs()
    {
        string key = AccessKey.Generate();
        await using RunningServer server = await RunningServer.StartAsync(
            _directory, new HttpSettings { Port = 0 }, [new AccessKey("porter", Role.Viewer, AccessKey.HashOf(key), ["door"], DateTimeOffset.UtcNow, null)]);
        JsonNode seen = await VisitAsync("key.mjs", $"{server.Address}", key);
        Assert.Equal("nobody has this key", (string)seen["refused"]!);
        Assert.Empty(Texts(seen["found"]));
        Assert.Equal(["door"], Texts(seen["streams"]));
        Assert.Equal(0, (int)seen["mayAdd"]!);
        Assert.True((bool)seen["isOut"]!);
    }

    /// <summary>Whatever somebody does, nothing goes wrong in the browser, and nothing is asked for elsewhere.</summary>
    internal static async Task<JsonNode> VisitAsync(string script, params string[] arguments)
    {
        JsonNode seen = await Node.RunAsync(Path.Combine("page", script), arguments);
        foreach (string nothing in (string[])["errors", "elsewhere"])
            Assert.Empty(Texts(seen[nothing]));
        return seen;
    }

    internal static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(text => (string)text!);
}
